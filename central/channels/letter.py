"""A letter as it comes off the wire, as a citizen's message; what machines write is left unanswered."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from hashlib import sha256
from html import unescape

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from central.channels.hearing import Heard
from central.following.models import EMAIL
from central.reports.keeping import MAX_PHOTOS

MAX_BYTES = 30 * 1024 * 1024
LONGEST_TEXT = 4000
_MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+-].*)?@", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*(>|-{2,}\s*(original|forwarded)|on .+ wrote:|pada .+ menulis:)", re.IGNORECASE)
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")


class NotForUs(ValueError):  # noqa: N818 — what it is
    """Nobody waits for an answer to it; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class Ours:
    """Addresses that are the city's own: what they send is no citizen's."""

    sender: str = ""

    def has(self, address: str) -> bool:
        """Case does not matter."""
        return bool(self.sender) and address.lower() == parseaddr(self.sender)[1].lower()


def heard_in(raw: bytes, ours: Ours) -> Heard:
    """The message in it.

    Raises:
        NotForUs: written by a machine or by ourselves, or too large.
    """
    if len(raw) > MAX_BYTES:
        raise NotForUs(f"{len(raw)} bytes")
    letter = message_from_bytes(raw, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    sender = parseaddr(str(letter.get("Reply-To") or letter.get("From", "")))[1].lower()
    _check(letter, sender, ours)
    named = str(letter.get("Message-ID", "")).strip()
    return Heard(
        via=EMAIL,
        sender=sender,
        # Without a name of its own the same bytes are the same letter.
        id=named or sha256(raw).hexdigest(),
        text=text_of(letter)[:LONGEST_TEXT],
        photos=_photos(letter),
        subject=re.sub(r"\s+", " ", str(letter.get("Subject", ""))).strip()[:150],
    )


def text_of(letter: EmailMessage) -> str:
    """What was written, without what it answers and without a signature."""
    body = letter.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        written = str(body.get_content())
    except (LookupError, ValueError):  # a character set nobody knows
        written = (body.get_payload(decode=True) or b"").decode("utf-8", "replace")
    if body.get_content_subtype() == "html":
        written = re.sub(r"(?is)<(script|style|head)\b.*?</\1\s*>", "", written)
        written = unescape(re.sub(r"<[^>]*>", "", re.sub(r"(?i)<(br|/p|/div|/tr)\b[^>]*>", "\n", written)))
    lines = []
    for line in written.splitlines():
        if line.rstrip() == "--" or _QUOTED.match(line):
            break
        lines.append(line)
    return "\n".join(lines).strip()


def _check(letter: EmailMessage, sender: str, ours: Ours) -> None:
    try:
        validate_email(sender)
    except ValidationError as error:
        raise NotForUs("no sender to answer") from error
    if ours.has(sender):
        raise NotForUs("from ourselves")
    if _MACHINES.match(sender):
        raise NotForUs(f"from a machine: {sender}")
    if str(letter.get("Return-Path", "")).strip() == "<>":
        raise NotForUs("a bounce")
    # RFC 3834, and what lists and out-of-office programs wrote before it.
    if str(letter.get("Auto-Submitted", "no")).strip().lower() != "no":
        raise NotForUs("an automatic answer")
    if str(letter.get("Precedence", "")).strip().lower() in {"bulk", "junk", "list", "auto_reply"}:
        raise NotForUs("bulk mail")
    if letter.get("List-Id") or letter.get("List-Unsubscribe"):
        raise NotForUs("from a mailing list")


def _photos(letter: EmailMessage) -> list[bytes]:
    found: list[bytes] = []
    for part in letter.walk():
        is_picture = part.get_content_maintype() == "image" or (part.get_filename() or "").lower().endswith(_PICTURES)
        content = part.get_payload(decode=True) if is_picture and not part.is_multipart() else None
        # A logo in a signature is no photo.
        if isinstance(content, bytes) and len(content) > 5000 and len(found) < MAX_PHOTOS:
            found.append(content)
    return found
