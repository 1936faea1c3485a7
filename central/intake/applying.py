"""Committed events are applied.

Rows are taken in the order in which they came, a batch in one transaction; a stream's rows by one worker at a time. If
a batch fails it is rolled back and halved, until the row that fails alone is found and set aside; it holds up nobody. A
crash anywhere leaves rows pending, and they are applied at the next start.
"""

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q

from central.incidents.lifecycle import NoIncident
from central.intake.models import Inbox, Turn
from central.intake.quarantine import reason_of, set_aside
from central.intake.reading import Read, read, topic_of
from central.intake.taking_in import take_in
from central.routing.decisions import NoDesk

BATCH = 500
LOOKS = 4
GAP_PATIENCE = timedelta(seconds=60)
"""How long a missing seq may hold up those behind it. Episodes take their steps in any order, so going on is safe."""

MAY_PASS = (OperationalError, InterfaceError, NoIncident, NoDesk)
"""Failures that say nothing about the message: a lost connection, a deadlock, a lost race, a missing desk."""

log = structlog.get_logger()


@transaction.atomic
def apply_pending(now: datetime) -> int:
    """Applies the next batch; returns how many rows it dealt with. Call again until it returns 0."""
    rows = _claimed(now)
    readable = _read_all(rows, now)
    _take_in(readable, now)
    return len(rows)


def _claimed(now: datetime) -> list[Inbox]:
    """Rows of streams that are now this worker's turn; it looks past those another worker is at."""
    waited = Q(received__lt=now - GAP_PATIENCE)
    ready = Inbox.objects.filter(Q(seq__lte=F("stream__contiguous")) | waited, state=Inbox.State.PENDING)
    busy: set[int] = set()
    for _ in range(LOOKS):
        found = ready.exclude(stream_id__in=busy).order_by("pk").values_list("pk", "stream_id")[:BATCH]
        wanted = {stream for _, stream in found}
        turns = Turn.objects.select_for_update(skip_locked=True).filter(pk__in=wanted).order_by("pk")
        ours = {turn.pk for turn in turns}
        if ours or not wanted:
            mine = [pk for pk, stream in found if stream in ours]
            # Asked again, for whoever had the turn before may have applied them meanwhile.
            still = Inbox.objects.filter(pk__in=mine, state=Inbox.State.PENDING)
            return list(still.select_related("stream__box").order_by("stream_id", "seq"))
        busy |= wanted
    return []


def _read_all(rows: Sequence[Inbox], now: datetime) -> list[Read]:
    readable: list[Read] = []
    for row in rows:
        try:
            readable.append(read(row))
        except ValueError as error:
            _set_row_aside(row, reason_of(error), now)
    return readable


def _take_in(batch: Sequence[Read], now: datetime) -> None:
    if not batch:
        return
    try:
        with transaction.atomic():
            take_in(batch, now)
            _mark([one.row.pk for one in batch if one.event is not None], Inbox.State.APPLIED)
            _mark([one.row.pk for one in batch if one.event is None], Inbox.State.SKIPPED)
    except MAY_PASS:
        raise
    except Exception as error:
        if len(batch) > 1:
            half = len(batch) // 2
            _take_in(batch[:half], now)
            _take_in(batch[half:], now)
            return
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.exception("event set aside", topic=topic_of(batch[0].row))
        told = f"{type(error).__name__}: {reason_of(error)} (in {where.name}, line {where.lineno})"
        _set_row_aside(batch[0].row, told, now)


def _mark(rows: Sequence[int], state: Inbox.State) -> None:
    if rows:
        Inbox.objects.filter(pk__in=rows).update(state=state)


def _set_row_aside(row: Inbox, reason: str, now: datetime) -> None:
    _mark([row.pk], Inbox.State.QUARANTINED)
    set_aside(row.stream.box_id, topic_of(row), bytes(row.payload), reason, now, inbox=row)
