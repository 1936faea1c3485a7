"""How well a mask covers what was labelled."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class MaskOverlap:
    """Pixels of one picture that a mask and its label share, and that either has."""

    shared: int
    either: int

    @property
    def iou(self) -> float:
        """Intersection over union; 1 where both are empty."""
        return self.shared / self.either if self.either else 1.0


def mask_overlap(mask: NDArray[np.bool_], label: NDArray[np.bool_]) -> MaskOverlap:
    """Of one picture.

    Raises:
        ValueError: the shapes differ.
    """
    if mask.shape != label.shape:
        raise ValueError(f"a mask of {mask.shape} cannot be compared with a label of {label.shape}")
    return MaskOverlap(int((mask & label).sum()), int((mask | label).sum()))


def pooled_iou(overlaps: Sequence[MaskOverlap]) -> float:
    """Over all pixels of all pictures: the usual figure for a class; NaN where neither has a pixel."""
    either = sum(overlap.either for overlap in overlaps)
    return sum(overlap.shared for overlap in overlaps) / either if either else float("nan")
