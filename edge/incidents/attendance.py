"""Whether somebody attends to a selling unit: a person within reach of it, in enough of the newest looks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.ground import GroundPlane
from edge.incidents.area import FOOTPRINT_SHARE
from edge.perception.observation import Box, Observation
from models.boxes import overlaps

REACH_M = 2.0
REACH_SIDES = 0.9
"""The same uncalibrated, in the longer side of the unit's box: carts and stalls are some 2.2 m long or high."""
FORESHORTENED = 0.5
"""Up the picture, metres of ground are this much shorter than across it where nobody knows the view."""
PERSON_SCORE = 0.3
SAME_THING = 0.5
"""Intersection over union from which the person is what was taken for a unit: nobody attends to himself."""
ATTENDED_SHARE = 0.4
ATTENDED_LOOKS = 2
MEMORY_S = 30.0
"""At least; a dwell if that is longer."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """How often a unit was attended to; older looks count less and less.

    Attributes:
        attended: looks with somebody near, faded.
        looks: looks that showed the unit, faded.
        count: looks with somebody near, ever.
        time: of the newest look that showed the unit, epoch seconds.
    """

    attended: float = 0.0
    looks: float = 0.0
    count: int = 0
    time: float = 0.0

    @property
    def share(self) -> float:
        """Share of the newest looks with somebody near, 0–1."""
        return self.attended / self.looks if self.looks else 0.0

    @property
    def enough(self) -> bool:
        """Whether the unit is attended to, although the seller may step aside now and then."""
        return self.count >= ATTENDED_LOOKS and self.share >= ATTENDED_SHARE

    def after(self, time: float, memory_s: float, *, near: bool) -> "Attendance":
        """With one more look that showed the unit."""
        kept = math.exp(-(time - self.time) / memory_s) if self.looks else 0.0
        return Attendance(self.attended * kept + near, self.looks * kept + 1, self.count + near, time)


def attended(units: Sequence[Box], observation: Observation, ground: GroundPlane | None) -> list[bool]:
    """Whether a person stands within reach of each unit.

    Args:
        units: their boxes, pixels.
        observation: of the look.
        ground: of pictures of this size, where the camera is calibrated.
    """
    people = observation.detections.only("person").above(PERSON_SCORE).boxes
    if not (len(units) and len(people)):
        return [False] * len(units)
    boxes = np.array(units, float)
    feet = np.stack([(people[:, 0].astype(float) + people[:, 2]) / 2, people[:, 3]], axis=1)
    others = overlaps(boxes.astype(np.float32), people) < SAME_THING
    near: NDArray[np.bool_] = others & _within_reach(boxes, feet, ground)
    return [bool(reached.any()) for reached in near]


def _within_reach(
    units: NDArray[np.float64], feet: NDArray[np.float64], ground: GroundPlane | None
) -> NDArray[np.bool_]:
    """Which people, whose feet are here, are near which units: measured to the nearest point of a footprint."""
    sides = units[:, 2:] - units[:, :2]
    first = np.stack([units[:, 0], units[:, 3] - FOOTPRINT_SHARE * sides[:, 1]], axis=1)
    nearest = np.clip(feet[None], first[:, None], units[:, None, 2:])
    across, along = np.moveaxis(feet[None] - nearest, 2, 0)
    near: NDArray[np.bool_] = np.hypot(across, along / FORESHORTENED) <= REACH_SIDES * sides.max(axis=1)[:, None]
    if ground is None:
        return near
    away = ground.to_ground(feet)[None] - ground.to_ground(nearest.reshape(-1, 2)).reshape(nearest.shape)
    away_m = np.hypot(away[..., 0], away[..., 1])
    result: NDArray[np.bool_] = np.where(np.isfinite(away_m), away_m <= REACH_M, near)
    return result
