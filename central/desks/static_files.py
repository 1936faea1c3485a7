"""Static files out of the packages that carry them, whole and compressed: a cheap telephone pays for each kilobyte."""

import gzip
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

COMPRESSED = ("text/", "image/svg", "application/javascript")
SMALLEST_BYTES = 600


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, but answers are bytes rather than open files, which Django would have to wrap under ASGI."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """The file with WhiteNoise's own headers, ranges and conditions."""
        found = static_file.get_response(request.method, request.META)
        content = b"" if found.file is None else _closed(found.file)
        response = HttpResponse(content, status=int(found.status))
        del response.headers["Content-Type"]
        for name, value in found.headers:
            response.headers[name] = value
        if response.status_code == 200 and _may_compress(request, response):
            response.content = _compressed(content)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        response.headers["Vary"] = "Accept-Encoding"
        return response


def _may_compress(request: HttpRequest, response: HttpResponse) -> bool:
    asked = "gzip" in request.headers.get("Accept-Encoding", "")
    return (
        asked
        and len(response.content) >= SMALLEST_BYTES
        and "Content-Encoding" not in response.headers
        and response.headers.get("Content-Type", "").startswith(COMPRESSED)
    )


@lru_cache(maxsize=64)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _closed(file: Any) -> bytes:
    with file:
        return bytes(file.read())
