"""Actors with a script: carts, visitors and trucks that follow a path with smooth speed and stop on the way.

Times in seconds of the clip, lengths in metres, all on the ground plane.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Protocol

from scripts.render_scenes.bodies.catalogue import BY_NAME
from scripts.render_scenes.bodies.people import STANDING, WALK_CYCLE_M, WALK_POSES
from scripts.render_scenes.moment import Actor
from scripts.render_scenes.motion.car_following import Obstacle
from scripts.render_scenes.motion.water import smoothstep
from scripts.render_scenes.place.plan import StreetPlan

Point = tuple[float, float]
CURVE_STEPS = 8


class Cast(Protocol):
    """Someone with a part in a scene besides its traffic."""

    def actors(self, plan: StreetPlan, seed: int, time_s: float) -> list[Actor]: ...


def walk_pose(walked_m: float) -> int:
    """The pose of a walk after so many metres."""
    return int(walked_m / WALK_CYCLE_M * WALK_POSES) % WALK_POSES


@cache
def rounded(points: tuple[Point, ...], reach_m: float = 0.45) -> tuple[Point, ...]:
    """A polyline whose corners are curves (quadratic Bezier) that begin `reach_m` before them."""
    found = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        ends = []
        for other in (before, after):
            share = min(0.5, reach_m / math.dist(corner, other))
            ends.append((corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share))
        for step in range(CURVE_STEPS + 1):
            u = step / CURVE_STEPS
            a, b, c = (1 - u) ** 2, 2 * u * (1 - u), u * u
            found.append(tuple(a * p + b * q + c * r for p, q, r in zip(ends[0], corner, ends[1], strict=True)))  # type: ignore[arg-type]
    return (*found, points[-1])


@dataclass(frozen=True, slots=True)
class StopAndGo:
    """Cruises, comes to stand at `arrive_s`, moves again at `leave_s`; `ramp_s` from cruise to rest and back."""

    arrive_s: float
    leave_s: float
    cruise_ms: float
    ramp_s: float

    def speed_ms(self, time_s: float) -> float:
        before = smoothstep((self.arrive_s - time_s) / self.ramp_s)
        after = smoothstep((time_s - self.leave_s) / self.ramp_s)
        return self.cruise_ms * max(before, after)

    def along_m(self, time_s: float) -> float:
        """The distance beyond the stopping place; negative before."""
        return self._run_m(time_s - self.leave_s) - self._run_m(self.arrive_s - time_s)

    def _run_m(self, moving_s: float) -> float:
        """The integral of a smooth start from rest."""
        share = min(1.0, max(0.0, moving_s / self.ramp_s))
        started = self.ramp_s * (share**3 - share**4 / 2)
        return self.cruise_ms * (started + max(0.0, moving_s - self.ramp_s))


@dataclass(frozen=True, slots=True)
class Walk:
    """A way on foot along `points` between two times, with a soft start and end of `RAMP_S`."""

    points: tuple[Point, ...]
    from_s: float
    to_s: float

    RAMP_S = 0.8

    @property
    def length_m(self) -> float:
        return sum(math.dist(a, b) for a, b in pairwise(rounded(self.points)))

    def at(self, time_s: float) -> tuple[Point, float, float, float]:
        """The point, the heading, the speed and the distance walked."""
        took_s = self.to_s - self.from_s
        cruise_ms = self.length_m / (took_s - self.RAMP_S)
        start = StopAndGo(self.from_s, self.from_s, cruise_ms, self.RAMP_S)
        gone_s = min(max(time_s - self.from_s, 0.0), took_s)
        if gone_s <= took_s / 2:
            moment_s = self.from_s + gone_s
            walked_m = start.along_m(moment_s)
        else:
            moment_s = self.to_s - gone_s
            walked_m = self.length_m - start.along_m(moment_s)
        left_m, way = walked_m, rounded(self.points)
        for a, b in pairwise(way):
            leg_m = math.dist(a, b)
            if left_m <= leg_m or b is way[-1]:
                share = left_m / leg_m
                point = (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
                return point, math.atan2(b[1] - a[1], b[0] - a[0]), start.speed_ms(moment_s), walked_m
            left_m -= leg_m
        raise AssertionError("a walk has at least two points")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who walks, stays in between, looking `facing_rad` in `pose`, and walks on.

    Not there before the first walk or after the last unless `stays`.
    """

    track: int
    model: str
    walks: tuple[Walk, ...]
    facing_rad: float = 0.0
    pose: int = STANDING
    stays: bool = False

    def actors(self, plan: StreetPlan, seed: int, time_s: float) -> list[Actor]:  # noqa: ARG002
        first, last = self.walks[0], self.walks[-1]
        if not self.stays and not first.from_s <= time_s <= last.to_s:
            return []
        walk = max((w for w in self.walks if w.from_s <= time_s), key=lambda w: w.from_s, default=first)
        (x_m, y_m), turn_rad, speed_ms, walked_m = walk.at(time_s)
        moving = walk.from_s < time_s < walk.to_s
        turn_rad, pose = (turn_rad, walk_pose(walked_m)) if moving else (self.facing_rad, self.pose)
        return [Actor(self.track, self.model, x_m, y_m, turn_rad, speed_ms if moving else 0.0, pose)]


@dataclass(frozen=True, slots=True)
class StoppingTruck:
    """A truck that comes down a lane towards the camera, stops beside it at the kerb and pulls out again.

    `lane_x_m` is where it drives, `bay_x_m` where it stands, `stop_y_m` the middle of its place.
    """

    track: int
    model: str
    lane_x_m: float
    bay_x_m: float
    stop_y_m: float
    motion: StopAndGo
    swerve_m: float = 22.0
    lights: bool = False

    def actors(self, plan: StreetPlan, seed: int, time_s: float) -> list[Actor]:  # noqa: ARG002
        along_m, half_m = self.motion.along_m(time_s), BY_NAME[self.model].length_m / 2
        if not plan.near_m - 30.0 - half_m < self.stop_y_m - along_m < plan.far_m + half_m:
            return []
        aside_m, slope = self._aside(along_m)
        speed_ms = self.motion.speed_ms(time_s) * math.hypot(1.0, slope)
        turn_rad = -math.pi / 2 + math.atan(slope)
        x_m, y_m = self.lane_x_m + aside_m, self.stop_y_m - along_m
        return [Actor(self.track, self.model, x_m, y_m, turn_rad, speed_ms, lights=self.lights)]

    def _aside(self, along_m: float) -> tuple[float, float]:
        """How far it has left its lane, and the slope of its way."""
        reach, share = self.bay_x_m - self.lane_x_m, 1 - abs(along_m) / self.swerve_m
        slope = 6 * share * (1 - share) * reach / self.swerve_m if 0 < share < 1 else 0.0
        return reach * smoothstep(share), math.copysign(slope, -along_m * reach)

    def obstacles(self, plan: StreetPlan) -> list[Obstacle]:
        """The truck as the drivers of the lanes it touches see it."""
        found = []
        half_l, half_w = BY_NAME[self.model].length_m / 2, BY_NAME[self.model].width_m / 2
        for number, lane in enumerate(plan.lanes()):
            if lane.heading != "towards":
                continue
            reach = lane.width_m / 2 + half_w + 0.1

            def where(time_s: float, lane_x_m: float = lane.x_m, begin_m: float = lane.y_m, reach: float = reach):
                along_m = self.motion.along_m(time_s)
                aside_m, slope = self._aside(along_m)
                if abs(self.lane_x_m + aside_m - lane_x_m) > reach + half_l * abs(math.sin(math.atan(slope))):
                    return None
                return begin_m - self.stop_y_m + along_m - half_l, self.motion.speed_ms(time_s)

            found.append(Obstacle(number, where))
        return found
