"""Whose request is it: the address that a throttle may count."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The peer's address; only if the peer is the trusted proxy, the last address that it did not write itself.

    Anybody can send an X-Forwarded-For header. Ours is believed from the one proxy that SIGAP_TRUSTED_PROXY names, and
    read from the right: what stands left of the address the proxy appended, the client wrote. uvicorn does the same
    for `sigap-central serve`; this also holds behind another server.
    """
    peer = request.META.get("REMOTE_ADDR") or None
    proxy = settings.TRUSTED_PROXY
    if not proxy or peer != proxy:
        return peer
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return next((address for address in reversed(forwarded) if address != proxy), peer)
