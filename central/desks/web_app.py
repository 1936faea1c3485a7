"""The citizens' pages as an app on a telephone: manifest, icons, and a service worker that knows one page offline."""

import io
from functools import lru_cache
from math import cos, radians, sin

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw

ICON_SIZES = (180, 192, 512)
BRAND, WHITE, ACCENT = "#0b4f5c", "#ffffff", "#ffb62e"
A_DAY_S = 24 * 3600


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """W3C web application manifest."""
    pngs = [
        {"src": reverse("app-icon", args=[size]), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    content = {
        "id": "/",
        "name": _("Sigap: reports and complaints"),
        "short_name": "Sigap",
        "description": _("Report a problem in the city and follow it to its end."),
        "lang": get_language(),
        "start_url": reverse("start"),
        "scope": "/",
        "display": "standalone",
        "background_color": BRAND,
        "theme_color": BRAND,
        "icons": [{"src": static("desks/mark.svg"), "sizes": "any", "type": "image/svg+xml"}, *pngs],
        "shortcuts": [{"name": _("Report a problem"), "url": reverse("report-form")}],
    }
    response = JsonResponse(content, content_type="application/manifest+json")
    response.headers["Cache-Control"] = f"max-age={A_DAY_S}"
    return response


@require_safe
def icon(_request: HttpRequest, size: int) -> HttpResponse:
    """The mark as a PNG, to its edges, so that systems may cut it to their own shape."""
    if size not in ICON_SIZES:
        raise Http404
    response = HttpResponse(drawn(size), content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={A_DAY_S}"
    return response


@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """From the root, because a worker's reach is the folder that it comes from."""
    path = finders.find("desks/worker.js")
    assert isinstance(path, str)
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 — a finder's path
        response = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the worker shows without a connection."""
    return render(request, "desks/offline.html")


@lru_cache(maxsize=len(ICON_SIZES))
def drawn(size: int) -> bytes:
    """desks/mark.svg, drawn four times as large and made smaller."""
    scale = size * 4 / 64
    picture = Image.new("RGB", (size * 4, size * 4), BRAND)
    pen = ImageDraw.Draw(picture)
    # The ring of the SVG: around (32, 32) with radius 22, from the upper right, clockwise, to just before it.
    ring = [(32 + 22 * cos(radians(angle)), 32 + 22 * sin(radians(angle))) for angle in range(-21, 296)]
    for line, colour, width in ((ring, WHITE, 5.5), ([(20.5, 32.5), (30, 42), (53, 15.5)], ACCENT, 6.5)):
        points = [(x * scale, y * scale) for x, y in line]
        pen.line(points, fill=colour, width=round(width * scale), joint="curve")
        for x, y in (points[0], points[-1], points[len(points) // 2]):
            half = width * scale / 2
            pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)
    written = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()
