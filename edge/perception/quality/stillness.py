"""For how long the picture has been the same while time went on."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

CELLS = (32, 18)
CHANGED_LEVELS = 0.25
"""Mean difference of a cell, grey levels, from which it is not the same to the last bit."""
SAME_SHARE = 0.2
"""Share of the cells that may differ in a picture that is the same: an encoder at constant quality repeats itself."""
STILL_SHARE = 0.8
"""Encoding one picture again at a tight bit rate changes up to 0.78 of the cells, the noise of a living one 0.99 (x264
at 300 kbit/s, 640 × 360); but a sensor with little noise may change fewer."""
MOVED_LEVELS = 4.0
"""No encoder does that to a frozen picture: something moved."""
CLOCK_SHARE = 0.04
"""Share of the picture that may move in a frozen one: a clock that the recorder burns in goes on."""
BLACK, WHITE = 14.0, 241.0
"""Grey levels beyond which a cell shows no noise and cannot tell."""
TELLING_SHARE = 0.1
"""So many cells must be able to tell."""

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Standing:
    """For how long a picture has stood, seconds; 0 for a new one.

    Attributes:
        same_s: to the last bit or nearly.
        still_s: nothing moved, and no more has changed than encoding may change.
    """

    same_s: float
    still_s: float


class Stillness:
    """Compares each picture with the first of those that look the same: changes too slow to see add up."""

    def __init__(self) -> None:
        self._same: tuple[Grey, float] | None = None
        self._still: tuple[Grey, float] | None = None

    def after(self, grey: Grey, time: float) -> Standing:
        """How long it has stood with this picture.

        Args:
            grey: uint8 [height, width].
            time: when it was taken, epoch seconds.
        """
        now = (grey, time)
        if self._same is None or not _differ_by_at_most(SAME_SHARE, self._same[0], grey):
            self._same = now
        if self._still is None or not _differ_by_at_most(STILL_SHARE, self._still[0], grey):
            self._still = now
        return Standing(time - self._same[1], time - self._still[1])


def _differ_by_at_most(share: float, one: Grey, other: Grey) -> bool:
    """Whether so few cells have changed, and none has moved, a clock aside."""
    if one.shape != other.shape:
        return False
    changes = _cells(np.asarray(cv2.absdiff(one, other), np.uint8))
    if float((changes > MOVED_LEVELS).mean()) > CLOCK_SHARE:
        return False
    levels = _cells(one)
    telling = (levels > BLACK) & (levels < WHITE)
    if telling.mean() < TELLING_SHARE:
        return bool(np.array_equal(one, other))
    return float((changes[telling] > CHANGED_LEVELS).mean()) <= share


def _cells(values: Grey) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(np.asarray(values, np.float32), CELLS, interpolation=cv2.INTER_AREA), np.float32)
