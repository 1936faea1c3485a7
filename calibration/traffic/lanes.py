"""Lanes, where their width is known: cars keep to the middles of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.ground import CalibrationError
from calibration.traffic.mount import Mount

Array = NDArray[np.float64]

NEAR = (0.75, 1.35)
"""The scale from the vehicles' sizes is known so far; another number of lanes would need another."""
REGULAR = 0.55
"""How regularly cars must keep to lanes: the length of the mean of their places as phases, 0–1."""
LEAST_CARS = 5
WIDTH_UNSURE = 0.03
"""Drivers do not keep exactly to the middle, nor painters to the plan."""


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """Which lane each of some cars drove in.

    Attributes:
        places: [n, 2] straight pixels, where they were seen.
        numbers: [n] lanes, counted from any.
        width_m: of a lane.
        unsure: standard deviation of the logarithm of the width found from them.
    """

    places: Array
    numbers: Array
    width_m: float
    unsure: float

    def deviation(self, mount: Mount) -> float:
        """How far the lanes under this camera are from their width, in standard deviations."""
        return float(
            np.log(max(_spacing(mount.to_ground(self.places)[:, 0], self.numbers), 1e-3) / self.width_m) / self.unsure
        )


def find_lanes(mount: Mount, places: Array, width_m: float) -> Lanes:
    """Assigns cars to lanes by the spacing near `width_m` in which their places across the road are the most regular.

    Args:
        mount: as known from the vehicles' sizes.
        places: [n, 2] straight pixels, the feet of cars.
        width_m: as painted.

    Raises:
        CalibrationError: fewer than two lanes with five cars each, or cars that keep to none.
    """
    across = mount.to_ground(places)[:, 0]
    spacings = width_m * np.linspace(*NEAR, 121)
    phases = np.exp(2j * np.pi * across[None, :] / spacings[:, None]).mean(axis=1) if len(across) else np.zeros(121)
    best = int(np.argmax(np.abs(phases)))
    offset = np.angle(phases[best]) / (2 * np.pi) * spacings[best]
    numbers = np.round((across - offset) / spacings[best])
    _, counts = np.unique(numbers, return_counts=True)
    if abs(phases[best]) < REGULAR or (counts >= LEAST_CARS).sum() < 2:
        raise CalibrationError(
            f"the cars do not show two lanes about {width_m} m wide: leave the lane width away, or watch a stretch "
            "where they keep to their lanes"
        )
    rest = across - offset - numbers * _spacing(across, numbers)
    error = float(np.std(rest) / (np.std(numbers) * np.sqrt(len(numbers))) / spacings[best])
    return Lanes(places, numbers, width_m, float(np.hypot(WIDTH_UNSURE, error)))


def _spacing(across: Array, numbers: Array) -> float:
    """Metres a lane, the slope of the regression of places on lanes."""
    centred = numbers - numbers.mean()
    return float((across * centred).sum() / (centred**2).sum())
