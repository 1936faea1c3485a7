"""Random scenes of one frame, for training: every seed another street, camera, weather, crowd and traffic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from scripts.render_scenes.bodies.catalogue import PEOPLE, VENDORS
from scripts.render_scenes.bodies.people import STANDING, WALK_POSES
from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.moment import Actor, Moment
from scripts.render_scenes.motion.footprint import overlap_m2, size_m
from scripts.render_scenes.motion.scripted import Cast
from scripts.render_scenes.motion.signals import MAIN, RED, Signals
from scripts.render_scenes.motion.stalls import SPOTS, STALL_FROM_KERB_M, Stall
from scripts.render_scenes.motion.traffic import CAR_MODELS, CAR_WEIGHTS, CAST_TRACKS, Flow, HoldUp
from scripts.render_scenes.motion.walkers import Walkers
from scripts.render_scenes.motion.water import NO_WATER_M, Hydrograph
from scripts.render_scenes.place.plan import Side, StreetPlan
from scripts.render_scenes.scenes.scene import Lens, Light, Scene, Weather, Zone
from scripts.render_scenes.scenes.stories import StreetStory

SIDES: tuple[Side, ...] = ("shops", "houses", "offices", "wall", "park")
LIGHTS: tuple[Light, ...] = ("day", "low_sun", "overcast", "dusk", "night")
ELEVATION_DEG: dict[Light, tuple[float, float]] = {
    "day": (32.0, 75.0), "low_sun": (7.0, 20.0), "overcast": (30.0, 70.0), "dusk": (-4.0, 2.0), "night": (-20.0, -10.0)
}  # fmt: skip
# What the recorder's clock may say in that light, from hour to hour; a night goes on past midnight.
HOURS: dict[Light, tuple[int, int]] = {
    "day": (8, 16), "low_sun": (16, 18), "overcast": (7, 17), "dusk": (18, 19), "night": (19, 28)
}  # fmt: skip
FLOODED, WET_ONLY = 0.15, 0.2
# A stall on a narrower pavement would leave no way past; nearer than this lies below most pictures.
STALL_PAVEMENT_M = 4.0
NEAREST_M, FARTHEST_M = 7.0, 85.0
# Kerbside trees stand from here on, just where stalls would.
TREES_FROM_M = 44.0
STALL_TRACKS, PARKED_TRACKS, WALKER_TRACKS = CAST_TRACKS + 5000, CAST_TRACKS + 8000, CAST_TRACKS
CROSSING_TRACKS = CAST_TRACKS + 9000


@dataclass(frozen=True, slots=True)
class Standing:
    """Things that stand: vehicles at the kerb, people who wait."""

    things: tuple[Actor, ...]

    def actors(self, plan: StreetPlan, seed: int, time_s: float) -> list[Actor]:  # noqa: ARG002
        return list(self.things)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A street story of which one instant is wanted, and nobody in anybody's way."""

    street: StreetStory

    def moments(self, scene: Scene) -> tuple[Moment, ...]:
        return tuple(replace(moment, actors=apart(moment.actors)) for moment in self.street.moments(scene))


View = Literal["mast", "high"]
"""Where the camera hangs: on a mast of 4 to 12 m in the street, or high on a building and looking down."""


def random_scene(seed: int, view: View = "mast") -> tuple[Scene, Moment]:
    """A scene of one frame and that frame; equal seeds give equal ones, in both views the same street."""
    rng = np.random.default_rng((seed, 11))
    plan = _plan(rng, seed)
    weather, water = _weather(rng)
    signals = Signals(-float(rng.uniform(0, 50))) if plan.junction_y_m is not None else None
    street = StreetStory(
        _flow(rng),
        hold_up=_hold_up(rng, plan),
        signals=signals,
        water=water,
        cast=(
            *_stalls(rng, plan),
            Standing((*_parked(rng, plan), *_crossing(rng, plan, signals))),
            *_walkers(rng, plan),
        ),
        lights=weather.light in ("dusk", "night") or water.rain[0][1] > 0.4,
        warm_up_s=float(rng.choice([42.0, 48.0, 54.0])),
        step_s=0.1,
    )
    camera, lens = _camera(rng, plan), _lens(rng, weather, water)
    if view == "high":
        camera = _high_camera(np.random.default_rng((seed, 12)), plan)
    roadway = Zone("jalan", "roadway", ((plan.left_kerb_m, 12.0), (plan.right_kerb_m, 12.0),
                                        (plan.right_kerb_m, 60.0), (plan.left_kerb_m, 60.0)))  # fmt: skip
    scene = Scene(f"still_{seed}", seed, 8, 1, camera, plan, Snapshot(street), weather, lens, (roadway,))
    return scene, scene.story.moments(scene)[0]


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


def _plan(rng: np.random.Generator, seed: int) -> StreetPlan:
    towards = int(rng.choice([1, 2, 3], p=[0.3, 0.5, 0.2]))
    away = int(rng.choice([0, 1, 2, 3], p=[0.3, 0.25, 0.3, 0.15]))
    towards = max(2 - min(away, 1), towards)
    kerbed = away >= 2 and rng.random() < 0.5
    lane_m, strip_m = float(rng.uniform(3.0, 3.5)), float(rng.uniform(1.2, 1.7))
    median_m = float(rng.uniform(0.6, 1.8) if kerbed else rng.uniform(0.2, 0.35))
    parking_m = float(rng.uniform(2.4, 2.9)) if rng.random() < 0.35 else 0.0
    width_m = towards * lane_m + strip_m + parking_m + (away * lane_m + strip_m + median_m if away else 0.0)
    # The street's middle lies near x = 0, wherever its median is.
    right_m = towards * lane_m + strip_m + parking_m + (median_m / 2 if away else 0.0)
    return StreetPlan(
        seed=seed, towards=towards, away=away, lane_m=lane_m, strip_m=strip_m, parking_m=parking_m, median_m=median_m,
        middle_m=float(width_m / 2 - right_m + rng.uniform(-0.5, 0.5)),
        pavement_m=(float(rng.uniform(3.2, 5.8)), float(rng.uniform(3.0, 5.2))),
        sides=(SIDES[rng.integers(5)], SIDES[rng.integers(5)]),
        trees=float(rng.uniform(0.1, 1.0)), clutter=float(rng.uniform(0.1, 0.9)), wear=float(rng.uniform(0.0, 1.0)),
        junction_y_m=float(rng.uniform(22, 60)) if rng.random() < 0.3 else None,
        cross_lanes=int(rng.integers(1, 3)), zebra=bool(rng.random() < 0.7), far_m=260.0,
    )  # fmt: skip


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


def _camera(rng: np.random.Generator, plan: StreetPlan) -> Camera:
    """Beside or above the road, so that the road from near the mast to some 80 m lies in the picture."""
    focal_px, height_m = float(rng.uniform(380, 950)), float(rng.uniform(4.0, 12.0))
    x_m = float(rng.uniform(plan.left_kerb_m - 1.0, plan.right_kerb_m + 1.2))
    half = math.atan(180 / focal_px)
    # The 80 m line lies somewhere in the upper part: with little sky, or none.
    down = math.atan2(height_m, 80.0) + half * float(rng.uniform(0.45, 0.9))
    reach_m = height_m / math.tan(down)
    # The middle of the picture crosses the road's middle third somewhere between 35 m and 90 m.
    road_m = plan.left_kerb_m + (plan.right_kerb_m - plan.left_kerb_m) * float(rng.uniform(0.33, 0.67))
    aim_m = x_m + (road_m - x_m) * reach_m / float(rng.uniform(35.0, 90.0))
    k1 = float(rng.uniform(-0.24, 0.02)) * (600 / max(600.0, focal_px))
    distortion = (k1, float(max(0.0, -k1) * rng.uniform(0.0, 0.25)), 0.0, 0.0, 0.0)
    roll_deg = float(rng.uniform(-2, 2))
    return Camera(640, 360, focal_px, (x_m, 0.0, height_m), (aim_m, reach_m, 0.0), roll_deg, distortion)


def _high_camera(rng: np.random.Generator, plan: StreetPlan) -> Camera:
    """Above the roofs, from any side but from ahead; a car of 4.5 m is 16 to 60 px long in the middle."""
    height_m, bearing = float(rng.uniform(18.0, 55.0)), math.radians(rng.uniform(-75, 75))
    # Across the street only steeply, or houses would hide it.
    down = math.radians(rng.uniform(45 if abs(bearing) > math.radians(35) else 28, 68))
    middle_m = (plan.left_kerb_m + plan.right_kerb_m) / 2 + float(rng.uniform(-3, 3))
    ahead_m, reach_m = float(rng.uniform(40, 75)), height_m / math.tan(down)
    car_px = math.exp(rng.uniform(math.log(16), math.log(60)))
    # Not so wide that the upper border comes near the horizon, where the world ends.
    focal_px = max(car_px / 4.5 * height_m / math.sin(down), 180 / math.tan(down - math.radians(8)))
    stands_m = (middle_m - reach_m * math.sin(bearing), ahead_m - reach_m * math.cos(bearing), height_m)
    return Camera(640, 360, focal_px, stands_m, (middle_m, ahead_m, 0.0), float(rng.uniform(-3, 3)), (0.0,) * 5)


def _lens(rng: np.random.Generator, weather: Weather, water: Hydrograph) -> Lens:
    dark = weather.light in ("dusk", "night")
    drops = int(rng.integers(0, 14)) if water.rain[0][1] else 0
    caption = f"CAM {rng.integers(1, 99):02d}" if rng.random() < 0.6 else ""
    hour = rng.integers(*HOURS[weather.light]) % 24
    starts = f"2026-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d}T{hour:02d}:{rng.integers(60):02d}:00"
    noise = float(rng.uniform(1.0, 3.2) if dark else rng.uniform(0.4, 2.5))
    return Lens(noise, drops, float(rng.choice([0.0, rng.uniform(0.2, 0.9)])), caption, starts)


def _flow(rng: np.random.Generator) -> Flow:
    cars_h, motorcycles_h = float(rng.uniform(60, 1300)), float(rng.uniform(60, 1500))
    slow_ms = float(rng.uniform(6, 11))
    return Flow(
        ((0.0, cars_h),), ((0.0, motorcycles_h),), motorcycle_share=float(rng.uniform(0.05, 0.55)),
        bicycle_share=float(rng.choice([0.0, 0.04])), cross_share=float(rng.uniform(0.3, 0.9)),
        pillion_share=float(rng.uniform(0.1, 0.5)), speed_ms=(slow_ms, slow_ms + 3.0),
    )  # fmt: skip


def _hold_up(rng: np.random.Generator, plan: StreetPlan) -> HoldUp | None:
    """A third of the stills show a queue."""
    if rng.random() > 0.33:
        return None
    away_m = float(rng.uniform(60, 100)) if plan.away and rng.random() < 0.5 else 1e6
    return HoldUp(-60.0, 60.0, float(rng.uniform(-25, 20)), away_m)


def _free_of_junction(plan: StreetPlan, y_m: float, margin_m: float = 9.0) -> bool:
    return plan.junction_y_m is None or abs(y_m - plan.junction_y_m) > plan.cross_half_m + margin_m


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
        if _free_of_junction(plan, y_m):
            track = STALL_TRACKS + 10 * len(found)
            found.append(Stall(track, model, x_m, y_m, turn_rad + float(rng.normal(0, 0.04)), int(rng.integers(3))))
    return found


def _parked(rng: np.random.Generator, plan: StreetPlan) -> tuple[Actor, ...]:
    """Cars and motorcycles along the parking strip, people who wait at the kerb."""
    found: list[Actor] = []
    y_m, busy = 3.0, rng.uniform(0.1, 0.95)
    while plan.parking_m and y_m < FARTHEST_M:
        model = str(rng.choice(CAR_MODELS, p=CAR_WEIGHTS / CAR_WEIGHTS.sum()))
        length_m, width_m = size_m(model)
        y_m += length_m / 2
        if rng.random() < busy and width_m < plan.parking_m - 0.1 and _free_of_junction(plan, y_m):
            x_m = (
                plan.right_kerb_m - width_m / 2 - 0.05 - float(rng.uniform(0.0, 0.9)) * (plan.parking_m - width_m - 0.1)
            )
            way = -math.pi / 2 if rng.random() < 0.95 else math.pi / 2
            turn_rad = way + float(rng.uniform(-1, 1)) * 0.005
            found.append(Actor(PARKED_TRACKS + len(found), model, x_m, y_m, turn_rad))
        elif rng.random() < 0.4 and _free_of_junction(plan, y_m):
            for k in range(int(rng.integers(1, 5))):
                turn_rad = -math.pi / 2 + 0.9 + float(rng.normal(0, 0.05))
                x_m = plan.right_kerb_m - plan.parking_m / 2
                machine = str(rng.choice(["scooter", "bebek"]))
                found.append(Actor(PARKED_TRACKS + len(found), machine, x_m, y_m + 1.25 * k, turn_rad))
            y_m += 5.0
        y_m += length_m / 2 + float(rng.uniform(0.6, 2.0))
    for _ in range(int(rng.integers(0, 7))):
        side, y_m = int(rng.integers(2)), float(rng.uniform(NEAREST_M, 60))
        edge_m, looks = float(rng.uniform(0.95, 1.3)), float(rng.normal(0, 0.5))
        x_m = plan.right_kerb_m + edge_m if side == 0 else plan.left_kerb_m - edge_m
        if _free_of_junction(plan, y_m) and y_m < TREES_FROM_M:
            who = str(rng.choice(PEOPLE))
            found.append(
                Actor(PARKED_TRACKS + len(found), who, x_m, y_m, looks + (math.pi if side == 0 else 0.0), pose=STANDING)
            )
    return tuple(found)


def _walkers(rng: np.random.Generator, plan: StreetPlan) -> list[Cast]:
    """On both pavements, in stretches that the crossing street leaves free."""
    found: list[Cast] = []
    stretches = [(1.0, 120.0)]
    if plan.junction_y_m is not None:
        reach = plan.cross_half_m + 1.0
        stretches = [(1.0, plan.junction_y_m - reach), (plan.junction_y_m + reach, 120.0)]
    for side in (0, 1):
        every_m = float(rng.uniform(8, 60))
        for low, high in stretches:
            found.append(Walkers(WALKER_TRACKS + 1000 * len(found), side, every_m, low, high))
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
