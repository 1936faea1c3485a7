"""Evidence: bounded, repeated, and never held up by a piece that the centre refuses."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.outbox import WaitingEvidence
from edge.uplink.evidence_sender import EvidencePace, EvidenceSender

PACE = EvidencePace(unpassed=2, unconfirmed=4, timeout_s=30, attempts=3, round_s=600)


class Store:
    def __init__(self, count: int) -> None:
        self.pieces = [WaitingEvidence(place, f"piece {place}") for place in range(1, count + 1)]

    def waiting(self, after_place: int, limit: int) -> list[WaitingEvidence]:
        return [piece for piece in self.pieces if piece.place > after_place][:limit]

    def has(self, name: str) -> None:
        self.pieces = [piece for piece in self.pieces if piece.sha256 != name]


def ready() -> EvidenceSender:
    sender = EvidenceSender(PACE)
    sender.connected(0)
    return sender


def test_two_at_a_time_then_as_the_broker_takes_them():
    sender, store = ready(), Store(9)
    assert sender.due(store.waiting, 0) == ["piece 1", "piece 2"]
    assert sender.wake_at is None
    sender.passed_on()
    assert sender.due(store.waiting, 0) == ["piece 3"]
    for _ in range(2):
        sender.passed_on()
    assert sender.due(store.waiting, 0) == ["piece 4"]
    sender.passed_on()
    assert sender.due(store.waiting, 0) == []
    sender.finished(["piece 2"])
    assert sender.due(store.waiting, 0) == ["piece 5"]


def test_one_that_is_not_confirmed_is_repeated_and_then_makes_way_until_the_next_round():
    sender, store = ready(), Store(1)
    sent = []
    for second in range(1500):
        for name in sender.due(store.waiting, second):
            sent.append((second, name))
            sender.passed_on()
    assert [second for second, _ in sent[:4]] == [0, 30, 90, 600]


def test_a_new_connection_begins_anew():
    sender, store = ready(), Store(2)
    sender.due(store.waiting, 0)
    sender.connected(5)
    assert sender.due(store.waiting, 5) == ["piece 1", "piece 2"]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 30), st.data())
def test_whatever_is_refused_or_lost_everything_else_arrives(count, data):
    sender, store = ready(), Store(count)
    refused = data.draw(st.sets(st.sampled_from([piece.sha256 for piece in store.pieces])))
    losses = data.draw(st.lists(st.booleans(), max_size=40))
    now, sends = 0.0, 0
    for _ in range(3000):
        names = sender.due(store.waiting, now)
        sends += len(names)
        for name in names:
            sender.passed_on()
            lost = losses.pop() if losses else False
            if not lost and name not in refused:
                store.has(name)
                sender.finished([name])
        if {piece.sha256 for piece in store.pieces} == refused:
            break
        if not names:
            wake_at = sender.wake_at
            assert wake_at is not None
            now = max(now, wake_at)
    assert {piece.sha256 for piece in store.pieces} == refused
    assert sends <= 4000
