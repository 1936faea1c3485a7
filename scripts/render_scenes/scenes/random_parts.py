"""What random scenes are put together from: a street, a camera on a mast, a lens, traffic, what stands at the kerb."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scripts.render_scenes.bodies.catalogue import PEOPLE
from scripts.render_scenes.bodies.people import STANDING
from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.moment import Actor
from scripts.render_scenes.motion.footprint import size_m
from scripts.render_scenes.motion.traffic import CAR_MODELS, CAR_WEIGHTS, CAST_TRACKS, Flow
from scripts.render_scenes.motion.walkers import Walkers
from scripts.render_scenes.motion.water import Hydrograph
from scripts.render_scenes.place.plan import Side, StreetPlan
from scripts.render_scenes.scenes.scene import Lens, Light, Weather

SIDES: tuple[Side, ...] = ("shops", "houses", "offices", "wall", "park")
LIGHTS: tuple[Light, ...] = ("day", "low_sun", "overcast", "dusk", "night")
ELEVATION_DEG: dict[Light, tuple[float, float]] = {
    "day": (32.0, 75.0), "low_sun": (7.0, 20.0), "overcast": (30.0, 70.0), "dusk": (-4.0, 2.0), "night": (-20.0, -10.0)
}  # fmt: skip
# What the recorder's clock may say in that light, from hour to hour; a night goes on past midnight.
HOURS: dict[Light, tuple[int, int]] = {
    "day": (8, 16), "low_sun": (16, 18), "overcast": (7, 17), "dusk": (18, 19), "night": (19, 28)
}  # fmt: skip
# Nearer than this lies below most pictures.
NEAREST_M, FARTHEST_M = 7.0, 85.0
# Kerbside trees stand from here on, just where stalls would.
TREES_FROM_M = 44.0
PARKED_TRACKS, WALKER_TRACKS = CAST_TRACKS + 8000, CAST_TRACKS


@dataclass(frozen=True, slots=True)
class Standing:
    """Things that stand: vehicles at the kerb, people who wait."""

    things: tuple[Actor, ...]

    def actors(self, plan: StreetPlan, seed: int, time_s: float) -> list[Actor]:  # noqa: ARG002
        return list(self.things)


def plan(rng: np.random.Generator, seed: int) -> StreetPlan:
    """A street of two to six lanes, a junction on three in ten, kerbside parking on a third."""
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


def mast_camera(rng: np.random.Generator, plan: StreetPlan) -> Camera:
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


def looking_down(
    height_m: float, bearing: float, down: float, aim_m: tuple[float, float], *, car_px: float, roll_deg: float
) -> Camera:
    """A camera high up that looks at a place on the ground.

    Args:
        height_m: above the ground.
        bearing: of the look, radians from along the street.
        down: of the look, radians below the horizon.
        aim_m: (x, y) of the place.
        car_px: how long a car of 4.5 m lies there, pixels, or longer.
        roll_deg: of the picture.
    """
    reach_m = height_m / math.tan(down)
    # Not so wide that the upper border comes near the horizon, where the world ends.
    focal_px = max(car_px / 4.5 * height_m / math.sin(down), 180 / math.tan(down - math.radians(8)))
    (x_m, y_m), away = aim_m, (math.sin(bearing) * reach_m, math.cos(bearing) * reach_m)
    stands_m = (x_m - away[0], y_m - away[1], height_m)
    return Camera(640, 360, focal_px, stands_m, (x_m, y_m, 0.0), roll_deg, (0.0,) * 5)


def lens(rng: np.random.Generator, weather: Weather, water: Hydrograph) -> Lens:
    """Noise by the light, drops when it rains, a clock that suits the light."""
    dark = weather.light in ("dusk", "night")
    drops = int(rng.integers(0, 14)) if water.rain[0][1] else 0
    caption = f"CAM {rng.integers(1, 99):02d}" if rng.random() < 0.6 else ""
    hour = rng.integers(*HOURS[weather.light]) % 24
    starts = f"2026-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d}T{hour:02d}:{rng.integers(60):02d}:00"
    noise = float(rng.uniform(1.0, 3.2) if dark else rng.uniform(0.4, 2.5))
    return Lens(noise, drops, float(rng.choice([0.0, rng.uniform(0.2, 0.9)])), caption, starts)


def flow(rng: np.random.Generator) -> Flow:
    """From a quiet street to a full one."""
    cars_h, motorcycles_h = float(rng.uniform(60, 1300)), float(rng.uniform(60, 1500))
    slow_ms = float(rng.uniform(6, 11))
    return Flow(
        ((0.0, cars_h),), ((0.0, motorcycles_h),), motorcycle_share=float(rng.uniform(0.05, 0.55)),
        bicycle_share=float(rng.choice([0.0, 0.04])), cross_share=float(rng.uniform(0.3, 0.9)),
        pillion_share=float(rng.uniform(0.1, 0.5)), speed_ms=(slow_ms, slow_ms + 3.0),
    )  # fmt: skip


def free_of_junction(plan: StreetPlan, y_m: float, margin_m: float = 9.0) -> bool:
    """Whether a place along the street lies off the crossing one."""
    return plan.junction_y_m is None or abs(y_m - plan.junction_y_m) > plan.cross_half_m + margin_m


def parked(rng: np.random.Generator, plan: StreetPlan, busy: tuple[float, float] = (0.1, 0.95)) -> tuple[Actor, ...]:
    """Cars and motorcycles along the parking strip, so much of it taken, and people who wait at the kerb."""
    found: list[Actor] = []
    y_m, taken = 3.0, rng.uniform(*busy)
    while plan.parking_m and y_m < FARTHEST_M:
        model = str(rng.choice(CAR_MODELS, p=CAR_WEIGHTS / CAR_WEIGHTS.sum()))
        length_m, width_m = size_m(model)
        y_m += length_m / 2
        if rng.random() < taken and width_m < plan.parking_m - 0.1 and free_of_junction(plan, y_m):
            x_m = (
                plan.right_kerb_m - width_m / 2 - 0.05 - float(rng.uniform(0.0, 0.9)) * (plan.parking_m - width_m - 0.1)
            )
            way = -math.pi / 2 if rng.random() < 0.95 else math.pi / 2
            turn_rad = way + float(rng.uniform(-1, 1)) * 0.005
            found.append(Actor(PARKED_TRACKS + len(found), model, x_m, y_m, turn_rad))
        elif rng.random() < 0.4 and free_of_junction(plan, y_m):
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
        if free_of_junction(plan, y_m) and y_m < TREES_FROM_M:
            who = str(rng.choice(PEOPLE))
            found.append(
                Actor(PARKED_TRACKS + len(found), who, x_m, y_m, looks + (math.pi if side == 0 else 0.0), pose=STANDING)
            )
    return tuple(found)


def walkers(rng: np.random.Generator, plan: StreetPlan) -> list[Walkers]:
    """On both pavements, in stretches that the crossing street leaves free."""
    found: list[Walkers] = []
    stretches = [(1.0, 120.0)]
    if plan.junction_y_m is not None:
        reach = plan.cross_half_m + 1.0
        stretches = [(1.0, plan.junction_y_m - reach), (plan.junction_y_m + reach, 120.0)]
    for side in (0, 1):
        every_m = float(rng.uniform(8, 60))
        for low, high in stretches:
            found.append(Walkers(WALKER_TRACKS + 1000 * len(found), side, every_m, low, high))
    return found
