"""Which events to publish now. No clock, no thread, no network: numbers in, numbers out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How much may be under way.

    Attributes:
        unpassed: publications that the broker has not taken yet.
        unacknowledged: events beyond the centre's ack, whoever holds them.
        ack_timeout_s: the centre's silence after which all are sent again from its ack on; doubles while it stays
            silent, up to ack_timeout_max_s, so that an hour without centre does not fill the broker with repetitions.
    """

    unpassed: int = 64
    unacknowledged: int = 512
    ack_timeout_s: float = 30.0
    ack_timeout_max_s: float = 600.0


class EventSender:
    """Sends in the order of seq, goes back to ack + 1 after a reconnect or when the centre is silent."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._connected = False
        self._acked = 0
        self._next = 1
        self._unpassed = 0
        self._timeout_s = pace.ack_timeout_s
        self._again_at: float | None = None

    def connected(self, acked_seq: int) -> None:
        """A new connection, or a new epoch: everything after `acked_seq` is to be sent."""
        self._connected = True
        self._acked = acked_seq
        self._next = acked_seq + 1
        self._unpassed = 0
        self._timeout_s = self._pace.ack_timeout_s
        self._again_at = None

    def disconnected(self) -> None:
        """Nothing is sent until `connected`."""
        self._connected = False
        self._again_at = None

    def passed_on(self) -> None:
        """The broker has taken one of the publications."""
        self._unpassed = max(0, self._unpassed - 1)

    def acknowledged(self, acked_seq: int, now: float) -> None:
        """The centre has spoken: it has everything up to `acked_seq` (and is alive, even if that is nothing new)."""
        self._timeout_s = self._pace.ack_timeout_s
        advanced = acked_seq > self._acked
        self._acked = max(self._acked, acked_seq)
        self._next = max(self._next, self._acked + 1)
        if self._next == self._acked + 1:
            self._again_at = None
        elif self._again_at is not None:
            self._again_at = now + self._timeout_s if advanced else min(self._again_at, now + self._timeout_s)

    def due(self, last_seq: int, now: float) -> range:
        """The seqs to publish now, in this order; they count as published. `last_seq` is the outbox's newest."""
        if not self._connected:
            return range(0)
        if self._again_at is not None and now >= self._again_at:
            self._next = self._acked + 1
            self._again_at = None
            self._timeout_s = min(2 * self._timeout_s, self._pace.ack_timeout_max_s)
        until = min(
            last_seq + 1,
            self._acked + self._pace.unacknowledged + 1,
            self._next + self._pace.unpassed - self._unpassed,
        )
        seqs = range(self._next, max(until, self._next))
        self._next = seqs.stop
        self._unpassed += len(seqs)
        if seqs and self._again_at is None:
            self._again_at = now + self._timeout_s
        return seqs

    @property
    def wake_at(self) -> float | None:
        """When `due` is to be asked again even if nothing happens; None = only when something does."""
        return self._again_at
