"""How much is found at a score that keeps false alarms rare, and how large it must be for that."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from models.boxes import Boxes, areas
from models.evaluation.ranking import Ranking

PRECISION = 0.8
EDGES_PX = (16.0, 24.0, 32.0, 64.0)
SIZE_NAMES = ("< 16 px", "16–24", "24–32", "32–64", "≥ 64")


class Measure(StrEnum):
    """What the size of a box is."""

    AREA = "area"
    """The root of its area."""
    WIDTH = "width"


@dataclass(frozen=True, slots=True)
class Recall:
    """Recall at the lowest score that still gives a precision.

    Attributes:
        share: of all things found, 0 to 1; NaN where nothing was labelled.
        score: the detector's score that it takes; infinite where no score gives the precision.
        by_size: the share for each of SIZE_NAMES; NaN where there is none.
        counts: things of each of SIZE_NAMES.
    """

    share: float
    score: float
    by_size: tuple[float, ...]
    counts: tuple[int, ...]


def sizes(boxes: Boxes, measure: Measure = Measure.AREA) -> NDArray[np.float32]:
    """Pixels of every box: [n]."""
    if measure is Measure.WIDTH:
        return np.asarray(boxes[:, 2] - boxes[:, 0], np.float32)
    return np.sqrt(areas(boxes))


def recall_at_precision(ranking: Ranking, precision: float = PRECISION, measure: Measure = Measure.AREA) -> Recall:
    """Recall at the one score that gives `precision` over all sizes: the score one would set."""
    score = ranking.score_at(precision, ranking.once())
    classes = np.digitize(sizes(ranking.truth, measure), EDGES_PX)
    members = [ranking.found[classes == number] >= score for number in range(len(SIZE_NAMES))]
    by_size = tuple(float(found.mean()) if len(found) else float("nan") for found in members)
    return Recall(ranking.recall(score, ranking.once()), score, by_size, tuple(map(len, members)))
