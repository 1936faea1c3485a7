"""One comparison: several rounds of ours and the peer in turn, so that a drifting machine hits both."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """CPU seconds of each round, of ours and of the peer."""

    name: str
    ours: str
    peer: str
    ours_s: tuple[float, ...]
    peer_s: tuple[float, ...]
    per: str

    @property
    def ratio(self) -> float:
        """Median over rounds of peer ÷ ours: how many times cheaper ours is."""
        return statistics.median(peer / ours for ours, peer in zip(self.ours_s, self.peer_s, strict=True))

    def row(self) -> str:
        """A row of the table in docs/benchmarks.md."""
        ours, peer = statistics.median(self.ours_s), statistics.median(self.peer_s)
        return (
            f"| {self.name} | {self.ours}: {1000 * ours:.1f} ms | {self.peer}: {1000 * peer:.1f} ms | {self.per} "
            f"| {self.ratio:.1f} × |"
        )


def cpu_s(work: Callable[[], object]) -> float:
    """Processor time of this process, all threads, in seconds."""
    began = time.process_time()
    work()
    return time.process_time() - began


def compare(
    name: str, ours: tuple[str, Callable[[], object]], peer: tuple[str, Callable[[], object]], *,
    per: str, share: float = 1.0, rounds: int = 5,
) -> Comparison:  # fmt: skip
    """Ours and the peer in turn, after one round that is not counted. `share` scales to the unit named by `per`."""
    pairs = [(cpu_s(ours[1]) * share, cpu_s(peer[1]) * share) for _ in range(rounds + 1)][1:]
    return Comparison(name, ours[0], peer[0], tuple(o for o, _ in pairs), tuple(p for _, p in pairs), per)
