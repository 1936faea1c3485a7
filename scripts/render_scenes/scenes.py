"""The named scenes: a street, a camera, a day's light, and who drives when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from scripts.render_scenes import fleet, street
from scripts.render_scenes.camera import Camera
from scripts.render_scenes.traffic import Arrival, Driver, State, simulate

# Vehicles enter this far from the camera and leave behind it.
ENTRY_Y_M, EXIT_Y_M = 300.0, -30.0
TOWARDS_CAMERA_RAD = -np.pi / 2


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a rendering depends on. `zone_ground_m` is the roadway zone on the ground."""

    name: str
    seed: int
    fps: int
    frames: int
    camera: Camera
    sun_elevation_deg: float
    sun_azimuth_deg: float
    zone_ground_m: tuple[tuple[float, float], ...]

    @property
    def times_s(self) -> list[float]:
        return [i / self.fps for i in range(self.frames)]


@dataclass(frozen=True, slots=True)
class Placed:
    """A vehicle on the ground: the middle of its footprint, its heading (counter-clockwise from +x) and speed."""

    track: int
    model: str
    x_m: float
    y_m: float
    turn_rad: float
    speed_ms: float


@dataclass(frozen=True, slots=True)
class Jam:
    """A hold-up at the near end of the view: between `from_s` and `to_s` nobody passes `at_y_m` faster than a crawl."""

    from_s: float = 10.5
    to_s: float = 31.5
    at_y_m: float = 16.0

    def limit_ms(self, time_s: float, front_m: float) -> float:
        """The speed limit at `front_m` along the road, counted from the entry."""
        if not self.from_s <= time_s < self.to_s or ENTRY_Y_M - front_m > self.at_y_m:
            return 99.0
        # Stop and creep: now and then the blockage lets a vehicle or two through.
        return max(0.1, 1.3 * np.sin(2 * np.pi * (time_s - self.from_s) / 7.0) - 0.4)


JAM_BUILDS_UP = Scene(
    name="jam_builds_up",
    seed=20,
    fps=8,
    frames=480,
    camera=Camera(640, 360, 900.0, (2.2, 0.0, 8.0), (0.2, 36.0, 0.0)),
    sun_elevation_deg=52.0,
    sun_azimuth_deg=203.0,
    zone_ground_m=((-3.35, 18.5), (2.7, 18.5), (2.7, 58.0), (-3.35, 58.0)),
)
SCENES = {JAM_BUILDS_UP.name: JAM_BUILDS_UP}


def _arrivals(scene: Scene, start_s: float) -> list[Arrival]:
    """Random arrivals in three lanes; fewer once enough are under way to fill the view."""
    rng = np.random.default_rng((scene.seed, 1))
    names = [m.name for m in fleet.MODELS if m.weight > 0]
    weights = np.array([m.weight for m in fleet.MODELS if m.weight > 0])
    arrivals = []
    for lane, headway_s in enumerate((1.9, 2.0, 2.4)):
        time_s = start_s + rng.uniform(0, 2)
        while time_s < scene.frames / scene.fps:
            name = str(rng.choice(names, p=weights / weights.sum())) if lane < 2 else "motorcycle"
            speed = rng.uniform(10.8, 12.2) * (0.94 if fleet.BY_NAME[name].kind in ("bus", "truck") else 1.0)
            driver = Driver(speed, rng.uniform(0.9, 1.2), rng.uniform(1.1, 1.7), rng.uniform(2.0, 2.6), 2.4)
            lateral = rng.normal(0.0, 0.16)
            arrivals.append(Arrival(time_s, lane, name, fleet.BY_NAME[name].length_m, lateral, driver))
            slack = 1.0 if time_s < -5.0 else 3.0 if time_s < 20.0 else 1.7
            time_s += headway_s * rng.uniform(0.6, 1.5) * slack
    return arrivals


@cache
def drive(scene: Scene) -> tuple[tuple[Placed, ...], ...]:
    """Every vehicle on the road, frame by frame."""
    start_s, jam = -45.0, Jam()
    states = simulate(
        _arrivals(scene, start_s),
        lanes=len(street.LANE_CENTRES_M),
        road_length_m=ENTRY_Y_M - EXIT_Y_M,
        limit_ms=jam.limit_ms,
        start_s=start_s,
        frame_times_s=scene.times_s,
    )
    return tuple(_placed(frame) for frame in states)


def _placed(states: Sequence[State]) -> tuple[Placed, ...]:
    return tuple(
        Placed(s.track, s.model, street.LANE_CENTRES_M[s.lane] + s.lateral_m, ENTRY_Y_M - s.middle_m,
               TOWARDS_CAMERA_RAD, s.speed_ms)
        for s in states
    )  # fmt: skip
