"""The citizens' map: every open complaint, as finely as the public is told."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from central.complaints.models import Complaint
from central.desks.cards import public_rows
from central.desks.city_map import LISTED, MARKS_AT_MOST, SHAPES
from central.desks.frame import public_frame
from central.desks.publicity import public_code, public_complaints, public_place
from central.desks.report_form import KINDS
from central.desks.words import SEVERITIES
from central.feed.reading import latest_id
from central.incidents.kinds import Kind
from central.security.headers import content_security_policy
from central.tiles import origin


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The map and, newest first, the list beside it."""
    position = latest_id()
    newest = _open().order_by("-opened", "-pk")
    listed = Paginator(newest, LISTED).get_page(request.GET.get("page"))
    context = {
        "position": position,
        "page": listed,
        "rows": public_rows(listed),
        "shapes": [(kind, SHAPES[kind], kind.label) for kind in KINDS],
        "shape_of": SHAPES,
        "severities": SEVERITIES.items(),
        "tiles": settings.TILES,
        "tiles_credit": settings.TILES_CREDIT,
    }
    response = render(request, "desks/open_map.html", context)
    response.headers["Content-Security-Policy"] = content_security_policy(origin(settings.TILES))
    return response


@require_safe
@gzip_page  # nothing secret is in it
def marks(_request: HttpRequest) -> JsonResponse:
    """The open complaints that have a place, the worst last so that they lie on top; and the frame of all cameras."""
    placed = _open().filter(lat__isnull=False, lon__isnull=False)
    worst = list(placed.order_by("-severity", "-opened", "pk")[:MARKS_AT_MOST])
    return JsonResponse(
        {
            "marks": [_mark(complaint) for complaint in reversed(worst)],
            "left_out": _open().count() - len(worst),
            "frame": public_frame(),
        }
    )


def _open():
    """A camera's fault is the city's own affair."""
    return public_complaints().filter(ended__isnull=True).exclude(kind=Kind.CAMERA_FAULT)


def _mark(complaint: Complaint) -> dict[str, object]:
    place = public_place(complaint)
    return {
        "id": public_code(complaint),
        "kind": complaint.kind,
        "severity": complaint.severity,
        "lat": place.lat,
        "lon": place.lon,
        "place": place.name or "–",
        "new": False,
    }
