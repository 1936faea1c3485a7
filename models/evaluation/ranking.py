"""The boxes of many pictures in the order of their scores: what precision and recall are read from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.boxes import Boxes
from models.evaluation.matching import Matches

Weights = NDArray[np.integer]
"""[pictures]: how often each picture counts; a bootstrap draws some twice and others not at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """All boxes of all pictures, strongest first, and all things.

    Attributes:
        scores: float32 [n], falling.
        hits: bool [n].
        picture: int [n], whose box it is.
        truth: float32 [m, 4].
        found: float32 [m], the score of the box that found it, 0 where none did.
        home: int [m], whose thing it is.
        pictures: how many there are.
    """

    scores: NDArray[np.float32]
    hits: NDArray[np.bool_]
    picture: NDArray[np.intp]
    truth: Boxes
    found: NDArray[np.float32]
    home: NDArray[np.intp]
    pictures: int

    @classmethod
    def of(cls, matches: Sequence[Matches]) -> "Ranking":
        """Of these pictures; equal scores keep their order."""
        numbers = np.arange(len(matches))
        scores = np.concatenate([np.zeros(0, np.float32), *(picture.scores for picture in matches)])
        order = np.argsort(-scores, kind="stable")
        return cls(
            scores[order],
            np.concatenate([np.zeros(0, bool), *(picture.hits for picture in matches)])[order],
            np.repeat(numbers, [len(picture.scores) for picture in matches])[order],
            np.concatenate([np.zeros((0, 4), np.float32), *(picture.truth for picture in matches)]),
            np.concatenate([np.zeros(0, np.float32), *(picture.found for picture in matches)]),
            np.repeat(numbers, [len(picture.truth) for picture in matches]),
            len(matches),
        )

    def once(self) -> Weights:
        """Every picture counts once."""
        return np.ones(self.pictures, np.int64)

    def average_precision(self, weights: Weights) -> float:
        """Mean of the interpolated precision at 101 recalls (COCO); NaN where nothing was labelled."""
        things = weights[self.home].sum()
        if not things:
            return float("nan")
        recall = np.cumsum(weights[self.picture] * self.hits) / things
        best_from_here = np.maximum.accumulate(self.precision(weights)[::-1])[::-1]
        reached = np.searchsorted(recall, np.linspace(0, 1, 101))
        return float(np.append(best_from_here, 0.0)[reached].mean())

    def precision(self, weights: Weights) -> NDArray[np.float64]:
        """The share of right ones among the boxes down to each: [n]; 0 as long as none has counted."""
        counted = np.cumsum(weights[self.picture])
        right = np.cumsum(weights[self.picture] * self.hits)
        return np.divide(right, counted, out=np.zeros(len(right)), where=counted > 0)

    def score_at(self, precision: float, weights: Weights) -> float:
        """The lowest score down to which so many boxes are right; above 1 where no score is enough."""
        good = np.flatnonzero(self.precision(weights) >= precision)
        return float(self.scores[good[-1]]) if len(good) else float("inf")

    def recall(self, score: float, weights: Weights) -> float:
        """The share of things found by a box of at least this score; NaN where nothing was labelled."""
        things = weights[self.home]
        return float((things * (self.found >= score)).sum() / things.sum()) if things.any() else float("nan")
