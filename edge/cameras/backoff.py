"""How long to wait before a camera is tried again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential with jitter: attempt n waits between half of and the whole of `first_s` · 2ⁿ, at most `longest_s`.

    The jitter keeps a cluster of cameras from coming back all at once after a power cut.
    """

    first_s: float = 1.0
    longest_s: float = 60.0

    def delay_s(self, failures: int, draw: float) -> float:
        """Seconds to wait after this many failures in a row (1 …); `draw` is uniform in 0 … 1.

        Never under `first_s` and never over `longest_s`.
        """
        ceiling_s = min(self.longest_s, self.first_s * 2.0 ** min(failures, 32))
        return max(self.first_s, ceiling_s * (0.5 + 0.5 * draw))
