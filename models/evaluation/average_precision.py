"""Average precision as COCO defines it, for one class at one overlap."""

from collections.abc import Sequence

import numpy as np

from models.boxes import Boxes
from models.detections import Detections
from models.evaluation.matching import SAME_THING, match
from models.evaluation.ranking import Ranking


def average_precision(seen: Sequence[Detections], truth: Sequence[Boxes], overlap: float = SAME_THING) -> float:
    """Of boxes and labels a picture; all labels count, classes are not told apart. NaN where nothing is labelled."""
    pairs = zip(seen, truth, strict=True)
    ranking = Ranking.of([match(boxes, labels, np.zeros(len(labels), bool), overlap) for boxes, labels in pairs])
    return ranking.average_precision(ranking.once())
