"""Events into the inbox, batch by batch, and what the boxes may be told afterwards.

Nothing is parsed here but the topic: committing is what a box waits for, so it must be fast and must not be able to
fail because of what a message says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from central.boxes.models import Box
from central.feed.models import Change, record
from central.intake.models import Gap, Inbox, Stream, Turn
from central.intake.quarantine import KEPT_BYTES, set_aside
from central.intake.subscription import Message
from contract.acks import Ack
from contract.events import MAX_EVENT_BYTES
from contract.topics import EventTopic, TopicError, parse

ADVANCE_PAGE = 5000
ADVANCE_STREAMS = 200


@dataclass(frozen=True, slots=True)
class AckDue:
    """What one box is to be told."""

    box: str
    ack: Ack


@transaction.atomic
def commit_events(messages: Sequence[Message], now: datetime) -> list[AckDue]:
    """Inserts what is new and returns an ack for every stream heard, so that duplicates are acknowledged again.

    A box that is not enrolled gets no ack: it keeps its events until somebody enrols it.
    """
    heard = _addressed(messages, now)
    if not heard:
        return []
    streams = _locked_streams({(topic.box, topic.epoch) for topic, _ in heard}, now)
    _insert(heard, streams, now)
    _advance(list(streams.values()))
    for stream in streams.values():
        stream.last_seen = now
    # An upsert of rows that exist: one statement for all of them.
    Stream.objects.bulk_create(
        streams.values(), update_conflicts=True, unique_fields=["id"], update_fields=["contiguous", "last_seen"]
    )
    return [ack_of(stream) for stream in streams.values()]


@transaction.atomic
def believe(box_id: str, epoch: str, acked_seq: int, now: datetime) -> AckDue:
    """A box says how far it was acknowledged. If that is further than this database reaches, the database was restored
    or replaced: the box no longer has those events, so counting goes on behind them and the gap is on record."""
    stream = _locked_streams({(box_id, epoch)}, now)[box_id, epoch]
    if acked_seq > stream.contiguous:
        held = Inbox.objects.filter(stream=stream, seq__gt=stream.contiguous, seq__lte=acked_seq).order_by("seq")
        expected = stream.contiguous + 1
        for seq in [*held.values_list("seq", flat=True), acked_seq + 1]:
            if seq > expected:
                Gap.objects.create(stream=stream, first_seq=expected, last_seq=seq - 1, noticed=now)
            expected = seq + 1
        stream.contiguous = acked_seq
        _advance([stream])
        record(Change.Topic.BOX, box_id, "gap", now)
    stream.last_seen = now
    stream.save(update_fields=["contiguous", "last_seen"])
    return ack_of(stream)


def ack_of(stream: Stream, have: Sequence[str] = ()) -> AckDue:
    """How far the stream is committed."""
    return AckDue(stream.box_id, Ack(epoch=stream.epoch, seq=stream.contiguous, have=tuple(have)))


def _addressed(messages: Sequence[Message], now: datetime) -> list[tuple[EventTopic, Message]]:
    """Those with a readable topic of an enrolled box; the others are set aside."""
    heard: list[tuple[EventTopic, Message]] = []
    for message in messages:
        try:
            topic = parse(message.topic)
            if not isinstance(topic, EventTopic):
                raise TopicError("not an event's topic")
        except TopicError as error:
            set_aside("", message.topic, message.payload, str(error), now)
        else:
            heard.append((topic, message))
    enrolled = Box.objects.in_bulk({topic.box for topic, _ in heard})
    for topic, message in heard:
        if topic.box not in enrolled:
            set_aside_unknown(topic.box, message, now)
    return [(topic, message) for topic, message in heard if topic.box in enrolled]


def set_aside_unknown(box: str, message: Message, now: datetime) -> None:
    """A box nobody enrolled; it hears no ack and keeps what it has."""
    remedy = f"box {box} is not enrolled; run: sigap-central manage enrol {box} PUBLIC_KEY"
    set_aside(box, message.topic, message.payload, remedy, now, unknown=True)


def _locked_streams(keys: set[tuple[str, str]], now: datetime) -> dict[tuple[str, str], Stream]:
    # Locked in the order of their ids, so that two workers with the same boxes wait for each other instead of for ever.
    wanted = Stream.objects.filter(box_id__in={box for box, _ in keys}, epoch__in={epoch for _, epoch in keys})
    known = {(stream.box_id, stream.epoch) for stream in wanted}
    if missing := sorted(keys - known):
        Stream.objects.bulk_create(
            [Stream(box_id=box, epoch=epoch, first_seen=now, last_seen=now) for box, epoch in missing],
            ignore_conflicts=True,
        )
    locked = {
        (stream.box_id, stream.epoch): stream
        for stream in wanted.select_for_update(no_key=True).order_by("pk")
        if (stream.box_id, stream.epoch) in keys
    }
    if missing:
        Turn.objects.bulk_create([Turn(stream=locked[key]) for key in missing], ignore_conflicts=True)
    return locked


def _insert(heard: list[tuple[EventTopic, Message]], streams: dict[tuple[str, str], Stream], now: datetime) -> None:
    rows: list[Inbox] = []
    too_large: list[tuple[EventTopic, Message]] = []
    for topic, message in heard:
        stream = streams[topic.box, topic.epoch]
        if topic.seq <= stream.contiguous:
            continue
        if len(message.payload) > MAX_EVENT_BYTES:
            too_large.append((topic, message))
        else:
            rows.append(Inbox(stream=stream, seq=topic.seq, received=now, payload=message.payload))
    Inbox.objects.bulk_create(rows, ignore_conflicts=True)
    for topic, message in too_large:
        kept, new = Inbox.objects.get_or_create(
            stream=streams[topic.box, topic.epoch],
            seq=topic.seq,
            defaults={
                "received": now,
                "state": Inbox.State.QUARANTINED,
                "payload": message.payload[:KEPT_BYTES],
            },
        )
        if new:
            reason = f"{len(message.payload)} bytes; an event has at most {MAX_EVENT_BYTES}"
            set_aside(topic.box, message.topic, message.payload, reason, now, inbox=kept)


def _advance(streams: Sequence[Stream]) -> None:
    """Moves each stream's count over what is committed without a gap."""
    for start in range(0, len(streams), ADVANCE_STREAMS):
        _advance_together(streams[start : start + ADVANCE_STREAMS])


def _advance_together(open_ends: Sequence[Stream]) -> None:
    while open_ends:
        reached = {stream.pk: stream.contiguous for stream in open_ends}
        beyond = Q()
        for pk, seq in reached.items():
            beyond |= Q(stream_id=pk, seq__gt=seq)
        rows = Inbox.objects.filter(beyond).order_by("stream_id", "seq").values_list("stream_id", "seq")
        page = list(rows[:ADVANCE_PAGE])
        for pk, seq in page:
            if seq == reached[pk] + 1:
                reached[pk] = seq
        for stream in open_ends:
            stream.contiguous = reached[stream.pk]
        if len(page) < ADVANCE_PAGE:
            return
        # The page ended within a stream: those before it are done, and so is it if a gap was reached.
        last, last_seq = page[-1]
        open_ends = [
            stream for stream in open_ends if stream.pk > last or (stream.pk == last and stream.contiguous == last_seq)
        ]
