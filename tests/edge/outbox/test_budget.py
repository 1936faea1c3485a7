"""What is given up, in which order, and what never is."""

from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.acks import Ack
from contract.events import EpisodeEvent, EventType, parse_event
from edge.outbox import Budget, Outbox
from tests.edge.outbox.steps import BOX, NOW, exhibit, step

OPENED, UPDATED, CLOSED = EventType.OPENED, EventType.UPDATED, EventType.CLOSED


def content(number: int, size: int = 10_000) -> bytes:
    return number.to_bytes(2, "big") * (size // 2)


def open_with(tmp_path, limit: int, reserve: int = 1000) -> Outbox:
    return Outbox.open(tmp_path, BOX, Budget(limit, reserve))


def pieces_left(outbox: Outbox) -> list[int]:
    outbox.acknowledge(Ack(epoch=outbox.epoch, seq=outbox.last_seq))
    waiting = outbox.evidence_to_send(0, 100)
    return [int.from_bytes((outbox.read_evidence(piece.sha256) or b"")[:2], "big") for piece in waiting]


def test_evidence_of_updates_and_acknowledged_events_goes_first(tmp_path):
    outbox = open_with(tmp_path, limit=41_000)
    outbox.record(step(OPENED), state="{}", evidence=[exhibit(content(1))], now=NOW)
    outbox.acknowledge(Ack(epoch=outbox.epoch, seq=1))
    for number, kind in ((2, OPENED), (3, UPDATED), (4, OPENED), (5, CLOSED)):
        outbox.record(step(kind), state="{}", evidence=[exhibit(content(number))], now=NOW)
    assert pieces_left(outbox) == [2, 4, 5]
    assert {path.name for path in (tmp_path / "evidence").iterdir()} == {
        exhibit(content(number)).sha256 for number in (2, 4, 5)
    }
    assert outbox.status(NOW).dropped == 2
    outbox.close()


def test_then_the_oldest_of_what_waits(tmp_path):
    outbox = open_with(tmp_path, limit=26_000)
    for number in (1, 2, 3, 4):
        outbox.record(step(OPENED), state="{}", evidence=[exhibit(content(number))], now=NOW)
    assert pieces_left(outbox) == [3, 4]
    outbox.close()


def test_then_bodies_of_updates_and_never_opened_or_closed(tmp_path):
    outbox = open_with(tmp_path, limit=20_000, reserve=5_000)
    for _ in range(30):
        for kind in (OPENED, UPDATED, CLOSED):
            outbox.record(step(kind, episode=uuid4()), state="{}", now=NOW)
    bodies = [parse_event(waiting.body) for waiting in outbox.pending(0, 1000)]
    kinds = [body.type for body in bodies if isinstance(body, EpisodeEvent)]
    assert kinds.count(OPENED) == kinds.count(CLOSED) == 30
    assert kinds.count(UPDATED) < 5
    assert [waiting.seq for waiting in outbox.pending(0, 1000)] == list(range(1, 91))
    outbox.close()


def test_the_reserve_is_not_used_by_others(tmp_path):
    outbox = open_with(tmp_path, limit=100_000, reserve=60_000)
    for number in range(12):
        outbox.record(step(UPDATED, episode=uuid4()), state="{}", evidence=[exhibit(content(number))], now=NOW)
    status = outbox.status(NOW)
    assert 20_000 < status.evidence_bytes + status.body_bytes <= 40_000
    outbox.close()


def test_a_limit_below_the_reserve_is_refused():
    with pytest.raises(ValueError, match=r"disk_limit is 20 MB; give more than the 32 MB"):
        Budget(limit_bytes=20_000_000)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from((OPENED, UPDATED, CLOSED)), st.integers(0, 3), st.integers(0, 4)), max_size=25)
)
def test_it_keeps_its_books(tmp_path_factory, moves):
    """Whatever happens: sizes told are sizes held, files are those named, and the limit holds where it can."""
    tmp_path = tmp_path_factory.mktemp("state")
    outbox = open_with(tmp_path, limit=30_000, reserve=4_000)
    for number, (kind, pieces, acked) in enumerate(moves):
        exhibits = [exhibit(content(number * 10 + piece, 3_000)) for piece in range(pieces)]
        outbox.record(step(kind), state="{}", evidence=exhibits, now=NOW)
        if acked == 0:
            outbox.acknowledge(
                Ack(epoch=outbox.epoch, seq=outbox.last_seq - 1, have=(exhibit(content(number * 10, 3_000)).sha256,))
            )
    waiting = [body for body in outbox.pending(0, 1000) if b"skipped" not in body.body]
    files = {path.name: path.stat().st_size for path in (tmp_path / "evidence").iterdir()}
    status = outbox.status(NOW)
    assert status.body_bytes == sum(len(event.body) for event in waiting)
    assert status.evidence_bytes == sum(files.values())
    assert status.evidence_waiting == len(files)
    kept = sum(len(event.body) for event in waiting if b"updated.v1" not in event.body)
    assert status.evidence_bytes + status.body_bytes <= max(30_000, kept)
    outbox.close()
