"""Reading a mailbox by IMAP: SIGAP_IMAP_URL and its companions.

| variable | meaning | default |
|---|---|---|
| SIGAP_IMAP_URL | imaps://HOST (TLS), or imap://HOST (loopback only) | none: no mailbox is read |
| SIGAP_IMAP_CA | PEM file of the authority of the server's certificate | the system's |
| SIGAP_IMAP_USER, SIGAP_IMAP_PASSWORD, …_FILE | login | none |
| SIGAP_IMAP_FOLDER | folder that is read | INBOX |
"""

import imaplib
import os
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog

from central.channels.letter import MAX_BYTES
from central.security import secrets
from central.security.loopback import is_loopback

TIMEOUT_S = 30.0
AT_ONCE = 50
PORTS = {"imap": 143, "imaps": 993}

log = structlog.get_logger()


class MailboxError(ValueError):
    """The mailbox's settings do not hold; the text says what to change."""


class MailboxAway(Exception):  # noqa: N818 — what is the matter
    """The server cannot be reached, or refuses us, this time."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where letters to the city lie."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    ca: str | None = None

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}/{self.folder}"

    def read(self, take: Callable[[bytes], object]) -> int:
        """Hands every unseen letter to `take`, and marks it seen once that has returned; one that fails stays unseen
        and delays no other. Returns how many were taken.

        Raises:
            MailboxAway: the server cannot be reached, or refuses us.
        """
        try:
            with self._connected() as server:
                server.login(self.user, self.password)
                _checked(server.select(_quoted(self.folder)))
                unseen = _checked(server.uid("SEARCH", "UNSEEN"))[0].split()
                return sum(self._take_one(server, uid.decode(), take) for uid in unseen[:AT_ONCE])
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxAway(f"{self}: {error}") from error

    def _connected(self) -> imaplib.IMAP4:
        if self.scheme == "imaps":
            context = ssl.create_default_context(cafile=self.ca)
            return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=TIMEOUT_S)
        return imaplib.IMAP4(self.host, self.port, timeout=TIMEOUT_S)

    def _take_one(self, server: imaplib.IMAP4, uid: str, take: Callable[[bytes], object]) -> bool:
        if _size_of(server, uid) <= MAX_BYTES:
            # PEEK: fetching alone marks nothing.
            parts = _checked(server.uid("FETCH", uid, "(BODY.PEEK[])"))
            raw = next((bytes(part[1]) for part in parts if isinstance(part, tuple)), b"")
            try:
                take(raw)
            except Exception:
                log.exception("letter not taken; it stays unseen", mailbox=str(self), uid=uid)
                return False
        else:
            log.warning("letter too large; left aside", mailbox=str(self), uid=uid)
        _checked(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
        return True


def from_environment() -> Mailbox | None:
    """Reads the variables above; None when no mailbox is named.

    Raises:
        MailboxError: not a mailbox's address, plain IMAP to another machine, or no login.
    """
    url = os.environ.get("SIGAP_IMAP_URL")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise MailboxError(f"SIGAP_IMAP_URL: expected imaps://HOST, got scheme {parts.scheme!r}")
    if parts.username or parts.password:
        raise MailboxError("SIGAP_IMAP_URL: no login in the address; use SIGAP_IMAP_USER and SIGAP_IMAP_PASSWORD_FILE")
    if parts.scheme == "imap" and not is_loopback(parts.hostname):
        raise MailboxError(f"SIGAP_IMAP_URL: plain IMAP to {parts.hostname} can be read on the way; use imaps://")
    user, password = os.environ.get("SIGAP_IMAP_USER"), secrets.from_environment("SIGAP_IMAP_PASSWORD")
    if not user or password is None:
        raise MailboxError("SIGAP_IMAP_USER and SIGAP_IMAP_PASSWORD_FILE: a mailbox needs a login")
    return Mailbox(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=user,
        password=password,
        folder=os.environ.get("SIGAP_IMAP_FOLDER", "INBOX"),
        ca=os.environ.get("SIGAP_IMAP_CA"),
    )


def _size_of(server: imaplib.IMAP4, uid: str) -> int:
    parts = _checked(server.uid("FETCH", uid, "(RFC822.SIZE)"))
    said = b" ".join(part if isinstance(part, bytes) else part[0] for part in parts if part is not None)
    match = re.search(rb"RFC822\.SIZE (\d+)", said)
    return int(match[1]) if match else 0


def _checked(answer: tuple[str, list]) -> list:
    status, parts = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"{status}: {parts}")
    return parts


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
