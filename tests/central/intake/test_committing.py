"""What is acknowledged is committed, and nothing else is."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.boxes.enrolment import enrol
from central.intake import committing
from central.intake.committing import believe, commit_events
from central.intake.models import Gap, Inbox, Quarantined, Stream
from central.intake.subscription import Message
from contract.events import MAX_EVENT_BYTES
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


def test_batch_is_committed_once_and_acknowledged(box: FakeBox) -> None:
    jam = episode()
    batch = [box.opened(jam, 0), box.updated(jam, 5), box.closed(jam, 9)]
    [due] = commit_events(batch, NOON)
    assert (due.box, due.ack.epoch, due.ack.seq) == (box.id, box.epoch, 3)
    assert [bytes(row.payload) for row in Inbox.objects.order_by("seq")] == [message.payload for message in batch]


def test_duplicates_are_acknowledged_again_and_kept_once(box: FakeBox) -> None:
    message = box.opened(episode())
    commit_events([message, message], NOON)
    [again] = commit_events([message], at(1))
    assert again.ack.seq == 1
    assert Inbox.objects.count() == 1


def test_ack_stops_before_a_gap_and_jumps_when_it_is_filled(box: FakeBox) -> None:
    jam = episode()
    first, second, third = box.opened(jam, 0), box.updated(jam, 5), box.closed(jam, 9)
    assert commit_events([first, third], NOON)[0].ack.seq == 1
    assert commit_events([second], NOON)[0].ack.seq == 3


@given(order=st.permutations(range(1, 9)), cuts=st.sets(st.integers(1, 7)))
@settings(max_examples=25, deadline=None)
def test_ack_is_the_highest_contiguous_for_any_arrival(order: list[int], cuts: set[int]) -> None:
    fake = FakeBox("any-box")
    enrol(fake.id, fake.public_key, NOON, renew=True)
    arrived: set[int] = set()
    edges = [0, *sorted(cuts), len(order)]
    for begin, end in itertools.pairwise(edges):
        part = order[begin:end]
        [due] = commit_events([fake.raw(b"{}", seq) for seq in part], NOON)
        arrived |= set(part)
        assert due.ack.seq == next(seq for seq in range(10) if seq + 1 not in arrived)


def test_unknown_box_hears_no_ack_and_the_remedy_is_on_record() -> None:
    stranger = FakeBox("stranger")
    jam = episode()
    assert commit_events([stranger.opened(jam), stranger.updated(jam, 5)], NOON) == []
    assert commit_events([stranger.updated(jam, 6)], at(6)) == []
    aside = Quarantined.objects.get()
    assert "sigap-central manage enrol stranger" in aside.reason
    assert (aside.times, aside.last) == (3, at(6))
    assert not Inbox.objects.exists()


def test_enrolled_later_it_is_heard(db: None) -> None:
    late = FakeBox("late")
    message = late.opened(episode())
    commit_events([message], NOON)
    enrol(late.id, late.public_key, NOON)
    assert commit_events([message], at(30))[0].ack.seq == 1


@pytest.mark.parametrize(
    "topic",
    ["sigap/v1/box one/event/0123456789abcdef/1", "sigap/v1/a.b/event/0123456789abcdef/1", "sigap/v1/b/event/x/1", "x"],
)
def test_topic_that_is_not_ours_is_set_aside(box: FakeBox, topic: str) -> None:
    good = box.opened(episode())
    [due] = commit_events([Message(topic, b"{}"), good], NOON)
    assert due.ack.seq == 1
    assert Quarantined.objects.get().topic == topic


def test_too_large_an_event_counts_as_committed_and_is_set_aside(box: FakeBox) -> None:
    [due] = commit_events([box.raw(b"x" * (MAX_EVENT_BYTES + 1)), box.opened(episode())], NOON)
    assert due.ack.seq == 2
    row = Inbox.objects.get(seq=1)
    assert row.state == Inbox.State.QUARANTINED
    assert len(row.payload) == 4096
    assert "at most" in Quarantined.objects.get().reason


def test_two_epochs_are_counted_apart(box: FakeBox) -> None:
    commit_events([box.opened(episode()), box.opened(episode())], NOON)
    box.epoch, box.seq = "f" * 16, 0
    [due] = commit_events([box.opened(episode())], NOON)
    assert (due.ack.epoch, due.ack.seq) == ("f" * 16, 1)


def test_count_goes_over_many_streams_and_pages(box: FakeBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "ADVANCE_PAGE", 3)
    monkeypatch.setattr(committing, "ADVANCE_STREAMS", 2)
    wanted = {}
    for number, present in enumerate([range(1, 8), [1, 2, 4, 5, 6, 7], [2, 3], range(1, 4), [1]]):
        epoch = f"{number:016x}"
        stream = Stream.objects.create(box_id=box.id, epoch=epoch, first_seen=NOON, last_seen=NOON)
        Inbox.objects.bulk_create([Inbox(stream=stream, seq=seq, received=NOON, payload=b"") for seq in present])
        wanted[epoch] = next(seq for seq in range(10) if seq + 1 not in present)
    spoken = []
    for epoch in wanted:
        box.epoch = epoch
        spoken.append(box.raw(b"{}", 100))
    assert {due.ack.epoch: due.ack.seq for due in committing.commit_events(spoken, NOON)} == wanted


def test_restored_database_goes_on_behind_what_the_box_no_longer_has(box: FakeBox) -> None:
    box.seq = 40
    [stuck] = commit_events([box.opened(episode())], NOON)
    assert stuck.ack.seq == 0
    due = believe(box.id, box.epoch, 40, at(1))
    assert due.ack.seq == 41
    gap = Gap.objects.get()
    assert (gap.first_seq, gap.last_seq) == (1, 40)
    assert believe(box.id, box.epoch, 40, at(2)).ack.seq == 41
    assert Gap.objects.count() == 1


def test_gap_names_only_what_is_missing(box: FakeBox) -> None:
    commit_events([box.raw(b"{}", 3), box.raw(b"{}", 4)], NOON)
    believe(box.id, box.epoch, 6, NOON)
    assert [(gap.first_seq, gap.last_seq) for gap in Gap.objects.order_by("first_seq")] == [(1, 2), (5, 6)]


def test_a_box_that_is_behind_changes_nothing(box: FakeBox) -> None:
    commit_events([box.opened(episode()), box.opened(episode())], NOON)
    assert believe(box.id, box.epoch, 0, NOON).ack.seq == 2
    assert not Gap.objects.exists()
    assert Stream.objects.get().contiguous == 2
