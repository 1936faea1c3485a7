"""Whether somebody attends to a selling unit: a person within reach of it, in enough of the newest looks."""

import math
from dataclasses import dataclass

import numpy as np

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


def somebody_near(unit: Box, observation: Observation, ground: GroundPlane | None) -> bool:
    """Whether a person stands within reach of a unit.

    Args:
        unit: its box, pixels.
        observation: of the look.
        ground: of pictures of this size, where the camera is calibrated.
    """
    people = observation.detections.only("person").above(PERSON_SCORE).boxes
    others = people[overlaps(people, np.array([unit], np.float32))[:, 0] < SAME_THING]
    return any(_within_reach((float(x1 + x2) / 2, float(y2)), unit, ground) for x1, _, x2, y2 in others.astype(float))


def _within_reach(foot: tuple[float, float], unit: Box, ground: GroundPlane | None) -> bool:
    """Whether a person whose feet are here is near: measured to the nearest point of the unit's footprint."""
    x1, y1, x2, y2 = unit
    nearest = (min(max(foot[0], x1), x2), min(max(foot[1], y2 - FOOTPRINT_SHARE * (y2 - y1)), y2))
    if ground is not None:
        there = ground.to_ground([foot, nearest])
        away_m = math.hypot(*(there[1] - there[0]))
        if math.isfinite(away_m):
            return away_m <= REACH_M
    across, along = foot[0] - nearest[0], (foot[1] - nearest[1]) / FORESHORTENED
    return math.hypot(across, along) <= REACH_SIDES * max(x2 - x1, y2 - y1)
