"""Which citizen this is, as far as that matters: one device is told from another, nobody is known."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from central.reports import limits
from central.reports.limits import Limit

COOKIE = "device"
COOKIE_AGE_S = 30 * 24 * 3600
_DEVICE = re.compile(r"[A-Za-z0-9_-]{22}")


def with_device(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives the browser a random name with the form, so that what it sends again is known to be the same."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not _device_of(request):
            response.set_cookie(
                COOKIE,
                secrets.token_urlsafe(16),
                max_age=COOKIE_AGE_S,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    return answered


def sender_of(request: HttpRequest) -> str:
    """The device; of one that keeps no cookies a keyed hash of its address and browser."""
    if device := _device_of(request):
        return f"device:{device}"
    said = f"{_network(request)} {request.headers.get('User-Agent', '')}".encode()
    return f"browser:{hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()[:32]}"


def count(request: HttpRequest, now: datetime, by_device: Limit = limits.BY_DEVICE) -> None:
    """One more of this device and this network.

    Raises:
        central.reports.limits.TooMany: used up.
    """
    limits.use([(limits.BY_NETWORK, _network(request)), (by_device, sender_of(request))], now)


def _network(request: HttpRequest) -> str:
    return limits.network_of(request.META.get("REMOTE_ADDR", ""))


def _device_of(request: HttpRequest) -> str:
    device = request.COOKIES.get(COOKIE, "")
    return device if _DEVICE.fullmatch(device) else ""
