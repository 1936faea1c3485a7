"""Which web addresses something may be sent to."""

from urllib.parse import urlsplit

from central.security.loopback import is_loopback


def checked_url(address: str) -> str:
    """The address itself.

    Raises:
        ValueError: not https (plain http is for this machine only), or with a login in it.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"expected https://HOST/PATH, got {address!r}")
    if parts.username or parts.password:
        raise ValueError("no login in the address: it would be shown in logs; the signature says who sends")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(f"plain http to {parts.hostname} can be read on the way; use https://")
    return address
