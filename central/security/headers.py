"""Headers that every answer carries, beside those of Django's own SecurityMiddleware."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def content_security_policy(images_from: str = "") -> str:
    """No inline script or style; everything from here, but pictures also from one other origin where a page says so."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: {images_from}".rstrip(),
            "media-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


CONTENT_SECURITY_POLICY = content_security_policy()


class SecurityHeaders:
    """Middleware: no inline script or style, no frames, no sensors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Adds the headers unless the view set its own."""
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        return response
