"""Hits, misses and false alarms drawn on a picture, and water."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detector import Image
from models.evaluation.matching import Matches

GREEN, RED, YELLOW = (60, 200, 60), (50, 50, 235), (0, 215, 255)
"""Right, false, missed; BGR."""
BLUE = (255, 130, 30)
LEAST_WIDTH = 960
"""Smaller pictures are enlarged, or one could not see what was missed."""


def drawn(image: Image, matches: Sequence[Matches], score: Sequence[float]) -> Image:
    """A copy of the picture with the boxes of several targets, each from its own score up."""
    canvas, factor = _enlarged(image)
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


def water_drawn(image: Image, found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> Image:
    """A copy of the picture: what was found is green where right and red where false; the truth's outline is yellow.

    Both masks are [height, width] of the picture.
    """
    canvas, _ = _enlarged(image)
    height, width = canvas.shape[:2]
    seen, label = _fitted(found, width, height), _fitted(truth, width, height)
    _tint(canvas, seen & label, GREEN)
    _tint(canvas, seen & ~label, RED)
    outline, _ = cv2.findContours(label.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(canvas, outline, -1, YELLOW, 2)
    return canvas


def water_found(image: Image, found: NDArray[np.bool_]) -> Image:
    """A copy of the picture with what was found, [height, width], in blue: it may be right or not."""
    canvas, _ = _enlarged(image)
    _tint(canvas, _fitted(found, canvas.shape[1], canvas.shape[0]), BLUE)
    return canvas


def save(path: Path, image: Image) -> None:
    """Write a JPEG.

    Raises:
        OSError: the folder cannot be written.
    """
    _, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])
    path.write_bytes(content.tobytes())


def _enlarged(image: Image) -> tuple[Image, float]:
    factor = max(1.0, LEAST_WIDTH / image.shape[1])
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR), np.uint8), factor


def _fitted(mask: NDArray[np.bool_], width: int, height: int) -> NDArray[np.bool_]:
    return np.asarray(cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0, bool)


def _tint(canvas: Image, where: NDArray[np.bool_], colour: tuple[int, int, int]) -> None:
    canvas[where] = (0.55 * canvas[where] + 0.45 * np.array(colour)).astype(np.uint8)


def _frame(canvas: Image, box: np.ndarray, colour: tuple[int, int, int], text: str = "") -> None:
    x1, y1, x2, y2 = (round(float(side)) for side in box)
    cv2.rectangle(canvas, (x1, y1), (x2, y2), colour, 2)
    if text:
        cv2.putText(canvas, text, (x1, max(y1 - 4, 10)), cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, 1, cv2.LINE_AA)
