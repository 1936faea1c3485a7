"""Citizens' photos: kept as drafts while a report is written, attached to it, and dropped when they are not wanted."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import BinaryIO

from django.utils import timezone

from central.evidence.models import Blob, Exhibit
from central.evidence.store import EvidenceStore
from central.reports.models import Photo, Report
from central.reports.photos import clean
from contract.ids import sha256_of

MAX_PHOTOS = 3
DRAFTS_FOR = timedelta(days=1)
SWEPT_AT_ONCE = 500


def keep(original: bytes, now: datetime, store: EvidenceStore) -> Photo:
    """A draft.

    Raises:
        central.reports.photos.BadPhoto: with what to tell the citizen.
    """
    told = clean(original, timezone.get_default_timezone())
    name = sha256_of(told.content)
    store.put(name, told.content)
    return Photo.objects.create(
        token=secrets.token_urlsafe(32),
        sha256=name,
        size=len(told.content),
        width=told.width,
        height=told.height,
        received=now,
        taken=told.taken if told.taken is not None and told.taken <= now + timedelta(days=1) else None,
        lat=told.lat,
        lon=told.lon,
    )


def drafts(tokens: Iterable[str], now: datetime) -> list[Photo]:
    """Those of the tokens that are still to be had, at most MAX_PHOTOS."""
    wanted = list(dict.fromkeys(tokens))[: 2 * MAX_PHOTOS]
    found = Photo.objects.filter(token__in=wanted, report__isnull=True, received__gt=now - DRAFTS_FOR)
    return list(found.order_by("pk")[:MAX_PHOTOS])


def attach(photos: Iterable[Photo], report: Report) -> None:
    """They are the report's from now on, as far as there is room; one that was sent again is not attached twice."""
    there = set(report.photos.values_list("sha256", flat=True))
    for photo in photos:
        if photo.sha256 not in there and len(there) < MAX_PHOTOS:
            there.add(photo.sha256)
            Photo.objects.filter(pk=photo.pk, report__isnull=True).update(report=report)


def content_of(photo: Photo, store: EvidenceStore) -> BinaryIO:
    """For reading.

    Raises:
        FileNotFoundError: it was dropped.
    """
    return store.open(photo.sha256)


def sweep_drafts(now: datetime, store: EvidenceStore) -> int:
    """Drops drafts that no report took; returns how many."""
    stale = Photo.objects.filter(report__isnull=True, received__lt=now - DRAFTS_FOR)
    return drop(list(stale.order_by("pk")[:SWEPT_AT_ONCE]), store)


def drop(photos: Iterable[Photo], store: EvidenceStore) -> int:
    """Rows and bytes, unless the same bytes are somebody else's too; returns how many rows."""
    dropped = 0
    for photo in photos:
        dropped += Photo.objects.filter(pk=photo.pk).delete()[0]
        used = (kept.objects.filter(sha256=photo.sha256).exists() for kept in (Photo, Blob, Exhibit))
        if not any(used):
            store.delete(photo.sha256)
    return dropped
