"""How deep water is, read off marks of known height."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DepthReference:
    """A mark in the view: a kerb's edge, a line on a wall or post, a gauge's figure.

    Attributes:
        height_cm: over the road at its lowest place.
        points: where it is seen, x and y in 0–1 of the picture's width and height.
    """

    height_cm: float
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("a depth reference needs at least one point")


def read_depth_cm(
    references: Sequence[DepthReference], wet: NDArray[np.bool_], hidden: NDArray[np.bool_]
) -> float | None:
    """The depth that is certain: the height of the highest mark up to which all that can be read are under water.

    Args:
        references: marks, in any order. One is under water when more than half of its visible points are.
        wet: bool [rows, columns] over the whole picture, where water is seen.
        hidden: bool [rows, columns], where something stands before the ground.

    Returns:
        0 when the lowest mark that can be read is dry; None when none can be read.
    """
    depth: float | None = None
    for reference in sorted(references, key=lambda mark: mark.height_cm):
        covered = _under_water(reference, wet, hidden)
        if covered is None:
            continue
        if not covered:
            return depth or 0.0
        depth = reference.height_cm
    return depth


def _under_water(reference: DepthReference, wet: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> bool | None:
    rows, columns = wet.shape
    places = [(min(int(y * rows), rows - 1), min(int(x * columns), columns - 1)) for x, y in reference.points]
    read = [bool(wet[place]) for place in places if not hidden[place]]
    return 2 * sum(read) > len(read) if read else None
