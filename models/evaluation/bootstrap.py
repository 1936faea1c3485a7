"""How far a figure may be off because these and not other pictures were labelled."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """Percentile interval: LEVEL of the drawn figures lie in it. Both NaN where no draw gave a figure."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:.2f} … {self.high:.2f}"


def interval(figure: Callable[[NDArray[np.intp]], float], count: int, rounds: int = 1000, seed: int = 0) -> Interval:
    """Draw `count` units with replacement, `rounds` times, and look where the figure lands.

    Args:
        figure: of the units with these indices, [count], some of them repeated; NaN where it has none (left out).
        count: of the units that vary together: pictures, or cameras.
        rounds: draws.
        seed: same seed, same interval.
    """
    generator = np.random.default_rng(seed)
    drawn = np.array([figure(generator.integers(0, count, count)) for _ in range(rounds if count else 0)])
    drawn = drawn[np.isfinite(drawn)] if len(drawn) else drawn
    if not len(drawn):
        return Interval(float("nan"), float("nan"))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
