"""The city's own tile server, if it has one: no map asks anybody else by default."""

import re

from django.core.exceptions import ImproperlyConfigured

_ADDRESS = re.compile(r"(?P<origin>https?://[\w.-]+(:\d+)?|)/[^\s;,\"'<>]*")
_FIELDS = ("{z}", "{x}", "{y}")


def checked(template: str) -> str:
    """An address with {z}, {x} and {y}: https://tiles.example/{z}/{x}/{y}.png, or a path on this server; empty: none.

    Raises:
        ImproperlyConfigured: not such an address.
    """
    if template and not (_ADDRESS.fullmatch(template) and all(field in template for field in _FIELDS)):
        raise ImproperlyConfigured(
            "SIGAP_TILES: expected an address with {z}, {x} and {y}, for example https://tiles.example/{z}/{x}/{y}.png"
        )
    return template


def origin(template: str) -> str:
    """Scheme and host that pictures come from; empty when that is this server, or nobody."""
    match = _ADDRESS.fullmatch(template)
    return "" if match is None else match["origin"]
