"""Evidence bytes from a box: checked, stored, and only then said to be had."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Sum

from central.evidence.models import Blob, Exhibit
from central.evidence.store import EvidenceStore
from central.feed.models import Change, record
from contract.evidence import MAX_EVIDENCE_BYTES
from contract.ids import sha256_of

UNCLAIMED_FOR = timedelta(days=7)
"""Longer than a box is away: its events arrive in order, but evidence may overtake them."""
UNCLAIMED_FILES = 2000
UNCLAIMED_BYTES = 512 * 1024 * 1024
"""For each box: what it may send before it must say what it is."""


class BadEvidence(ValueError):  # noqa: N818 — what it is
    """Not what its name says, or nothing we keep. `is_final`: sending the same again cannot help."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


class NoRoom(RuntimeError):  # noqa: N818 — what it is
    """The box has too much unclaimed evidence here; it may send again later."""


class MediaType(StrEnum):
    """What evidence can be."""

    JPEG = "image/jpeg"
    MP4 = "video/mp4"


def accept(box_id: str, sha256: str, content: bytes, now: datetime, store: EvidenceStore) -> None:
    """Durable when it returns: in the store and in the database. Idempotent.

    Raises:
        BadEvidence: too large, other bytes than named, or neither JPEG nor MP4.
        NoRoom: over the box's allowance of unclaimed evidence.
    """
    media_type = _checked(sha256, content)
    if Blob.objects.filter(pk=sha256).exists():
        return
    named = list(Exhibit.objects.filter(sha256=sha256, episode__box_id=box_id).values_list("episode__incident_id"))
    if not named:
        _check_room(box_id)
    store.put(sha256, content)
    with transaction.atomic():
        Blob.objects.bulk_create(
            [
                Blob(
                    sha256=sha256,
                    size=len(content),
                    media_type=media_type,
                    box_id=box_id,
                    arrived=now,
                    claimed=now if named else None,
                )
            ],
            ignore_conflicts=True,
        )
        for (incident_id,) in named:
            record(Change.Topic.INCIDENT, incident_id, "evidence", now)


def sweep(now: datetime, store: EvidenceStore, limit: int = 500) -> int:
    """Drops evidence that no signed manifest has named for UNCLAIMED_FOR; returns how many."""
    named = Exhibit.objects.filter(sha256=OuterRef("sha256"))
    stale = Blob.objects.filter(claimed__isnull=True, arrived__lt=now - UNCLAIMED_FOR).exclude(Exists(named))
    dropped = 0
    for sha256 in list(stale.values_list("pk", flat=True)[:limit]):
        if stale.filter(pk=sha256).delete()[0]:
            store.delete(sha256)
            dropped += 1
    return dropped


def _checked(sha256: str, content: bytes) -> MediaType:
    if len(content) > MAX_EVIDENCE_BYTES:
        raise BadEvidence(f"{len(content)} bytes; evidence has at most {MAX_EVIDENCE_BYTES}", is_final=True)
    if sha256_of(content) != sha256:
        raise BadEvidence(f"the {len(content)} bytes that came are not those named {sha256[:12]}…", is_final=False)
    if content[:3] == b"\xff\xd8\xff":
        return MediaType.JPEG
    if content[4:8] == b"ftyp":
        return MediaType.MP4
    raise BadEvidence(f"evidence {sha256[:12]}… is neither a JPEG nor an MP4", is_final=True)


def _check_room(box_id: str) -> None:
    used = Blob.objects.filter(box_id=box_id, claimed__isnull=True).aggregate(files=Count("pk"), size=Sum("size"))
    if used["files"] >= UNCLAIMED_FILES or (used["size"] or 0) >= UNCLAIMED_BYTES:
        raise NoRoom(
            f"box {box_id} has {used['files']} pieces of evidence here that no event names; its events must come first"
        )
