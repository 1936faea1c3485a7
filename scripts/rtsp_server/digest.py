"""Login: Digest (RFC 2617, MD5, with and without qop) and, when asked for, Basic."""

import hashlib
import re
import secrets
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass, field

REALM = "camera"
_FIELD = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s",]+))')


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who may watch. `basic` also accepts the password in the clear, as old cameras do."""

    user: str
    password: str = field(repr=False)
    basic: bool = False

    @classmethod
    def parse(cls, text: str, *, basic: bool = False) -> "Credentials":
        """From `user:password`.

        Raises:
            ValueError: no colon in it.
        """
        user, colon, password = text.partition(":")
        if not colon or not user:
            raise ValueError("credentials are written user:password")
        return cls(user, password, basic)


class Gate:
    """Decides for one connection whether a request may pass; its nonce lives and dies with the connection."""

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials
        self._nonce = secrets.token_hex(16)

    def challenges(self) -> list[str]:
        """Values of the WWW-Authenticate headers of a 401."""
        offers = [f'Digest realm="{REALM}", nonce="{self._nonce}"']
        if self._credentials and self._credentials.basic:
            offers.append(f'Basic realm="{REALM}"')
        return offers

    def admits(self, method: str, authorization: str) -> bool:
        """Whether the Authorization header (may be empty) proves the password for this method."""
        if self._credentials is None:
            return True
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() == "digest":
            return self._digest_matches(method, rest)
        if scheme.lower() == "basic" and self._credentials.basic:
            return self._basic_matches(rest)
        return False

    def _basic_matches(self, token: str) -> bool:
        assert self._credentials is not None
        try:
            given = b64decode(token, validate=True)
        except Base64Error:
            return False
        expected = f"{self._credentials.user}:{self._credentials.password}".encode()
        return secrets.compare_digest(given, expected)

    def _digest_matches(self, method: str, text: str) -> bool:
        assert self._credentials is not None
        fields = {name.lower(): quoted or bare for name, quoted, bare in _FIELD.findall(text)}
        if fields.get("nonce") != self._nonce or fields.get("username") != self._credentials.user:
            return False
        secret = _md5(f"{self._credentials.user}:{REALM}:{self._credentials.password}")
        action = _md5(f"{method}:{fields.get('uri', '')}")
        middle = [self._nonce]
        if fields.get("qop"):
            middle += [fields.get("nc", ""), fields.get("cnonce", ""), fields["qop"]]
        expected = _md5(":".join([secret, *middle, action]))
        return secrets.compare_digest(fields.get("response", ""), expected)


def _md5(text: str) -> str:
    # MD5 is what the protocol prescribes and what cameras speak; nothing else rests on it.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
