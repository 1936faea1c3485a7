"""Forms for strangers: they need no cookie, so that other sites are told by the headers that browsers add."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt


def from_here(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuses what a browser sends on behalf of another site's page. For views that a login gives no right in.

    Raises (from the view): PermissionDenied.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and is_from_elsewhere(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser names another origin; what names none is no browser's cross-site form."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()
