"""For how long the picture has been the same while time went on."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

CELLS = (32, 18)
CHANGED_LEVELS = 0.25
"""Mean difference of a cell, grey levels, from which it is not the same to the last bit."""
SAME_SHARE = 0.2
"""Share of the cells that may differ in a picture that is the same: an encoder at constant quality repeats itself."""
PROOF_S = 12.0
"""So long must a picture be the same at a stretch before it has frozen: longer than a group of pictures, within which
an encoder repeats a living scene in which nothing moves."""
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
        frozen_s: since nothing has moved, once it has been the same to the last bit for `PROOF_S` at a stretch; else 0.
        still_s: since nothing has moved and no more has changed than encoding may change.
    """

    frozen_s: float
    still_s: float


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """A picture that later ones are compared with."""

    grey: Grey
    time: float


class Stillness:
    """Compares each picture with earlier ones, the first of a run: changes too slow to see add up."""

    def __init__(self) -> None:
        self._unmoved: _Shown | None = None
        self._still: _Shown | None = None
        self._same: _Shown | None = None
        self._proven = False

    def after(self, grey: Grey, time: float) -> Standing:
        """How long it has stood with this picture.

        Args:
            grey: uint8 [height, width].
            time: when it was taken, epoch seconds.
        """
        now = _Shown(grey, time)
        changes = {id(shown): _change(shown.grey, grey) for shown in (self._unmoved, self._still, self._same) if shown}

        def keep(shown: _Shown | None, share: float) -> _Shown:
            return now if shown is None or changes[id(shown)] > share else shown

        unmoved = keep(self._unmoved, 1.0)
        self._still, self._same = keep(self._still, STILL_SHARE), keep(self._same, SAME_SHARE)
        proof = time - max(self._same.time, unmoved.time) >= PROOF_S
        self._proven = proof or (self._proven and unmoved is self._unmoved)
        self._unmoved = unmoved
        return Standing(time - unmoved.time if self._proven else 0.0, time - self._still.time)


def _change(one: Grey, other: Grey) -> float:
    """Share of the cells that have changed, a clock aside; infinite where something moved."""
    if one.shape != other.shape:
        return math.inf
    changes = _cells(np.asarray(cv2.absdiff(one, other), np.uint8))
    if float((changes > MOVED_LEVELS).mean()) > CLOCK_SHARE:
        return math.inf
    levels = _cells(one)
    telling = (levels > BLACK) & (levels < WHITE)
    if telling.mean() < TELLING_SHARE:
        return 0.0 if np.array_equal(one, other) else math.inf
    return float((changes[telling] > CHANGED_LEVELS).mean())


def _cells(values: Grey) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(np.asarray(values, np.float32), CELLS, interpolation=cv2.INTER_AREA), np.float32)
