"""Committed events become episodes and incidents.

Rows of one stream are applied in order of seq, a batch in one transaction, by one worker at a time. If anything fails,
the batch is rolled back and taken row by row; the row that fails alone is set aside and holds up nobody. A crash
anywhere leaves rows pending, and they are applied at the next start.
"""

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet

from central.boxes.models import Camera
from central.clockwork.settling import settle
from central.evidence.exhibits import claim
from central.incidents.joining import NoIncident, join
from central.incidents.lifecycle import review
from central.incidents.models import Episode, Incident, Policy
from central.incidents.policies import policies
from central.incidents.steps import CHANGED_BY_ABSORB, Step, absorb, begin
from central.intake.models import Inbox, Stream, Turn
from central.intake.quarantine import reason_of, set_aside
from central.intake.reading import Read, read, topic_of
from central.routing.decisions import NoDesk
from contract.evidence import parse_public_key

BATCH = 200
STREAMS = 100
GAP_PATIENCE = timedelta(seconds=60)
"""How long a missing seq may hold up those behind it. Episodes take their steps in any order, so going on is safe."""

MAY_PASS = (OperationalError, InterfaceError, NoIncident, NoDesk)
"""Failures that say nothing about the message: a lost connection, a deadlock, a lost race, a missing desk."""

log = structlog.get_logger()


def apply_pending(now: datetime) -> int:
    """Applies what can be applied; returns how many rows it dealt with. Call again until it returns 0."""
    ready = _ready(now).order_by().values_list("stream_id", flat=True).distinct()[:STREAMS]
    return sum(_apply_stream(stream_id, now) for stream_id in list(ready))


def _ready(now: datetime) -> QuerySet[Inbox]:
    waited = Q(received__lt=now - GAP_PATIENCE)
    return Inbox.objects.filter(Q(seq__lte=F("stream__contiguous")) | waited, state=Inbox.State.PENDING)


@transaction.atomic
def _apply_stream(stream_id: int, now: datetime) -> int:
    if Turn.objects.select_for_update(skip_locked=True).filter(pk=stream_id).first() is None:
        return 0  # another worker is at it
    stream = Stream.objects.select_related("box").get(pk=stream_id)
    rows = list(_ready(now).filter(stream=stream).order_by("seq")[:BATCH])
    readable = _read_all(rows, stream, now)
    try:
        with transaction.atomic():
            _take_in(readable, stream, now)
    except MAY_PASS:
        raise
    except Exception:
        log.exception("a batch failed; taking it row by row", box=stream.box_id)
        for one in readable:
            _take_in_alone(one, stream, now)
    return len(rows)


def _read_all(rows: Sequence[Inbox], stream: Stream, now: datetime) -> list[Read]:
    key = parse_public_key(stream.box.public_key)
    readable: list[Read] = []
    for row in rows:
        try:
            readable.append(read(row, stream, key))
        except ValueError as error:
            _set_row_aside(row, stream, reason_of(error), now)
    return readable


def _take_in_alone(one: Read, stream: Stream, now: datetime) -> None:
    try:
        with transaction.atomic():
            _take_in([one], stream, now)
    except MAY_PASS:
        raise
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"{type(error).__name__}: {reason_of(error)} (in {where.name}, line {where.lineno})"
        log.exception("event set aside", topic=topic_of(one.row, stream))
        _set_row_aside(one.row, stream, reason, now)


def _set_row_aside(row: Inbox, stream: Stream, reason: str, now: datetime) -> None:
    Inbox.objects.filter(pk=row.pk).update(state=Inbox.State.QUARANTINED)
    set_aside(stream.box_id, topic_of(row, stream), bytes(row.payload), reason, now, inbox=row)


def _take_in(batch: Sequence[Read], stream: Stream, now: datetime) -> None:
    """All events of an episode together: a replay after an outage writes each episode once, not once an event."""
    by_episode: dict[object, list[Read]] = {}
    for one in batch:
        if one.event is not None:
            by_episode.setdefault(one.event.subject, []).append(one)
    known = Episode.objects.select_for_update(of=("self",)).select_related("camera").in_bulk(list(by_episode))
    cameras = {camera.code: camera for camera in Camera.objects.filter(box_id=stream.box_id)}
    rules = policies()
    for episode_id, reads in by_episode.items():
        events = [one.event for one in reads]
        steps = [Step.of(one.event, _camera(cameras, stream, one.event.camera), one.row.received) for one in reads]
        policy = rules[steps[0].kind]
        episode, incident = _absorbed(known.get(episode_id), steps, policy, now)
        claim(episode, [signed for event in events for signed in event.data.evidence], now)
        review(incident, policy, now)
    Inbox.objects.filter(pk__in=[one.row.pk for one in batch if one.event]).update(state=Inbox.State.APPLIED)
    Inbox.objects.filter(pk__in=[one.row.pk for one in batch if not one.event]).update(state=Inbox.State.SKIPPED)


def _absorbed(
    episode: Episode | None, steps: Sequence[Step], policy: Policy, now: datetime
) -> tuple[Episode, Incident]:
    """The saved episode and its incident, locked."""
    if episode is not None:
        for step in steps:
            absorb(episode, step, policy)
        episode.save(update_fields=CHANGED_BY_ABSORB)
        return episode, Incident.objects.select_for_update().get(pk=episode.incident_id)
    episode = begin(steps[0], policy)
    for step in steps[1:]:
        absorb(episode, step, policy)
    episode.incident = join(episode, lambda incident, until: settle(incident, until, policy, now), now)
    episode.save(force_insert=True)
    return episode, episode.incident


def _camera(cameras: dict[str, Camera], stream: Stream, code: str) -> Camera:
    # An event may come before the box's info that describes its cameras.
    if code not in cameras:
        cameras[code], _ = Camera.objects.get_or_create(box_id=stream.box_id, code=code)
    return cameras[code]
