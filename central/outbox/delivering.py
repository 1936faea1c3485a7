"""Taking one message out of the outbox and delivering it. Any number of relays may do so at once.

A claim is a short transaction that moves `next_attempt` beyond the longest delivery: on PostgreSQL other relays skip
the locked row, on SQLite the write lock lets one claim at a time. Nothing is locked while a mail server is waited for,
and what a relay abandons is due again by itself.
"""

import random
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from central.outbox.carriers import Carrier, Message, NotNow, Undeliverable
from central.outbox.models import Outgoing

LEASE = timedelta(minutes=3)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
ATTEMPTS = 14
"""A day and a half, with the pauses above."""
LONGEST_ERROR = 300

log = structlog.get_logger()


def deliver_next(carriers: Mapping[str, Carrier], now: datetime) -> bool:
    """Delivers the message that has waited longest, or writes down why not; says whether there was one.

    A channel without a carrier keeps its messages.
    """
    claimed = claim(carriers, now)
    if claimed is None:
        return False
    message = Message(claimed.key, claimed.address, claimed.content)
    try:
        carriers[claimed.channel].deliver(message)
    except Undeliverable as refusal:
        _finish(claimed, Outgoing.State.DEAD, now, str(refusal))
        log.warning("message refused for good", key=claimed.key, reason=str(refusal))
    except Exception as failure:
        # Also a defect of a carrier: it must not stop the messages behind this one.
        reason = str(failure) if isinstance(failure, NotNow) else f"{type(failure).__name__}: {failure}"
        _try_later(claimed, now, reason)
    else:
        _finish(claimed, Outgoing.State.SENT, now, "")
    return True


def claim(channels: Collection[str], now: datetime) -> Outgoing | None:
    """Takes the message that is due, counting the attempt."""
    due = Outgoing.objects.filter(state=Outgoing.State.WAITING, channel__in=channels, next_attempt__lte=now)
    if not due.exists():  # on SQLite the transaction below is a write, every second
        return None
    with transaction.atomic():
        found = due.select_for_update(skip_locked=True).order_by("next_attempt", "pk").first()
        if found is None:
            return None
        found.attempts += 1
        found.next_attempt = now + LEASE
        found.save(update_fields=["attempts", "next_attempt"])
    return found


def pause_after(attempt: int, chance: float) -> timedelta:
    """Doubling, and up to half of it shorter by `chance` (0 to 1), so that a thousand do not come back at once."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt - 1, 30)) * (1 - chance / 2)


def _try_later(claimed: Outgoing, now: datetime, reason: str) -> None:
    if claimed.attempts >= ATTEMPTS:
        _finish(claimed, Outgoing.State.DEAD, now, reason)
        log.warning("message given up", key=claimed.key, attempts=claimed.attempts, reason=reason)
        return
    pause = pause_after(claimed.attempts, random.random())  # noqa: S311 — spreads load, keeps no secret
    _still_ours(claimed).update(next_attempt=now + pause, error=reason[:LONGEST_ERROR])
    log.warning("message not delivered; trying again", key=claimed.key, reason=reason, pause_s=pause.total_seconds())


def _finish(claimed: Outgoing, state: str, now: datetime, reason: str) -> None:
    _still_ours(claimed).update(state=state, finished=now, error=reason[:LONGEST_ERROR])


def _still_ours(claimed: Outgoing) -> QuerySet[Outgoing]:
    """Empty once the lease has run out and another relay has it."""
    return Outgoing.objects.filter(pk=claimed.pk, state=Outgoing.State.WAITING, attempts=claimed.attempts)
