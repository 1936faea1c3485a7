"""Where the usual view has gone: shift and roll of the static edges, by correlation of their directions."""

from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.perception.quality.plate import Field

OVERLAP = 0.4
"""Share of the usual edges that must still be in the picture for a shift to be believed."""
FOUND = 0.35
"""Correlation (0–1) from which the view is found."""
SURE = 0.7
"""From which no roll is tried."""
BETTER = 1.25
"""So many times better than at rest must a shift fit before the view has moved, and a roll than a shift alone."""
AT_REST_PX = 1.0
"""Coarse pixels (1.25 % of the width): a smaller shift is wind."""
ROLLS_DEG = (-5.0, 5.0, -10.0, 10.0, -15.0, 15.0, -20.0, 20.0)
NEAR_ROLLS_DEG = (-2.5, 2.5)
"""Tried around the best of these."""


@dataclass(frozen=True, slots=True)
class Displacement:
    """How the usual view lies in a picture.

    Attributes:
        right: shift of what is seen to the right, share of the picture's width.
        down: shift downwards, share of the picture's *width* too.
        roll_deg: turned clockwise about the picture's centre.
        score: correlation of the edges that both show, -1 to 1.
        at_rest: the same correlation without shift and roll.
    """

    right: float
    down: float
    roll_deg: float
    score: float
    at_rest: float

    @property
    def share(self) -> float:
        """Length of the shift, share of the picture's width."""
        return float(np.hypot(self.right, self.down))

    @property
    def found(self) -> bool:
        """Whether the view was found at all, here or elsewhere."""
        return self.score >= FOUND and (self.score >= BETTER * self.at_rest or (self.share, self.roll_deg) == (0, 0))


def register(usual: Field, now: Field, *, rolled: bool = False) -> Displacement:
    """Finds the usual edges in a picture.

    Args:
        usual: mean field of the usual view, [height, width, 2].
        now: field of the picture, of the same size.
        rolled: whether to try rolls, too, where a shift alone does not surely find it: at ten times the cost.
    """
    there = _Spectrum.of(now)
    level = _shifted(usual, there, 0.0)
    if not rolled or level.score >= SURE:
        return level
    best = max((_shifted(usual, there, roll) for roll in ROLLS_DEG), key=_score)
    best = max((best, *(_shifted(usual, there, best.roll_deg + roll) for roll in NEAR_ROLLS_DEG)), key=_score)
    return replace(best, at_rest=level.at_rest) if best.score >= BETTER * level.score else level


def _score(place: Displacement) -> float:
    return place.score


@dataclass(frozen=True, slots=True, eq=False)
class _Spectrum:
    """A field, padded to twice its size so that shifts do not wrap around, and transformed."""

    values: NDArray[np.float32]
    energy: NDArray[np.float64]
    """Sums of the squared field from the upper left corner: [height + 1, width + 1]."""

    @classmethod
    def of(cls, field: Field) -> Self:
        height, width = field.shape[:2]
        size = (cv2.getOptimalDFTSize(2 * height), cv2.getOptimalDFTSize(2 * width))
        padded = np.zeros((*size, 2), np.float32)
        padded[:height, :width] = field
        return cls(np.asarray(cv2.dft(padded), np.float32), np.asarray(cv2.integral((field**2).sum(axis=2))))

    def overlapping(self, sign: int) -> NDArray[np.float64]:
        """For every shift, the energy of what is still inside after it (1), or was inside before it (-1)."""
        rows, columns = (
            _ends(padded, size - 1, sign) for padded, size in zip(self.values.shape[:2], self.energy.shape, strict=True)
        )
        below, above = self.energy[rows[1]], self.energy[rows[0]]
        inside = below[:, columns[1]] - below[:, columns[0]] - above[:, columns[1]] + above[:, columns[0]]
        return np.asarray(np.maximum(inside, 0.0))


def _ends(padded: int, size: int, sign: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and past-the-last index of what stays inside, for each shift in the order of the transform."""
    shifts = sign * np.fft.fftfreq(padded, 1 / padded).round().astype(np.int64)
    return np.clip(-shifts, 0, size), np.clip(size - shifts, 0, size)


def _shifted(usual: Field, there: _Spectrum, roll_deg: float) -> Displacement:
    """The best shift at one roll: Σ F(x) · n(x + d) over √(Σ F² · Σ n²) of what overlaps."""
    width = usual.shape[1]
    here = _Spectrum.of(rotated(usual, roll_deg))
    product = cv2.mulSpectrums(there.values, here.values, 0, conjB=True)
    shared = cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE)[..., 0]
    own = here.overlapping(1)
    score = shared / np.sqrt(np.maximum(own * there.overlapping(-1), 1e-6))
    score[own < OVERLAP * own[0, 0]] = -1.0
    row, column = divmod(int(score.argmax()), score.shape[1])
    down, right = _peak(score[:, column], row), _peak(score[row], column)
    if abs(down) < AT_REST_PX and abs(right) < AT_REST_PX:
        down = right = 0.0
    return Displacement(right / width, down / width, roll_deg, float(score[row, column]), float(score[0, 0]))


def rotated(field: Field, clockwise_deg: float) -> Field:
    """A field as it looks when the picture turns about its centre."""
    if clockwise_deg == 0:
        return field
    height, width = field.shape[:2]
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -clockwise_deg, 1.0)
    moved = cv2.warpAffine(field, turn, (width, height))
    return np.asarray(moved @ turn[:, :2].T, np.float32)


def _peak(line: NDArray[np.floating], index: int) -> float:
    """The signed shift of a maximum, between pixels: the vertex of the parabola through it and its neighbours."""
    before, at, after = (float(line[(index + step) % len(line)]) for step in (-1, 0, 1))
    bend = before - 2 * at + after
    signed = index - len(line) if index > len(line) // 2 else index
    return signed if bend >= 0 else signed + 0.5 * (before - after) / bend
