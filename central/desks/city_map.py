"""The operators' map: where every open incident is, and the same as a list."""

from collections.abc import Mapping

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor
from central.boxes.models import Camera
from central.desks.access import OPERATORS, only
from central.desks.cards import incident_cards, where_is
from central.desks.words import SEVERITIES
from central.feed.reading import latest_id
from central.incidents.kinds import Kind
from central.incidents.models import Incident
from central.security.headers import content_security_policy
from central.tiles import origin

MARKS_AT_MOST = 4000
LISTED = 50

SHAPES: Mapping[str, str] = {
    Kind.JAM: "M-9 0A9 9 0 1 1 9 0A9 9 0 1 1-9 0Z",
    Kind.FLOOD: "M0-11C4-5 8-1 8 3A8 8 0 0 1-8 3C-8-1-4-5 0-11Z",
    Kind.VENDING: "M-8-8H8V8H-8Z",
    Kind.PARKING: "M0-11 11 0 0 11-11 0Z",
    Kind.CAMERA_FAULT: "M0-10 10 8H-10Z",
}
"""Outline of each kind's mark, as an SVG path around (0, 0): kinds are told apart without colour."""


@require_safe
@only(*OPERATORS)
def page(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """The map and, worst first, the list beside it."""
    position = latest_id()
    standing = _standing().prefetch_related("complaints__agency", "decisions").order_by("-severity", "-began", "pk")
    listed = Paginator(standing, LISTED).get_page(request.GET.get("page"))
    context = {
        "position": position,
        "page": listed,
        "cards": incident_cards(list(listed)),
        "shapes": [(kind, SHAPES[kind], kind.label) for kind in Kind],
        "shape_of": SHAPES,
        "severities": SEVERITIES.items(),
        "tiles": settings.TILES,
        "tiles_credit": settings.TILES_CREDIT,
    }
    response = render(request, "desks/map.html", context)
    response.headers["Content-Security-Policy"] = content_security_policy(origin(settings.TILES))
    return response


@require_safe
@gzip_page  # nothing secret is in it that a guess could be compared with
@only(*OPERATORS)
def marks(_request: HttpRequest, _actor: Actor) -> HttpResponse:
    """The open incidents that have a place, the worst last so that they lie on top; and the frame of all cameras."""
    standing = _standing()
    placed = standing.filter(lat__isnull=False, lon__isnull=False)
    worst = list(placed.prefetch_related("decisions").order_by("-severity", "-began", "pk")[:MARKS_AT_MOST])
    frame = Camera.objects.aggregate(s=Min("lat"), w=Min("lon"), n=Max("lat"), e=Max("lon"))
    known = None not in frame.values()
    return JsonResponse(
        {
            "marks": [_mark(incident) for incident in reversed(worst)],
            "left_out": standing.count() - len(worst),
            "frame": [[frame["s"], frame["w"]], [frame["n"], frame["e"]]] if known else None,
        }
    )


def _standing() -> QuerySet[Incident]:
    return Incident.objects.filter(state__in=Incident.OPEN_STATES).select_related("camera__box")


def _mark(incident: Incident) -> dict[str, object]:
    return {
        "id": incident.pk,
        "kind": incident.kind,
        "severity": incident.severity,
        "lat": incident.lat,
        "lon": incident.lon,
        "place": where_is(incident),
        "new": incident.state != Incident.State.SUPPRESSED and not incident.decisions.all(),
    }
