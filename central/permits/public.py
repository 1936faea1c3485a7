"""Where selling is lawful, for everybody: the map, the list, and both as GeoJSON."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from central.desks.frame import public_frame
from central.permits.outlines import collection
from central.permits.standings import Stage, in_force, narrowed, rows
from central.security.headers import content_security_policy
from central.tiles import origin

PAGE = 30


@require_safe
def legal_places(request: HttpRequest) -> HttpResponse:
    """Those that hold today, by name."""
    now, typed = timezone.now(), request.GET.get("q", "").strip()[:80]
    page = Paginator(narrowed(in_force(now), typed).order_by("name", "sk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [row for row in rows(page, now) if row.stage in {Stage.VALID, Stage.ENDING}],
        "typed": typed,
        "query": f"{urlencode({'q': typed})}&" if typed else "",
        "frame": public_frame(),
        "tiles": settings.TILES,
        "tiles_credit": settings.TILES_CREDIT,
    }
    response = render(request, "permits/legal_places.html", context)
    response.headers["Content-Security-Policy"] = content_security_policy(origin(settings.TILES))
    return response


@require_safe
@gzip_page  # nothing secret is in it
def outlines(_request: HttpRequest) -> HttpResponse:
    """The same as a FeatureCollection."""
    now = timezone.now()
    held = [row for row in rows(in_force(now), now) if row.stage in {Stage.VALID, Stage.ENDING}]
    return JsonResponse(collection(held), content_type="application/geo+json")
