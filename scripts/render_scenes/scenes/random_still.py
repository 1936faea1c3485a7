"""Random scenes of one frame, for training: every seed another street, camera, weather, crowd and traffic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from scripts.render_scenes.bodies.catalogue import PEOPLE, VENDORS
from scripts.render_scenes.bodies.people import WALK_POSES
from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.moment import Actor, Moment
from scripts.render_scenes.motion.footprint import overlap_m2
from scripts.render_scenes.motion.scripted import Cast
from scripts.render_scenes.motion.signals import MAIN, RED, Signals
from scripts.render_scenes.motion.stalls import SPOTS, STALL_FROM_KERB_M, Stall
from scripts.render_scenes.motion.traffic import CAST_TRACKS, HoldUp
from scripts.render_scenes.motion.water import NO_WATER_M, Hydrograph
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.scenes import random_above
from scripts.render_scenes.scenes import random_parts as parts
from scripts.render_scenes.scenes.random_parts import (
    ELEVATION_DEG,
    LIGHTS,
    NEAREST_M,
    PARKED_TRACKS,
    TREES_FROM_M,
    free_of_junction,
)
from scripts.render_scenes.scenes.scene import Scene, Weather, Zone
from scripts.render_scenes.scenes.stories import StreetStory

FLOODED, WET_ONLY = 0.15, 0.2
# A stall on a narrower pavement would leave no way past.
STALL_PAVEMENT_M = 4.0
STALL_TRACKS, CROSSING_TRACKS = CAST_TRACKS + 5000, CAST_TRACKS + 9000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A street story of which one instant is wanted, and nobody in anybody's way."""

    street: StreetStory

    def moments(self, scene: Scene) -> tuple[Moment, ...]:
        return tuple(replace(moment, actors=apart(moment.actors)) for moment in self.street.moments(scene))


View = Literal["mast", "high", "above"]
"""Where the camera hangs: on a mast of 4 to 12 m in the street, high on a building and looking down, or far above a
wide road full of cars, by day."""


def random_scene(seed: int, view: View = "mast") -> tuple[Scene, Moment]:
    """A scene of one frame and that frame; equal seeds give equal ones, from a mast and high up the same street."""
    rng, own = np.random.default_rng((seed, 11)), np.random.default_rng((seed, 12))
    plan = random_above.wide_plan(rng, seed) if view == "above" else parts.plan(rng, seed)
    weather, water = _weather(rng)
    if view == "above" and weather.light in ("dusk", "night"):
        weather = replace(weather, light="overcast", sun_elevation_deg=float(own.uniform(*ELEVATION_DEG["overcast"])))
    signals = Signals(-float(rng.uniform(0, 50))) if plan.junction_y_m is not None else None
    street = StreetStory(
        parts.flow(rng),
        hold_up=_hold_up(rng, plan),
        signals=signals,
        water=water,
        cast=(
            *_stalls(rng, plan),
            parts.Standing((*parts.parked(rng, plan), *_crossing(rng, plan, signals))),
            *parts.walkers(rng, plan),
            *_from_above(own, plan, view),
        ),
        lights=weather.light in ("dusk", "night") or water.rain[0][1] > 0.4,
        warm_up_s=float(rng.choice([42.0, 48.0, 54.0])),
        step_s=0.1,
    )
    camera, lens = parts.mast_camera(rng, plan), parts.lens(rng, weather, water)
    if view == "high":
        camera = _high_camera(own, plan)
    elif view == "above":
        camera = random_above.steep_camera(own, plan)
    roadway = Zone("jalan", "roadway", ((plan.left_kerb_m, 12.0), (plan.right_kerb_m, 12.0),
                                        (plan.right_kerb_m, 60.0), (plan.left_kerb_m, 60.0)))  # fmt: skip
    scene = Scene(f"still_{seed}", seed, 8, 1, camera, plan, Snapshot(street), weather, lens, (roadway,))
    return scene, scene.story.moments(scene)[0]


def _from_above(rng: np.random.Generator, plan: StreetPlan, view: View) -> list[Cast]:
    if view != "above":
        return []
    return [parts.Standing((*random_above.dense(rng, plan), *random_above.lots(rng, plan)))]


def apart(actors: Sequence[Actor]) -> tuple[Actor, ...]:
    """The actors without those whose footprint meets that of one before; riders stay with their machines."""
    kept: list[Actor] = []
    gone: set[int] = set()
    for actor in actors:
        if actor.rides is not None:
            if actor.rides not in gone:
                kept.append(actor)
        elif any(other.rides is None and not _at_work(other, actor) and overlap_m2(other, actor) > 0 for other in kept):
            gone.add(actor.track)
        else:
            kept.append(actor)
    # Who sells or buys at a stall that had no room goes with it.
    return tuple(a for a in kept if not (_stall_of(a) in gone and a.rides is None))


def _stall_of(actor: Actor) -> int:
    """The track of the stall that a track belongs to: stalls count in tens, their people after them."""
    return actor.track - actor.track % 10 if STALL_TRACKS <= actor.track < PARKED_TRACKS else -1


def _at_work(stall: Actor, actor: Actor) -> bool:
    """Whether `actor` stands in its place at `stall`, below a roof that the footprint counts."""
    return stall.model in SPOTS and stall.track == _stall_of(actor)


def _weather(rng: np.random.Generator) -> tuple[Weather, Hydrograph]:
    light = LIGHTS[rng.choice(5, p=[0.36, 0.16, 0.22, 0.1, 0.16])]
    weather = Weather(light, float(rng.uniform(*ELEVATION_DEG[light])), float(rng.uniform(0, 360)))
    chance, level_m, rain, wet = rng.random(), NO_WATER_M, 0.0, 0.0
    if chance < FLOODED:
        level_m, wet = float(rng.uniform(0.0, 0.45)), 1.0
    elif chance < FLOODED + WET_ONLY:
        wet = float(rng.uniform(0.4, 1.0))
    # It rains from clouds: the sun does not stand in the picture then.
    if wet and light not in ("day", "low_sun") and rng.random() < 0.6:
        rain = float(rng.uniform(0.2, 1.0))
    return weather, Hydrograph(((0.0, level_m),), ((0.0, rain),), ((0.0, wet),))


def _high_camera(rng: np.random.Generator, plan: StreetPlan) -> Camera:
    """Above the roofs, from any side but from ahead; a car of 4.5 m is 16 to 60 px long in the middle."""
    height_m, bearing = float(rng.uniform(18.0, 55.0)), math.radians(rng.uniform(-75, 75))
    # Across the street only steeply, or houses would hide it.
    down = math.radians(rng.uniform(45 if abs(bearing) > math.radians(35) else 28, 68))
    middle_m = (plan.left_kerb_m + plan.right_kerb_m) / 2 + float(rng.uniform(-3, 3))
    aim_m = (middle_m, float(rng.uniform(40, 75)))
    car_px = math.exp(rng.uniform(math.log(16), math.log(60)))
    return parts.looking_down(height_m, bearing, down, aim_m, car_px=car_px, roll_deg=float(rng.uniform(-3, 3)))


def _hold_up(rng: np.random.Generator, plan: StreetPlan) -> HoldUp | None:
    """A third of the stills show a queue."""
    if rng.random() > 0.33:
        return None
    away_m = float(rng.uniform(60, 100)) if plan.away and rng.random() < 0.5 else 1e6
    return HoldUp(-60.0, 60.0, float(rng.uniform(-25, 20)), away_m)


def _stalls(rng: np.random.Generator, plan: StreetPlan) -> list[Cast]:
    """None, a few, or a market, on the pavements and, where cars may park, on the road."""
    found: list[Cast] = []
    for _ in range(int(rng.choice([0, 1, 3, 6], p=[0.35, 0.3, 0.25, 0.1]))):
        side, model, y_m = int(rng.integers(2)), str(rng.choice(VENDORS)), float(rng.uniform(NEAREST_M, 60))
        on_road = side == 0 and plan.parking_m > 0 and model in ("gerobak", "tricycle_stall") and rng.random() < 0.5
        turn_rad = -math.pi / 2 if side == 0 else math.pi / 2
        off_m = STALL_FROM_KERB_M + float(rng.uniform(-0.05, 0.1))
        if on_road:
            x_m = plan.right_kerb_m - 1.5
        elif plan.pavement_m[side] < STALL_PAVEMENT_M or y_m > TREES_FROM_M:
            continue
        else:
            x_m = plan.right_kerb_m + off_m if side == 0 else plan.left_kerb_m - off_m
        if free_of_junction(plan, y_m):
            track = STALL_TRACKS + 10 * len(found)
            found.append(Stall(track, model, x_m, y_m, turn_rad + float(rng.normal(0, 0.04)), int(rng.integers(3))))
    return found


def _crossing(rng: np.random.Generator, plan: StreetPlan, signals: Signals | None) -> list[Actor]:
    """A few people on the zebra of the main street while it has red."""
    if signals is None or plan.junction_y_m is None or not plan.zebra or signals.colour(MAIN, 0.0) != RED:
        return []
    found = []
    for side in (1, -1):
        y_m = plan.junction_y_m + side * (plan.cross_half_m + plan.stop_gap_m / 2)
        for _ in range(int(rng.integers(0, 4))):
            x_m, turn_rad = float(rng.uniform(plan.left_kerb_m, plan.right_kerb_m)), float(rng.choice([0.0, math.pi]))
            beside_m, who, step = float(rng.uniform(-0.9, 0.9)), str(rng.choice(PEOPLE)), int(rng.integers(WALK_POSES))
            found.append(Actor(CROSSING_TRACKS + len(found), who, x_m, y_m + beside_m, turn_rad, 1.3, step))
    return found
