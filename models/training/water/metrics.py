"""How good a mask or a judgement is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Overlap:
    """Pixels in both, and in either, of two masks; adds up over pictures."""

    both: int
    either: int

    @classmethod
    def of(cls, found: NDArray[np.bool_], true: NDArray[np.bool_]) -> "Overlap":
        """Of two masks of one shape."""
        return cls(int((found & true).sum()), int((found | true).sum()))

    def __add__(self, other: "Overlap") -> "Overlap":
        return Overlap(self.both + other.both, self.either + other.either)

    @property
    def iou(self) -> float:
        """Intersection over union; 1 where both masks are empty."""
        return self.both / self.either if self.either else 1.0


def area_under_curve(scores: ArrayLike, labels: ArrayLike) -> float:
    """Probability that a flooded tile scores above a dry one, ties counting half (Mann-Whitney); nan for one class."""
    values, flooded = np.asarray(scores, np.float64), np.asarray(labels, np.bool_)
    positive, negative = values[flooded], values[~flooded]
    if not len(positive) or not len(negative):
        return float("nan")
    difference = positive[:, None] - negative[None, :]
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and the middle 95 % of its bootstrap."""

    value: float
    low: float
    high: float


def auc_over_cameras(
    scores: Sequence[float], labels: Sequence[int], cameras: Sequence[str], seed: int, draws: int = 2000
) -> Interval:
    """AUC of all tiles, with the interval from drawing whole cameras with replacement.

    Tiles of one camera are not independent: drawing tiles would make the interval too narrow (cluster bootstrap).
    """
    values, flooded = np.asarray(scores, np.float64), np.asarray(labels, np.int64)
    members = [np.flatnonzero(np.asarray(cameras) == camera) for camera in sorted(set(cameras))]
    generator = np.random.default_rng(seed)
    drawn = []
    for _ in range(draws):
        chosen = np.concatenate([members[i] for i in generator.integers(0, len(members), len(members))])
        drawn.append(area_under_curve(values[chosen], flooded[chosen]))
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Interval(area_under_curve(values, flooded), float(low), float(high))
