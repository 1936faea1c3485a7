"""The plan of a street: lanes, kerbs, sides, a junction. Numbers only; `place.build` makes meshes of it.

Traffic keeps left. Vehicles coming towards the camera (-y) drive at x > 0, the picture's right; those going away (+y)
at x < 0. A one-way street has no `away` lanes. The crossing street, if any, runs along x: its traffic going right (+x)
keeps to the far side (larger y), that going left (-x) to the near side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Side = Literal["shops", "wall", "park", "houses", "offices"]
Heading = Literal["towards", "away", "right", "left"]
TURN_RAD: dict[Heading, float] = {"towards": -math.pi / 2, "away": math.pi / 2, "right": 0.0, "left": math.pi}


@dataclass(frozen=True, slots=True)
class Lane:
    """A straight lane: it begins at (x_m, y_m), runs `length_m` in its heading; `stop_m` is the stop line along it."""

    heading: Heading
    x_m: float
    y_m: float
    length_m: float
    width_m: float
    motorcycles_only: bool = False
    stop_m: float | None = None
    signal: str = ""

    @property
    def turn_rad(self) -> float:
        return TURN_RAD[self.heading]

    def at(self, along_m: float, left_m: float = 0.0) -> tuple[float, float]:
        """The ground point `along_m` from the lane's beginning and `left_m` to the left of its middle."""
        cos, sin = math.cos(self.turn_rad), math.sin(self.turn_rad)
        return self.x_m + along_m * cos - left_m * sin, self.y_m + along_m * sin + left_m * cos


@dataclass(frozen=True, slots=True)
class StreetPlan:
    """A street along y. Widths in metres; pairs are (picture's right, picture's left), that is (x > 0, x < 0).

    `strip_m` is a motorcycle strip at the left kerb of each carriageway, `parking_m` a kerbside strip beyond it on the
    picture's right, `median_m` between the carriageways (kerbed from 0.5 m, painted below). `middle_m` is the x of the
    median's middle, for a one-way street that of its right-hand (x smallest) kerb. `trees`, `clutter` and `wear` (of
    road and paint) are 0-1.
    """

    seed: int
    towards: int = 2
    away: int = 0
    lane_m: float = 3.1
    strip_m: float = 1.3
    parking_m: float = 0.0
    median_m: float = 0.3
    middle_m: float = 0.0
    pavement_m: tuple[float, float] = (4.5, 3.2)
    sides: tuple[Side, Side] = ("shops", "wall")
    trees: float = 0.7
    clutter: float = 0.6
    wear: float = 0.5
    junction_y_m: float | None = None
    cross_lanes: int = 1
    zebra: bool = True
    near_m: float = 2.0
    far_m: float = 330.0

    @property
    def half_median_m(self) -> float:
        return self.median_m / 2 if self.away else 0.0

    @property
    def right_kerb_m(self) -> float:
        """x of the kerb at the picture's right."""
        return self.middle_m + self.half_median_m + self.towards * self.lane_m + self.strip_m + self.parking_m

    @property
    def left_kerb_m(self) -> float:
        """x of the kerb at the picture's left."""
        own = self.away * self.lane_m + self.strip_m if self.away else 0.0
        return self.middle_m - self.half_median_m - own

    @property
    def cross_half_m(self) -> float:
        """Half the width of the crossing street, its strips included."""
        return self.cross_lanes * self.lane_m + self.strip_m

    @property
    def stop_gap_m(self) -> float:
        """From the crossing street's edge to the stop line (a zebra lies between)."""
        return 5.0 if self.zebra else 2.0

    def lanes(self) -> tuple[Lane, ...]:
        """Every lane: towards from the median outwards, away from the median outwards, then the crossing street's."""
        length = self.far_m - self.near_m + 30.0
        found = [self._along("towards", offset, width, strip, length)
                 for offset, width, strip in self._offsets(self.towards)]  # fmt: skip
        if self.away:
            found += [self._along("away", offset, width, strip, length)
                      for offset, width, strip in self._offsets(self.away)]  # fmt: skip
        if self.junction_y_m is not None:
            found += [self._across(heading, offset, width, strip)
                      for heading in ("right", "left")
                      for offset, width, strip in self._offsets(self.cross_lanes, median=False)]  # fmt: skip
        return tuple(found)

    def _offsets(self, count: int, median: bool = True) -> list[tuple[float, float, bool]]:
        """(distance of the lane's middle from the street's middle, width, is a strip) from the median outwards."""
        start = self.half_median_m if median else 0.0
        lanes = [(start + (i + 0.5) * self.lane_m, self.lane_m, False) for i in range(count)]
        if self.strip_m:
            lanes.append((start + count * self.lane_m + self.strip_m / 2, self.strip_m, True))
        return lanes

    def _along(self, heading: Heading, offset: float, width: float, strip: bool, length: float) -> Lane:
        stop, signal = None, ""
        begin = self.far_m if heading == "towards" else self.near_m - 30.0
        if self.junction_y_m is not None:
            edge = self.cross_half_m + self.stop_gap_m
            line_y = self.junction_y_m + (edge if heading == "towards" else -edge)
            stop, signal = abs(line_y - begin), "main"
        x = self.middle_m + (offset if heading == "towards" else -offset)
        return Lane(heading, x, begin, length, width, strip, stop, signal)

    def _across(self, heading: Heading, offset: float, width: float, strip: bool) -> Lane:
        assert self.junction_y_m is not None
        reach = 120.0
        y = self.junction_y_m + (offset if heading == "right" else -offset)
        middle = (self.left_kerb_m + self.right_kerb_m) / 2
        begin = middle - reach if heading == "right" else middle + reach
        kerb = self.left_kerb_m - self.stop_gap_m if heading == "right" else self.right_kerb_m + self.stop_gap_m
        return Lane(heading, begin, y, 2 * reach, width, strip, abs(kerb - begin), "cross")
