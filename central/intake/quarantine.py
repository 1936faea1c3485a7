"""Messages set aside with their reason. One row for each topic (for each unknown box, all topics together)."""

from datetime import datetime
from hashlib import sha256

from django.db.models import F
from pydantic import ValidationError

from central.feed.models import Change, record
from central.intake.models import Inbox, Quarantined

KEPT_BYTES = 4096
REASON_LENGTH = 1000
ROWS = 10_000
"""More are not kept: the oldest go."""


def set_aside(
    box: str,
    topic: str,
    payload: bytes,
    reason: str,
    now: datetime,
    *,
    inbox: Inbox | None = None,
    unknown: bool = False,
) -> None:
    """Notes the message, or counts it up if one from the same place is noted already."""
    fingerprint = sha256(f"unknown box {box}".encode() if unknown else topic.encode(errors="replace")).hexdigest()
    said = {
        "topic": _storable(topic)[:200],
        "reason": _storable(reason)[:REASON_LENGTH],
        "payload": payload[:KEPT_BYTES],
        "size": len(payload),
        "inbox": inbox,
        "last": now,
    }
    row, new = Quarantined.objects.get_or_create(
        fingerprint=fingerprint, defaults={"box": box[:40], "first": now, **said}
    )
    if new:
        record(Change.Topic.QUARANTINE, row.pk, "new", now)
    else:
        Quarantined.objects.filter(pk=row.pk).update(times=F("times") + 1, **said)


def purge() -> int:
    """Keeps the newest ROWS; returns how many went."""
    oldest_kept = Quarantined.objects.order_by("-last", "-pk").values_list("last", flat=True)[ROWS - 1 : ROWS]
    if not oldest_kept:
        return 0
    return Quarantined.objects.filter(last__lt=oldest_kept[0]).delete()[0]


def reason_of(error: Exception) -> str:
    """Short, for a person; never the values themselves, they stand in the payload."""
    if isinstance(error, ValidationError):
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        told = [f"{'.'.join(str(part) for part in fault['loc']) or 'message'}: {fault['msg']}" for fault in faults[:5]]
        return "; ".join(told) + (f" (and {len(faults) - 5} more)" if len(faults) > 5 else "")
    return str(error) or type(error).__name__


def _storable(text: str) -> str:
    # PostgreSQL keeps no NUL and no lone surrogate in a text.
    return text.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
