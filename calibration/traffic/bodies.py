"""How large vehicles are, and how sure one may be of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The typical vehicle of a class.

    Attributes:
        size_m: length, width (with the mirrors, which boxes take in) and height.
        unsure: standard deviation of the logarithms of the means: how far a town's fleet, or a detector's habits, may
            be from the typical.
        differ: standard deviation of the logarithm of a box's side from one vehicle to the next.
        wobble: standard deviations of the logarithms of width and height from box to box of one vehicle.
        corners: [n, 3], the outline as shares of half the length (ahead positive), half the width, and the height.
    """

    size_m: tuple[float, float, float]
    unsure: tuple[float, float, float]
    differ: float
    wobble: tuple[float, float]
    corners: Array


def _corners(rows: list[tuple[float, float, float]]) -> Array:
    """Both sides of each corner."""
    return np.array([(along, side * across, up) for along, across, up in rows for side in (-1, 1)])


BODIES = {
    # Means of the makers' figures of the cars sold most in Indonesia (small hatchbacks, seven-seat vans, SUVs):
    # 4.35 × 1.74 × 1.66 m; mirrors stand out a hand's breadth on each side, and boxes take in some of it.
    "car": Body(
        (4.35, 1.92, 1.66), (0.06, 0.06, 0.07), 0.07, (0.04, 0.04),
        _corners([
            (0.62, 0.88, 0.0), (-0.62, 0.88, 0.0),  # tyres
            (1.0, 0.75, 0.15), (-1.0, 0.75, 0.15),  # under the bumpers
            (0.97, 0.75, 0.5), (0.45, 0.88, 0.62), (0.4, 1.0, 0.62),  # bonnet, its rear edge, mirrors
            (-0.98, 0.85, 0.6),  # tailgate
            (0.08, 0.7, 1.0), (-0.75, 0.7, 0.98),  # roof
        ]),
    ),
    # A scooter without or with its rider: detectors differ, and change their mind on the way, so its height counts for
    # little. Our own eyes' boxes wobble by 0.08 and 0.10 about the machine alone on the rendered clips.
    "motorcycle": Body(
        (1.92, 0.70, 1.12), (0.06, 0.12, 0.25), 0.10, (0.08, 0.15),
        _corners([
            (0.68, 0.1, 0.0), (-0.66, 0.1, 0.0), (1.0, 0.1, 0.25), (-1.0, 0.1, 0.3),  # tyres
            (0.5, 1.0, 0.9), (0.45, 0.9, 1.0), (-0.85, 0.3, 0.7), (-0.1, 0.6, 0.3),  # handlebar, mirrors, seat, feet
        ]),
    ),
}  # fmt: skip
"""Lorries and buses differ too much among themselves to measure by."""
