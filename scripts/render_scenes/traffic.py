"""Car following on one road: the Intelligent Driver Model.

Treiber, Hennecke, Helbing (2000), "Congested traffic states in empirical observations and microscopic simulations",
Phys. Rev. E 62, 1805, equations 2 and 3; ballistic update as in Treiber & Kanagaraj (2015), Physica A 419, 183.
A lane is a line of vehicles that never change it. Distance is counted along the road, growing in the driving direction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import numpy as np

# Braking no tyre exceeds on dry asphalt, and the comfortable limit when only a slower stretch lies ahead.
HARDEST_BRAKING_MS2 = 9.0
COMFORTABLE_BRAKING_MS2 = 3.0


@dataclass(frozen=True, slots=True)
class Driver:
    """IDM parameters: desired speed v0, time gap T, standstill gap s0, acceleration a, comfortable braking b."""

    desired_speed_ms: float = 11.0
    time_gap_s: float = 1.2
    standstill_gap_m: float = 2.0
    acceleration_ms2: float = 1.8
    braking_ms2: float = 2.2


def acceleration_ms2(driver: Driver, speed_ms: float, limit_ms: float, gap_m: float, leader_speed_ms: float) -> float:
    """IDM acceleration; `gap_m` is bumper to bumper (inf when free), `limit_ms` caps the desired speed."""
    desired = max(0.1, min(driver.desired_speed_ms, limit_ms))
    free = driver.acceleration_ms2 * (1 - (speed_ms / desired) ** 4)
    free = max(free, -COMFORTABLE_BRAKING_MS2)
    if not np.isfinite(gap_m):
        return free
    approach = speed_ms * (speed_ms - leader_speed_ms) / (2 * np.sqrt(driver.acceleration_ms2 * driver.braking_ms2))
    wanted_gap = driver.standstill_gap_m + max(0.0, speed_ms * driver.time_gap_s + approach)
    interaction = driver.acceleration_ms2 * (wanted_gap / max(gap_m, 0.05)) ** 2
    return max(free - interaction, -HARDEST_BRAKING_MS2)


@dataclass(frozen=True, slots=True)
class State:
    """Where a vehicle is in one frame; `middle_m` is half its length behind the front bumper."""

    track: int
    model: str
    lane: int
    lateral_m: float
    middle_m: float
    speed_ms: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """A vehicle that wants to enter its lane at 0 m from `time_s` on."""

    time_s: float
    lane: int
    model: str
    length_m: float
    lateral_m: float
    driver: Driver


@dataclass(slots=True)
class Vehicle:
    """An arrival on the road; `front_m` is the front bumper's distance along it."""

    track: int
    what: Arrival
    front_m: float
    speed_ms: float

    @property
    def rear_m(self) -> float:
        return self.front_m - self.what.length_m

    def state(self) -> State:
        middle_m = self.front_m - self.what.length_m / 2
        return State(self.track, self.what.model, self.what.lane, self.what.lateral_m, middle_m, self.speed_ms)


@dataclass(slots=True)
class Lane:
    """Vehicles from the first (furthest down the road) to the last."""

    vehicles: list[Vehicle] = field(default_factory=list)

    def step(self, dt_s: float, limit_ms: Callable[[float], float]) -> None:
        """Advance by `dt_s`; `limit_ms(front_m)` is the speed limit at a place."""
        pushes = []
        for i, vehicle in enumerate(self.vehicles):
            leader = self.vehicles[i - 1] if i else None
            gap = leader.rear_m - vehicle.front_m if leader else np.inf
            leader_speed = leader.speed_ms if leader else 0.0
            limit = limit_ms(vehicle.front_m)
            pushes.append(acceleration_ms2(vehicle.what.driver, vehicle.speed_ms, limit, gap, leader_speed))
        for vehicle, push in zip(self.vehicles, pushes, strict=True):
            new_speed = vehicle.speed_ms + push * dt_s
            if new_speed < 0.0:
                # Stops within the step: the rest of the braking distance, never backwards.
                vehicle.front_m += vehicle.speed_ms**2 / (2 * -push)
                vehicle.speed_ms = 0.0
            else:
                vehicle.front_m += (vehicle.speed_ms + new_speed) / 2 * dt_s
                vehicle.speed_ms = new_speed

    def room_for(self, driver: Driver) -> float | None:
        """The speed at which a vehicle may enter at 0 m, or None while the last one is too near."""
        if not self.vehicles:
            return driver.desired_speed_ms
        last = self.vehicles[-1]
        if last.rear_m < driver.standstill_gap_m + last.speed_ms * driver.time_gap_s + 1.0:
            return None
        return min(driver.desired_speed_ms, last.speed_ms + 0.5)


def simulate(
    arrivals: Sequence[Arrival],
    *,
    lanes: int,
    road_length_m: float,
    limit_ms: Callable[[float, float], float],
    start_s: float,
    frame_times_s: Sequence[float],
    step_s: float = 0.025,
) -> list[list[State]]:
    """Run from `start_s` and return the states at each frame time (multiples of `step_s`, ascending).

    `limit_ms(time_s, front_m)` is the speed limit. Vehicles leave beyond `road_length_m`; tracks count arrivals from 1.
    """
    road = [Lane() for _ in range(lanes)]
    waiting = [deque(sorted((a for a in arrivals if a.lane == n), key=lambda a: a.time_s)) for n in range(lanes)]
    tracks = count(1)
    frames: list[list[State]] = []
    for tick in range(round((frame_times_s[-1] - start_s) / step_s) + 1):
        now_s = start_s + tick * step_s
        for lane, queue in zip(road, waiting, strict=True):
            if queue and queue[0].time_s <= now_s:
                speed_ms = lane.room_for(queue[0].driver)
                if speed_ms is not None:
                    lane.vehicles.append(Vehicle(next(tracks), queue.popleft(), 0.0, speed_ms))
        if abs(now_s - frame_times_s[len(frames)]) < step_s / 2:
            frames.append([vehicle.state() for lane in road for vehicle in lane.vehicles])
        for lane in road:
            lane.step(step_s, partial(limit_ms, now_s))
            lane.vehicles = [v for v in lane.vehicles if v.rear_m < road_length_m]
    return frames
