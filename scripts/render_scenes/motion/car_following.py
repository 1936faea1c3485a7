"""Car following: the Intelligent Driver Model on lanes with signals and obstacles.

Treiber, Hennecke, Helbing (2000), "Congested traffic states in empirical observations and microscopic simulations",
Phys. Rev. E 62, 1805, equations 2 and 3; ballistic update as in Treiber & Kanagaraj (2015), Physica A 419, 183.
A red light is a standing leader at the stop line, an amber one for those who can brake comfortably before it.
A lane is a line of vehicles that never change it. Distance is counted along the lane, growing in the driving direction.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from scripts.render_scenes.motion.signals import AMBER, GREEN, Signals

# Braking no tyre exceeds on dry asphalt, and the comfortable limit when only a slower stretch or amber lies ahead.
HARDEST_BRAKING_MS2 = 9.0
COMFORTABLE_BRAKING_MS2 = 3.0
# How far before the stop line the first one comes to stand.
SHORT_OF_LINE_M = 0.8

Limit = Callable[[float, int, float], float]


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
    if gap_m == math.inf:
        return free
    approach = speed_ms * (speed_ms - leader_speed_ms) / (2 * math.sqrt(driver.acceleration_ms2 * driver.braking_ms2))
    wanted_gap = driver.standstill_gap_m + max(0.0, speed_ms * driver.time_gap_s + approach)
    interaction = driver.acceleration_ms2 * (wanted_gap / max(gap_m, 0.05)) ** 2
    return max(free - interaction, -HARDEST_BRAKING_MS2)


@dataclass(frozen=True, slots=True)
class Road:
    """What drivers need of a lane: its length and, with a signal, the stop line and where the junction is left."""

    length_m: float
    stop_m: float | None = None
    clear_m: float = 0.0
    signal: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something in a lane that follows nobody: `where(time_s)` is its rear (m) and speed, None while it is away."""

    lane: int
    where: Callable[[float], tuple[float, float] | None]


def standing(lane: int, rear_m: float, from_s: float, to_s: float) -> Obstacle:
    """An obstacle that stands between two times."""
    return Obstacle(lane, lambda time_s: (rear_m, 0.0) if from_s <= time_s < to_s else None)


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
    """An arrival on the road; `front_m` is the front bumper's distance along it.

    `commits` is what the driver decided when the light turned amber: to go on (True), to stop, or nothing yet (None).
    """

    track: int
    what: Arrival
    front_m: float
    speed_ms: float
    commits: bool | None = None

    @property
    def rear_m(self) -> float:
        return self.front_m - self.what.length_m

    def state(self) -> State:
        middle_m = self.front_m - self.what.length_m / 2
        return State(self.track, self.what.model, self.what.lane, self.what.lateral_m, middle_m, self.speed_ms)


@dataclass(slots=True)
class Queue:
    """The vehicles of a lane from the first (furthest down the road) to the last."""

    road: Road
    vehicles: list[Vehicle] = field(default_factory=list)

    def step(
        self,
        dt_s: float,
        limit_ms: Callable[[float], float],
        colour: str = GREEN,
        *,
        box_busy: bool = False,
        obstacles: Sequence[tuple[float, float]] = (),
    ) -> None:
        """Advance by `dt_s`; `limit_ms(front_m)` is the speed limit at a place, `obstacles` rears and speeds."""
        pushes = []
        for i, vehicle in enumerate(self.vehicles):
            leader = self.vehicles[i - 1] if i else None
            gap = leader.rear_m - vehicle.front_m if leader else math.inf
            leader_speed = leader.speed_ms if leader else 0.0
            driver, limit = vehicle.what.driver, limit_ms(vehicle.front_m)
            push = acceleration_ms2(driver, vehicle.speed_ms, limit, gap, leader_speed)
            if self.road.stop_m is not None and self._must_stop(vehicle, colour, box_busy=box_busy):
                gap = self.road.stop_m - vehicle.front_m + driver.standstill_gap_m - SHORT_OF_LINE_M
                push = min(push, acceleration_ms2(driver, vehicle.speed_ms, limit, gap, 0.0))
            for rear_m, speed_ms in obstacles:
                if rear_m > vehicle.front_m:
                    gap = rear_m - vehicle.front_m
                    push = min(push, acceleration_ms2(driver, vehicle.speed_ms, limit, gap, speed_ms))
            pushes.append(push)
        for vehicle, push in zip(self.vehicles, pushes, strict=True):
            _advance(vehicle, push, dt_s)

    def _must_stop(self, vehicle: Vehicle, colour: str, *, box_busy: bool) -> bool:
        assert self.road.stop_m is not None
        distance_m = self.road.stop_m - vehicle.front_m
        if distance_m < 0:
            return False
        if colour == GREEN:
            vehicle.commits = None
            return box_busy
        if vehicle.commits is None:
            vehicle.commits = colour == AMBER and vehicle.speed_ms**2 / (2 * COMFORTABLE_BRAKING_MS2) > distance_m
        return colour != AMBER or not vehicle.commits

    def in_box(self) -> bool:
        """Whether somebody is between the stop line and the far edge of the junction."""
        stop_m = self.road.stop_m
        return stop_m is not None and any(v.front_m > stop_m and v.rear_m < self.road.clear_m for v in self.vehicles)

    def room_for(self, driver: Driver, obstacles: Sequence[tuple[float, float]] = ()) -> float | None:
        """The speed at which a vehicle may enter at 0 m, or None while the last one is too near."""
        last = [(vehicle.rear_m, vehicle.speed_ms) for vehicle in self.vehicles[-1:]]
        # An obstacle that comes up from behind the entry must not be cut off either.
        ahead = [*last, *(o for o in obstacles if o[0] > -30.0)]
        speed_ms = driver.desired_speed_ms
        for rear_m, leader_speed_ms in ahead:
            if rear_m < driver.standstill_gap_m + leader_speed_ms * driver.time_gap_s + 1.0:
                return None
            speed_ms = min(speed_ms, leader_speed_ms + 0.5)
        return speed_ms


def _advance(vehicle: Vehicle, push: float, dt_s: float) -> None:
    new_speed = vehicle.speed_ms + push * dt_s
    if new_speed < 0.0:
        # Stops within the step: the rest of the braking distance, never backwards.
        vehicle.front_m += vehicle.speed_ms**2 / (2 * -push)
        vehicle.speed_ms = 0.0
    else:
        vehicle.front_m += (vehicle.speed_ms + new_speed) / 2 * dt_s
        vehicle.speed_ms = new_speed


def simulate(
    arrivals: Sequence[Arrival],
    *,
    roads: Sequence[Road],
    limit_ms: Limit,
    start_s: float,
    frame_times_s: Sequence[float],
    signals: Signals | None = None,
    obstacles: Sequence[Obstacle] = (),
    step_s: float = 0.025,
) -> list[list[State]]:
    """Run from `start_s` and return the states at each frame time (multiples of `step_s`, ascending).

    `limit_ms(time_s, lane, front_m)` is the speed limit. Vehicles leave beyond their road; tracks count entries from 1.
    """
    queues = [Queue(road) for road in roads]
    waiting = [deque(sorted((a for a in arrivals if a.lane == n), key=lambda a: a.time_s)) for n in range(len(roads))]
    tracks = count(1)
    frames: list[list[State]] = []
    for tick in range(round((frame_times_s[-1] - start_s) / step_s) + 1):
        now_s = start_s + tick * step_s
        there = [[p for o in obstacles if o.lane == n and (p := o.where(now_s)) is not None] for n in range(len(roads))]
        for queue, line, things in zip(queues, waiting, there, strict=True):
            if line and line[0].time_s <= now_s:
                speed_ms = queue.room_for(line[0].driver, things)
                if speed_ms is not None:
                    queue.vehicles.append(Vehicle(next(tracks), line.popleft(), 0.0, speed_ms))
        if abs(now_s - frame_times_s[len(frames)]) < step_s / 2:
            frames.append([vehicle.state() for queue in queues for vehicle in queue.vehicles])
        busy = {q.road.signal for q in queues if q.in_box()} if signals else set()
        for n, (queue, things) in enumerate(zip(queues, there, strict=True)):
            signal = queue.road.signal
            colour = signals.colour(signal, now_s) if signals and signal else GREEN
            queue.step(
                step_s,
                lambda front_m, n=n, now_s=now_s: limit_ms(now_s, n, front_m),
                colour,
                box_busy=bool(busy - {signal}),
                obstacles=things,
            )
            queue.vehicles = [v for v in queue.vehicles if v.rear_m < queue.road.length_m]
    return frames
