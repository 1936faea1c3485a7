"""The order of events on the wire, whatever the network does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.uplink.event_sender import EventSender, Pace

PACE = Pace(unpassed=4, unacknowledged=10, ack_timeout_s=30, ack_timeout_max_s=100)


def connected(acked: int = 0) -> EventSender:
    sender = EventSender(PACE)
    sender.connected(acked)
    return sender


def test_nothing_is_sent_without_a_connection():
    sender = EventSender(PACE)
    assert not sender.due(5, 0)
    sender.connected(0)
    sender.disconnected()
    assert not sender.due(5, 0)


def test_the_broker_paces_and_the_centre_bounds():
    sender = connected()
    assert sender.due(50, 0) == range(1, 5)
    assert not sender.due(50, 0)
    for _ in range(4):
        sender.passed_on()
    assert sender.due(50, 0) == range(5, 9)
    for _ in range(4):
        sender.passed_on()
    assert sender.due(50, 0) == range(9, 11)
    sender.acknowledged(3, 1)
    assert sender.due(50, 1) == range(11, 13)


def test_a_silent_centre_gets_everything_again_more_and_more_seldom():
    sender = connected(acked=2)
    assert sender.due(4, 0) == range(3, 5)
    sender.passed_on()
    sender.passed_on()
    times = []
    for second in range(1, 400):
        if seqs := sender.due(4, second):
            assert seqs == range(3, 5)
            times.append(second)
            sender.passed_on()
            sender.passed_on()
    assert times == [30, 90, 190, 290, 390]


def test_a_centre_that_speaks_again_is_not_kept_waiting():
    sender = connected()
    for second in (0, 30, 90):
        assert sender.due(1, second) == range(1, 2)
        sender.passed_on()
    sender.acknowledged(0, 95)
    assert sender.wake_at == 125
    assert sender.due(1, 125) == range(1, 2)


def test_progress_starts_the_wait_again_and_completion_ends_it():
    sender = connected()
    sender.due(4, 0)
    sender.acknowledged(2, 20)
    assert sender.wake_at == 50
    sender.acknowledged(4, 25)
    assert sender.wake_at is None


def test_a_reconnect_begins_after_the_ack():
    sender = connected()
    sender.due(4, 0)
    sender.acknowledged(1, 1)
    sender.disconnected()
    sender.connected(1)
    assert sender.due(4, 2) == range(2, 5)


MOVES = st.lists(
    st.sampled_from(("record", "pass on", "lose", "hear", "ack", "lose ack", "reconnect", "wait")), max_size=120
)


@settings(max_examples=300, deadline=None)
@given(MOVES)
def test_everything_arrives_in_the_order_of_first_sending(moves):
    """A model of the way: a broker that loses what it took, a centre that commits without gaps, acks that get lost."""
    way = _Way()
    for move in moves:
        way.make(move)
    way.come_to_rest()
    assert way.committed == way.last_seq
    assert way.first_sent == list(range(1, way.last_seq + 1))
    assert way.acked == way.last_seq


class _Way:
    def __init__(self) -> None:
        self.sender = connected()
        self.now = 0.0
        self.last_seq = 0
        self.acked = 0
        self.first_sent: list[int] = []
        self.at_broker: list[int] = []
        self.at_centre: set[int] = set()
        self.passing: list[int] = []
        self.acks: list[int] = []

    @property
    def committed(self) -> int:
        seq = 0
        while seq + 1 in self.at_centre:
            seq += 1
        return seq

    def make(self, move: str) -> None:
        match move:
            case "record":
                self.last_seq += 1
            case "pass on" if self.passing:
                self.at_broker.append(self.passing.pop(0))
                self.sender.passed_on()
            case "lose" if self.at_broker:
                self.at_broker.pop(0)
            case "hear" if self.at_broker:
                self.at_centre.add(self.at_broker.pop())
                self.acks.append(self.committed)
            case "ack" if self.acks:
                self.take_ack(self.acks.pop())
            case "lose ack" if self.acks:
                self.acks.pop(0)
            case "reconnect":
                self.passing.clear()
                self.sender.disconnected()
                self.sender.connected(self.acked)
            case "wait":
                self.now += 31
        self.send()

    def take_ack(self, seq: int) -> None:
        assert seq <= self.committed, "the box would delete what the centre does not have"
        self.acked = max(self.acked, seq)
        self.sender.acknowledged(self.acked, self.now)

    def send(self) -> None:
        for seq in self.sender.due(self.last_seq, self.now):
            assert seq > self.acked
            if not self.first_sent or seq > self.first_sent[-1]:
                self.first_sent.append(seq)
            self.passing.append(seq)
        assert len(self.passing) <= PACE.unpassed

    def come_to_rest(self) -> None:
        for _ in range(1000):
            if self.acked == self.last_seq:
                return
            while self.passing:
                self.make("pass on")
            while self.at_broker:
                self.make("hear")
            while self.acks:
                self.take_ack(self.acks.pop(0))
            wake_at = self.sender.wake_at
            self.send()
            if not self.passing and self.acked < self.last_seq:
                assert wake_at is not None, "the sender would sleep for ever"
                self.now = max(self.now, wake_at)
                self.send()
        raise AssertionError("it never came to rest")
