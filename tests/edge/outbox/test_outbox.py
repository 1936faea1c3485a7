"""What the outbox stores, gives out and forgets."""

import threading
from uuid import uuid4

import pytest
from pydantic import ValidationError

from contract.acks import Ack
from contract.events import EpisodeEvent, EventType, Skipped, parse_event
from contract.ids import sha256_of
from edge.outbox import Budget, Outbox, Step
from tests.edge.outbox.steps import BOX, EPISODE, NOW, after, exhibit, step

ROOMY = Budget(limit_bytes=10**9)


@pytest.fixture
def outbox(tmp_path):
    outbox = Outbox.open(tmp_path, BOX, ROOMY)
    yield outbox
    outbox.close()


def bodies(outbox: Outbox, after_seq: int = 0) -> list[EpisodeEvent | Skipped]:
    return [parse_event(waiting.body) for waiting in outbox.pending(after_seq, 1000)]


def record(outbox: Outbox, type: EventType, **more) -> EpisodeEvent:  # noqa: A002
    return outbox.record(step(type, **more), state="{}", now=NOW)


def test_seqs_count_from_one_and_the_body_is_the_event(outbox):
    events = [record(outbox, kind) for kind in (EventType.OPENED, EventType.CLOSED, EventType.OPENED)]
    assert [event.seq for event in events] == [1, 2, 3]
    assert {event.epoch for event in events} == {outbox.epoch}
    assert bodies(outbox) == events
    assert [waiting.seq for waiting in outbox.pending(1, 1)] == [2]


def test_state_and_events_are_there_after_a_restart(outbox, tmp_path):
    outbox.record(step(zone="utara"), state='{"n": 1}', now=NOW)
    outbox.record(step(zone="selatan"), state='{"n": 2}', now=NOW)
    outbox.record(step(EventType.UPDATED, zone="utara"), state='{"n": 3}', now=NOW)
    epoch = outbox.epoch
    outbox.close()
    again = Outbox.open(tmp_path, BOX, ROOMY)
    assert again.epoch == epoch
    assert {(episode.about, episode.state) for episode in again.open_episodes()} == {
        ("utara", '{"n": 3}'),
        ("selatan", '{"n": 2}'),
    }
    assert len(bodies(again)) == 3
    assert again.record(step(EventType.CLOSED, zone="utara"), state=None, now=NOW).seq == 4
    assert [episode.about for episode in again.open_episodes()] == ["selatan"]
    again.close()


def test_an_event_against_the_contract_stores_nothing(outbox, tmp_path):
    with pytest.raises(ValidationError, match="began lies after"):
        outbox.record(
            Step(EventType.OPENED, "simpang", EPISODE, after(-60), step().data),
            state='{"n": 1}',
            evidence=[exhibit()],
            now=NOW,
        )
    assert outbox.pending(0, 10) == ()
    assert outbox.open_episodes() == ()
    assert list((tmp_path / "evidence").iterdir()) == []
    assert record(outbox, EventType.OPENED).seq == 1


def test_acknowledged_events_are_deleted_and_the_highest_ack_counts(outbox):
    for _ in range(5):
        record(outbox, EventType.OPENED)
    outbox.acknowledge(Ack(epoch=outbox.epoch, seq=3))
    outbox.acknowledge(Ack(epoch=outbox.epoch, seq=2))
    assert outbox.acked_seq == 3
    assert [waiting.seq for waiting in outbox.pending(0, 10)] == [4, 5]
    outbox.acknowledge(Ack(epoch="0" * 16, seq=5))
    assert outbox.acked_seq == 3


class TestCoalescing:
    def test_a_newer_update_replaces_one_that_was_not_sent(self, outbox):
        record(outbox, EventType.OPENED)
        record(outbox, EventType.UPDATED, vehicles=1)
        record(outbox, EventType.UPDATED, vehicles=2)
        opened, skipped, newest = bodies(outbox)
        assert isinstance(opened, EpisodeEvent)
        assert skipped == Skipped()
        assert isinstance(newest, EpisodeEvent)
        assert newest.data.measures.vehicles == 2

    def test_what_was_sent_stays_as_it_was(self, outbox, tmp_path):
        record(outbox, EventType.UPDATED)
        outbox.mark_sent(1)
        outbox.close()
        again = Outbox.open(tmp_path, BOX, ROOMY)
        record(again, EventType.UPDATED)
        assert all(isinstance(body, EpisodeEvent) for body in bodies(again))
        again.close()

    def test_opened_closed_and_other_episodes_stay(self, outbox):
        record(outbox, EventType.OPENED)
        record(outbox, EventType.UPDATED, episode=uuid4())
        record(outbox, EventType.CLOSED)
        record(outbox, EventType.UPDATED)
        assert all(isinstance(body, EpisodeEvent) for body in bodies(outbox))

    def test_an_update_with_evidence_stays(self, outbox):
        outbox.record(step(EventType.UPDATED), state="{}", evidence=[exhibit()], now=NOW)
        record(outbox, EventType.UPDATED)
        assert all(isinstance(body, EpisodeEvent) for body in bodies(outbox))


class TestEvidence:
    def test_it_is_named_in_the_event_and_waits_for_its_ack(self, outbox):
        event = outbox.record(step(), state="{}", evidence=[exhibit(b"one"), exhibit(b"two")], now=NOW)
        assert [signed.manifest.sha256 for signed in event.data.evidence] == [sha256_of(b"one"), sha256_of(b"two")]
        assert outbox.evidence_to_send(0, 10) == ()
        outbox.acknowledge(Ack(epoch=outbox.epoch, seq=1))
        waiting = outbox.evidence_to_send(0, 10)
        assert [outbox.read_evidence(piece.sha256) for piece in waiting] == [b"one", b"two"]
        assert outbox.evidence_to_send(waiting[0].place, 10) == waiting[1:]

    def test_what_the_centre_has_is_deleted(self, outbox, tmp_path):
        outbox.record(step(), state="{}", evidence=[exhibit(b"one"), exhibit(b"two")], now=NOW)
        outbox.acknowledge(Ack(epoch=outbox.epoch, seq=1, have=(sha256_of(b"one"), "0" * 64)))
        assert [piece.sha256 for piece in outbox.evidence_to_send(0, 10)] == [sha256_of(b"two")]
        assert [path.name for path in (tmp_path / "evidence").iterdir()] == [sha256_of(b"two")]
        assert outbox.read_evidence(sha256_of(b"one")) is None
        assert outbox.status(NOW).evidence_bytes == 3

    def test_the_same_bytes_twice_are_kept_for_both(self, outbox):
        outbox.record(step(), state="{}", evidence=[exhibit()], now=NOW)
        outbox.acknowledge(Ack(epoch=outbox.epoch, seq=1))
        outbox.record(step(EventType.CLOSED), state=None, evidence=[exhibit()], now=NOW)
        assert outbox.evidence_to_send(0, 10) == ()
        outbox.acknowledge(Ack(epoch=outbox.epoch, seq=2))
        assert len(outbox.evidence_to_send(0, 10)) == 1

    def test_a_damaged_file_is_forgotten_and_not_sent(self, outbox, tmp_path):
        outbox.record(step(), state="{}", evidence=[exhibit()], now=NOW)
        outbox.acknowledge(Ack(epoch=outbox.epoch, seq=1))
        (tmp_path / "evidence" / exhibit().sha256).write_bytes(b"stilL")
        assert outbox.read_evidence(exhibit().sha256) is None
        assert outbox.evidence_to_send(0, 10) == ()

    def test_an_event_goes_without_evidence_that_cannot_be_written(self, outbox, tmp_path):
        (tmp_path / "evidence").rmdir()
        event = outbox.record(step(), state="{}", evidence=[exhibit()], now=NOW)
        assert event.data.evidence == ()
        assert outbox.status(NOW).evidence_waiting == 0


def test_the_status_tells_counts_and_age(outbox):
    assert outbox.status(NOW).age_s == 0
    record(outbox, EventType.OPENED)
    record(outbox, EventType.UPDATED)
    outbox.acknowledge(Ack(epoch=outbox.epoch, seq=1))
    status = outbox.status(after(90))
    assert (status.last_seq, status.acked_seq, status.waiting, status.age_s) == (2, 1, 1, 90)
    assert status.body_bytes == len(outbox.pending(0, 1)[0].body)
    assert outbox.status(after(-90)).age_s == 0


def test_many_threads_get_one_sequence(outbox):
    woken = []
    outbox.watch(lambda: woken.append(1))

    def work() -> None:
        for _ in range(20):
            event = record(outbox, EventType.UPDATED, episode=uuid4())
            outbox.pending(0, 5)
            outbox.acknowledge(Ack(epoch=event.epoch, seq=event.seq // 2))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waiting = [event.seq for event in outbox.pending(0, 100)]
    assert waiting == list(range(outbox.acked_seq + 1, 81))
    assert len(woken) == 80


def test_an_ack_from_the_future_begins_a_new_epoch_and_loses_nothing(outbox, tmp_path):
    for vehicles in range(4):
        outbox.record(
            step(EventType.OPENED, vehicles=vehicles), state="{}", evidence=[exhibit(bytes([vehicles]))], now=NOW
        )
    old = outbox.epoch
    outbox.acknowledge(Ack(epoch=old, seq=2))
    outbox.mark_sent(4)
    outbox.acknowledge(Ack(epoch=old, seq=9))
    assert outbox.epoch != old
    events = bodies(outbox)
    assert [(event.seq, event.epoch, event.data.measures.vehicles) for event in events] == [
        (1, outbox.epoch, 2),
        (2, outbox.epoch, 3),
    ]
    assert len(outbox.evidence_to_send(0, 10)) == 2
    assert record(outbox, EventType.CLOSED).seq == 3
    outbox.close()
    Outbox.open(tmp_path, BOX, ROOMY).close()
