"""Which evidence to publish now. No clock, no thread, no network."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from edge.outbox.records import WaitingEvidence

Waiting = Callable[[int, int], Sequence[WaitingEvidence]]
"""outbox.evidence_to_send(after_place, limit)."""


@dataclass(frozen=True, slots=True)
class EvidencePace:
    """How much may be under way.

    Attributes:
        unpassed: pieces that the broker has not taken yet; a piece is up to 768 KiB.
        unconfirmed: pieces the broker took and the centre has not named yet.
        timeout_s: the centre's silence about a piece after which it is sent again; doubles each time.
        attempts: after so many the piece makes way, until the next round.
        round_s: how often a round begins with everything that still waits. A new connection begins one, too.
    """

    unpassed: int = 2
    unconfirmed: int = 16
    timeout_s: float = 30.0
    attempts: int = 3
    round_s: float = 600.0


@dataclass(slots=True)
class _Sent:
    attempts: int
    again_at: float


class EvidenceSender:
    """Goes through what waits in the order of recording; repeats what the centre does not confirm, within bounds, so
    that a piece it refuses never holds up the others."""

    def __init__(self, pace: EvidencePace) -> None:
        self._pace = pace
        self._place = 0
        self._unpassed = 0
        self._sent: dict[str, _Sent] = {}
        self._round_at = 0.0

    def connected(self, now: float) -> None:
        """A new connection: a round begins, nothing is under way."""
        self._unpassed = 0
        self._begin_round(now)

    def passed_on(self) -> None:
        """The broker has taken one of the pieces."""
        self._unpassed = max(0, self._unpassed - 1)

    def finished(self, names: Iterable[str]) -> None:
        """The centre has these, or they are gone from the box: they are not sent again."""
        for sha256 in names:
            self._sent.pop(sha256, None)

    def due(self, waiting: Waiting, now: float) -> list[str]:
        """The sha256 of what to publish now; it counts as published.

        Args:
            waiting: gives what waits after a place, in order, at most so many.
            now: seconds of a clock that never goes back.
        """
        if now >= self._round_at and not self._sent and not waiting(self._place, 1):
            self._begin_round(now)
        names = self._repeated(now)
        room = min(self._pace.unpassed - self._unpassed, self._pace.unconfirmed - len(self._sent))
        for piece in waiting(self._place, room) if room > 0 else ():
            self._place = piece.place
            self._sent[piece.sha256] = _Sent(1, now + self._pace.timeout_s)
            self._unpassed += 1
            names.append(piece.sha256)
        return names

    @property
    def wake_at(self) -> float | None:
        """When `due` is to be asked again even if nothing happens; None = only when the broker takes something."""
        if self._unpassed >= self._pace.unpassed:
            return None
        return min((sent.again_at for sent in self._sent.values()), default=self._round_at)

    def _repeated(self, now: float) -> list[str]:
        again = []
        for sha256, sent in list(self._sent.items()):
            if now < sent.again_at or self._unpassed >= self._pace.unpassed:
                continue
            if sent.attempts >= self._pace.attempts:
                del self._sent[sha256]
                continue
            again.append(sha256)
            sent.again_at = now + self._pace.timeout_s * 2**sent.attempts
            sent.attempts += 1
            self._unpassed += 1
        return again

    def _begin_round(self, now: float) -> None:
        self._place = 0
        self._sent.clear()
        self._round_at = now + self._pace.round_s
