"""Hits, misses and false alarms drawn on a picture."""

from collections.abc import Sequence

import cv2
import numpy as np

from models.detector import Image
from models.evaluation.matching import Matches

GREEN, RED, YELLOW = (60, 200, 60), (50, 50, 235), (0, 215, 255)
"""Right, false, missed; BGR."""
LEAST_WIDTH = 960
"""Smaller pictures are enlarged, or one could not see what was missed."""


def drawn(image: Image, matches: Sequence[Matches], score: Sequence[float]) -> Image:
    """A copy of the picture with the boxes of several targets, each from its own score up."""
    factor = max(1.0, LEAST_WIDTH / image.shape[1])
    canvas = np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR), np.uint8)
    for target, least in zip(matches, score, strict=True):
        for box in target.truth[target.found < least]:
            _frame(canvas, box * factor, YELLOW)
        shown = target.scores >= least
        for box, value, hit in zip(target.boxes[shown], target.scores[shown], target.hits[shown], strict=True):
            _frame(canvas, box * factor, GREEN if hit else RED, "" if hit else f"{value:.2f}")
    return canvas


def errors(matches: Sequence[Matches], score: Sequence[float]) -> tuple[int, int, int]:
    """Right boxes, false alarms and misses of several targets, each from its own score up."""
    right = wrong = missed = 0
    for target, least in zip(matches, score, strict=True):
        shown = target.scores >= least
        right += int(target.hits[shown].sum())
        wrong += int((~target.hits[shown]).sum())
        missed += int((target.found < least).sum())
    return right, wrong, missed


def _frame(canvas: Image, box: np.ndarray, colour: tuple[int, int, int], text: str = "") -> None:
    x1, y1, x2, y2 = (round(float(side)) for side in box)
    cv2.rectangle(canvas, (x1, y1), (x2, y2), colour, 2)
    if text:
        cv2.putText(canvas, text, (x1, max(y1 - 4, 10)), cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, 1, cv2.LINE_AA)
