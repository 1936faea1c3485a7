"""Writing down who sees what: one question and one insert for a page, however many pictures are on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from central.accounts.roles import Actor
from central.viewing.models import Viewing

ONCE_IN = timedelta(hours=1)
"""A wall refreshes itself all day; the same picture before the same person on it is one look an hour."""
KEPT_FOR = timedelta(days=2 * 365)


@dataclass(frozen=True, slots=True)
class Look:
    """One picture that a page shows."""

    sha256: str
    media_type: str
    incident_id: int | None
    complaint_id: int | None = None
    reason: str = ""
    subject: Viewing.Subject = Viewing.Subject.EVIDENCE
    camera_id: int | None = None


def record(actor: Actor, page: Viewing.Page, looks: Sequence[Look], now: datetime, *, by_hand: bool) -> None:
    """Writes down what somebody is about to see.

    Args:
        by_hand: this person opened just this page; else only what it has not shown within the hour is written down.
    """
    if not looks:
        return
    if not by_hand:
        seen = Viewing.objects.filter(
            user=actor.user, page=page, sha256__in={look.sha256 for look in looks}, time__gt=now - ONCE_IN
        )
        known = set(seen.values_list("sha256", flat=True))
        looks = [look for look in looks if look.sha256 not in known]
    Viewing.objects.bulk_create(
        [
            Viewing(
                time=now,
                user=actor.user,
                actor=actor.name,
                role=actor.role.value,
                agency=actor.agency or "",
                sha256=look.sha256,
                media_type=look.media_type,
                subject=look.subject,
                incident_id=look.incident_id,
                complaint_id=look.complaint_id,
                camera_id=look.camera_id,
                page=page,
                reason=look.reason,
            )
            for look in looks
        ]
    )


def is_recorded(actor: Actor, sha256: str, now: datetime) -> bool:
    """Whether a page has shown it to this person since they logged in: then its bytes are no second look."""
    return Viewing.objects.filter(user=actor.user, sha256=sha256, time__gt=now - settings.LOGIN_LASTS).exists()


def forget(now: datetime, at_once: int) -> None:
    """Who looked at what is itself about people: after two years it goes."""
    old = Viewing.objects.filter(time__lt=now - KEPT_FOR).order_by("time").values_list("pk", flat=True)
    Viewing.objects.filter(pk__in=list(old[:at_once])).delete()
