"""Camera addresses: which are allowed, and how they are shown without their credentials."""

import re
from urllib.parse import unquote, urlsplit

from edge.cameras.faults import CameraError, Fault

PROTOCOLS = ("rtsp", "rtsps")
CODECS = ("h264", "hevc", "mjpeg")
HIDDEN = "***"

# A URL in running text: up to white space, a quotation mark or an angle bracket.
_URL = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*://)([^\s\"'<>]*)")
# Many cameras take the password in the path or the query: …?user=a&password=b, …/user=a_password=b_channel=1
_SECRET_FIELD = re.compile(
    r"((?:password|passwd|pass|pwd|token|secret)=)[^&;/?#\s\"'<>]*?(?=_[a-z]+=|[&;/?#\s\"'<>]|$)", re.IGNORECASE
)
_SHORTEST_SECRET = 3


def redact(text: str, *urls: str) -> str:
    """The text without the credentials of any URL in it.

    `urls` are addresses whose passwords must not appear in any other form either, for example in what libav says.
    Where a URL cannot be read for sure (an unescaped `@` or `/` in a password), more is cut rather than less.
    """
    text = _URL.sub(lambda match: match[1] + _without_login(match[2]), text)
    text = _SECRET_FIELD.sub(rf"\g<1>{HIDDEN}", text)
    for url in urls:
        for secret in _secrets(url):
            text = text.replace(secret, HIDDEN)
    return text


def _without_login(rest: str) -> str:
    """What follows `scheme://`, its login replaced."""
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in authority:
        return _cut_to_last(rest)
    # An "@" further on belongs to the path, unless a colon before it may have begun a password with a "/" in it.
    before_last_at = rest.rpartition("@")[0]
    return _cut_to_last(rest) if ":" in before_last_at else rest


def _cut_to_last(rest: str) -> str:
    return f"{HIDDEN}@{rest.rpartition('@')[2]}"


def _secrets(url: str) -> set[str]:
    """The password of a URL as written and decoded; very short ones would blank out ordinary words."""
    userinfo = url.partition("://")[2].rpartition("@")[0]
    password = userinfo.partition(":")[2]
    return {secret for secret in (password, unquote(password)) if len(secret) >= _SHORTEST_SECRET}


def check_url(url: str) -> str:
    """The address itself, when a camera may have it.

    Raises:
        CameraError: `ADDRESS_NOT_ALLOWED`; a protocol that is not on the list, or no host.
    """
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise CameraError(Fault.ADDRESS_NOT_ALLOWED, redact(url), redact(str(error), url)) from None
    if parts.scheme not in PROTOCOLS:
        raise CameraError(Fault.ADDRESS_NOT_ALLOWED, redact(url), f"protocol {parts.scheme or 'missing'}")
    if not has_host:
        raise CameraError(Fault.ADDRESS_NOT_ALLOWED, redact(url), "no host in it")
    return url
