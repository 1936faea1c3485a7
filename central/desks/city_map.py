"""The operators' map: where every open incident is, and the same as a list."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor
from central.desks.access import OPERATORS, only
from central.desks.cards import card_incidents, incident_cards, where
from central.desks.frame import frame_of_the_city
from central.desks.live.stream import missed
from central.desks.words import SEVERITIES
from central.feed.models import Change
from central.feed.reading import latest_id
from central.incidents.kinds import Kind
from central.incidents.models import Decision, Incident
from central.incidents.policies import kinds_that_ask
from central.security.headers import content_security_policy
from central.tiles import origin

MARKS_AT_MOST = 4000
CHANGES_AT_MOST = 500
"""More, and the browser is told everything."""
LISTED = 50
PLACED = Q(lat__isnull=False, lon__isnull=False)

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
    standing = card_incidents(_standing()).order_by("-severity", "-began", "pk")
    listed = Paginator(standing, LISTED).get_page(request.GET.get("page"))
    context = {
        "position": position,
        "page": listed,
        "cards": incident_cards(list(listed), kinds_that_ask()),
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
def marks(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """The open incidents that have a place, the worst last so that they lie on top; and the frame of all cameras.

    With `since`, a position that an earlier answer gave, only what has changed after it, if that is little.
    """
    position = latest_id()
    standing = _standing()
    counted = standing.aggregate(all=Count("pk"), placed=Count("pk", filter=PLACED))
    changed = None if counted["placed"] > MARKS_AT_MOST else _changed(request.GET.get("since", ""))
    told: dict[str, object] = {"position": position, "left_out": counted["all"] - min(counted["placed"], MARKS_AT_MOST)}
    if changed is None:
        told |= {"whole": True, "marks": list(reversed(_marks(standing))), "frame": frame_of_the_city()}
    else:
        shown = _marks(standing.filter(pk__in=changed))
        told |= {"whole": False, "marks": shown, "gone": sorted(changed - {mark["id"] for mark in shown})}
    return JsonResponse(told, json_dumps_params={"separators": (",", ":")})


def _standing() -> QuerySet[Incident]:
    return Incident.objects.filter(state__in=Incident.OPEN_STATES)


def _changed(since: str) -> set[int] | None:
    """Incidents that changed after a position of the feed; None: everything must be told."""
    if not (since.isascii() and since.isdigit() and len(since) < 19):
        return None
    signals = missed(int(since), CHANGES_AT_MOST)
    if signals is None:
        return None
    return {int(signal.ref) for signal in signals if signal.topic == Change.Topic.INCIDENT}


def _marks(standing: QuerySet[Incident]) -> list[dict[str, Any]]:
    """The worst first; by values, for making four thousand objects takes longer than finding them."""
    looked_at = Exists(Decision.objects.filter(incident=OuterRef("pk")))
    rows = (
        standing.filter(PLACED)
        .annotate(looked_at=looked_at)
        .order_by("-severity", "-began", "pk")
        .values_list(
            "pk", "kind", "severity", "lat", "lon", "place", "state", "looked_at", "camera__name", "camera__code"
        )
    )
    return [
        {
            "id": pk,
            "kind": kind,
            "severity": severity,
            "lat": lat,
            "lon": lon,
            "place": where(place, camera or code, lat, lon),
            "new": state != Incident.State.SUPPRESSED and not is_looked_at,
        }
        for pk, kind, severity, lat, lon, place, state, is_looked_at, camera, code in rows[:MARKS_AT_MOST]
    ]
