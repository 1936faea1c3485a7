"""Stories: what happens on a street, put together from traffic, signals, water, people with parts, and mishaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np

from scripts.render_scenes.moment import Actor, CameraState, Moment
from scripts.render_scenes.motion import traffic
from scripts.render_scenes.motion.car_following import Arrival, State, simulate
from scripts.render_scenes.motion.footprint import overlap_m2
from scripts.render_scenes.motion.scripted import Cast, StoppingTruck
from scripts.render_scenes.motion.signals import Signals
from scripts.render_scenes.motion.traffic import HoldUp, Traffic
from scripts.render_scenes.motion.water import Hydrograph, smoothstep
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.place.relief import ground_m
from scripts.render_scenes.scenes.scene import Scene

DRY, SOUND = Hydrograph(), CameraState()


@dataclass(frozen=True, slots=True)
class StreetStory:
    """Traffic with all that holds it up, and a cast. The traffic runs `warm_up_s` before the clip begins.

    `camera` are (time_s, state) knots with smooth passages; `lights` says that lamps burn.
    """

    traffic: Traffic
    hold_up: HoldUp | None = None
    signals: Signals | None = None
    water: Hydrograph = DRY
    cast: tuple[Cast, ...] = ()
    camera: tuple[tuple[float, CameraState], ...] = ((0.0, SOUND),)
    lights: bool = False
    warm_up_s: float = 45.0
    step_s: float = 0.0625

    def moments(self, scene: Scene) -> tuple[Moment, ...]:
        return _moments(self, scene)


@cache
def _moments(story: StreetStory, scene: Scene) -> tuple[Moment, ...]:
    lanes = scene.plan.lanes()
    riding = cache(lambda track: story.traffic.pillion(scene.seed, track))
    moments = []
    for time_s, states in zip(scene.times_s, _drive(story, scene), strict=True):
        found = traffic.actors(states, lanes, riding, lights=story.lights)
        for cast in story.cast:
            found += cast.actors(scene.plan, scene.seed, time_s)
        signals = story.signals.all(time_s) if story.signals else {}
        water = story.water
        moments.append(
            Moment(
                time_s, on_the_ground(scene.plan, found), signals, traffic.along(water.rain, time_s),
                traffic.along(water.wet, time_s), water.level_m(time_s), camera_at(story.camera, time_s),
            )
        )  # fmt: skip
    return tuple(moments)


def on_the_ground(plan: StreetPlan, found: Sequence[Actor]) -> tuple[Actor, ...]:
    """The actors at the height of the ground below their middle, rounded to a millimetre."""
    heights = ground_m(plan, np.array([a.x_m for a in found]), np.array([a.y_m for a in found]))
    return tuple(replace(a, z_m=round(float(z), 3)) for a, z in zip(found, heights, strict=True))


def camera_at(knots: Sequence[tuple[float, CameraState]], time_s: float) -> CameraState:
    """The camera's state between two knots, every number of it passing smoothly."""
    before = knots[0]
    for knot in knots:
        if time_s < knot[0]:
            share = smoothstep((time_s - before[0]) / max(1e-9, knot[0] - before[0]))
            mixed = {f.name: (1 - share) * getattr(before[1], f.name) + share * getattr(knot[1], f.name)
                     for f in fields(CameraState)}  # fmt: skip
            return CameraState(**mixed)
        before = knot
    return before[1]


def _drive(story: StreetStory, scene: Scene) -> list[list[State]]:
    """The traffic, frame by frame. Who would be beside a truck just when it swerves, stays at home."""
    plan, end_s = scene.plan, scene.times_s[-1]
    arrivals = story.traffic.arrivals(plan, scene.seed, -story.warm_up_s, end_s)
    trucks = [cast for cast in story.cast if isinstance(cast, StoppingTruck)]
    while True:
        frames = simulate(
            arrivals,
            roads=traffic.roads(plan),
            limit_ms=traffic.limits(plan, story.water, story.hold_up),
            start_s=-story.warm_up_s,
            frame_times_s=scene.times_s,
            signals=story.signals,
            obstacles=[obstacle for truck in trucks for obstacle in truck.obstacles(plan)],
            step_s=story.step_s,
        )
        hit = _hit(frames, trucks, scene)
        if not hit:
            return frames
        arrivals = _without(arrivals, hit)


def _hit(frames: Sequence[Sequence[State]], trucks: Sequence[StoppingTruck], scene: Scene) -> set[tuple[int, float]]:
    """(lane, lateral) of vehicles that a truck touches: together they name one arrival."""
    lanes, found = scene.plan.lanes(), set()
    for truck in trucks:
        for time_s, states in zip(scene.times_s, frames, strict=True):
            there = truck.actors(scene.plan, scene.seed, time_s)
            for state in states if there else ():
                x_m, y_m = lanes[state.lane].at(state.middle_m, state.lateral_m)
                actor = Actor(state.track, state.model, x_m, y_m, lanes[state.lane].turn_rad)
                if overlap_m2(there[0], actor) > 0:
                    found.add((state.lane, state.lateral_m))
    return found


def _without(arrivals: Sequence[Arrival], hit: set[tuple[int, float]]) -> list[Arrival]:
    return [arrival for arrival in arrivals if (arrival.lane, arrival.lateral_m) not in hit]
