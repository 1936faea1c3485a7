"""How well the network in training does on pictures it is not trained on: average precision at overlap one half."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.boxes import coverage, overlaps
from models.detections import Detections
from models.training.street.samples import Labels

OVERLAP = 0.5


def average_precision(seen: Sequence[Detections], known: Sequence[Labels], kinds: Sequence[str]) -> float:
    """Mean interpolated precision at 101 recalls (COCO), these kinds taken together as one class.

    Detections of which half or more lies in a region to ignore count for nothing. NaN where there is nothing to find.
    """
    marks: list[tuple[float, bool]] = []
    total = 0
    for detections, labels in zip(seen, known, strict=True):
        wanted = [row for row, kind in enumerate(labels.classes) if detections.names[kind] in kinds]
        total += len(wanted)
        marks += _marks(detections.only(*kinds), labels, wanted)
    if not total:
        return float("nan")
    marks.sort(key=lambda mark: -mark[0])
    hits = np.cumsum([hit for _, hit in marks])
    recall = hits / total
    precision = np.maximum.accumulate((hits / np.arange(1, len(marks) + 1))[::-1])[::-1]
    places = np.searchsorted(recall, np.linspace(0, 1, 101))
    return float(np.mean([precision[place] if place < len(marks) else 0.0 for place in places]))


def recall_by_size(
    seen: Sequence[Detections], known: Sequence[Labels], kinds: Sequence[str], bounds_px: Sequence[float], score: float
) -> list[float]:
    """Share of things found from a score up, for sizes (root of the area) between neighbouring bounds; NaN for none."""
    found: list[list[bool]] = [[] for _ in bounds_px[1:]]
    for detections, labels in zip(seen, known, strict=True):
        wanted = [row for row, kind in enumerate(labels.classes) if detections.names[kind] in kinds]
        boxes = labels.boxes[wanted]
        shared = overlaps(boxes, detections.only(*kinds).above(score).boxes)
        hits = [bool((row >= OVERLAP).any()) for row in shared]
        sizes = np.sqrt((boxes[:, 2:] - boxes[:, :2]).prod(axis=1))
        for size, hit in zip(sizes, hits, strict=True):
            band = int(np.searchsorted(bounds_px, size, side="right")) - 1
            if 0 <= band < len(found):
                found[band].append(hit)
    return [float(np.mean(band)) if band else float("nan") for band in found]


def _marks(seen: Detections, labels: Labels, wanted: Sequence[int]) -> list[tuple[float, bool]]:
    """Score of each detection that counts, strongest first, and whether it is a hit."""
    shared: NDArray[np.float32] = overlaps(seen.boxes, labels.boxes[wanted])
    excused = [bool((row >= 0.5).any()) for row in coverage(seen.boxes, labels.ignored)]
    marks = []
    for row in np.argsort(-seen.scores, kind="stable"):
        best = int(shared[row].argmax()) if len(wanted) else -1
        hit = best >= 0 and bool(shared[row, best] >= OVERLAP)
        if hit:
            shared[:, best] = 0
        if hit or not excused[row]:
            marks.append((float(seen.scores[row]), hit))
    return marks
