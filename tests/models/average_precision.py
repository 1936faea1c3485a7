"""Average precision as COCO defines it, for one class at one overlap."""

from collections.abc import Sequence

import numpy as np

from models.boxes import Boxes, overlaps
from models.detections import Detections


def average_precision(seen: Sequence[Detections], truth: Sequence[Boxes], overlap: float = 0.5) -> float:
    """Mean of the interpolated precision at 101 recalls; classes are not told apart.

    Each detection, strongest first, takes the free truth box that it overlaps most, or is false.
    """
    hits: list[tuple[float, bool]] = []
    for detections, boxes in zip(seen, truth, strict=True):
        shared = overlaps(detections.boxes, boxes)
        for row in np.argsort(-detections.scores, kind="stable"):
            best = int(shared[row].argmax()) if len(boxes) else -1
            hit = best >= 0 and bool(shared[row, best] >= overlap)
            if hit:
                shared[:, best] = 0
            hits.append((float(detections.scores[row]), hit))
    hits.sort(key=lambda pair: -pair[0])
    true = np.cumsum([hit for _, hit in hits])
    recall = true / sum(len(boxes) for boxes in truth)
    precision = np.maximum.accumulate((true / np.arange(1, len(hits) + 1))[::-1])[::-1]
    reached = np.searchsorted(recall, np.linspace(0, 1, 101))
    return float(np.mean([precision[row] if row < len(hits) else 0.0 for row in reached]))
