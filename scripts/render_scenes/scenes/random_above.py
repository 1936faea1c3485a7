"""What the stills from above show: wide roads full of cars, parking lots, a camera that looks down steeply.

Published detectors know cars from the side and from ahead; seen from a roof they take two side by side for a lorry and
pass over those that point away. Real labelled pictures from so high up are few.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.moment import Actor
from scripts.render_scenes.motion.footprint import size_m
from scripts.render_scenes.motion.traffic import CAR_MODELS, CAR_WEIGHTS, CAST_TRACKS
from scripts.render_scenes.place.plan import Lane, Side, StreetPlan
from scripts.render_scenes.scenes import random_parts as parts

LOW_SIDES: tuple[Side, ...] = ("wall", "park", "park", "houses", "shops")
"""Mostly without tall buildings: a camera that looks across the road would see nothing else."""
DENSE_TRACKS, LOT_TRACKS = CAST_TRACKS + 20_000, CAST_TRACKS + 25_000
NEAR_M, FAR_M = -5.0, 150.0
"""The stretch of road that is filled."""
ROW_M, BAY_M = 6.5, 2.6


def wide_plan(rng: np.random.Generator, seed: int) -> StreetPlan:
    """A road of three to ten lanes."""
    plan = parts.plan(rng, seed)
    towards, away = int(rng.integers(2, 6)), int(rng.choice([0, 2, 3, 4, 5]))
    width_m = (towards + away) * plan.lane_m
    return replace(
        plan,
        towards=max(towards, 3 - min(away, 1)),
        away=away,
        middle_m=(away - towards) * plan.lane_m / 2,
        median_m=float(rng.uniform(0.6, 3.0)) if away else plan.median_m,
        pavement_m=(float(rng.uniform(2.0, 5.5)), float(rng.uniform(2.0, 5.5))),
        sides=(LOW_SIDES[rng.integers(len(LOW_SIDES))], LOW_SIDES[rng.integers(len(LOW_SIDES))]),
        trees=float(rng.uniform(0.0, 0.4 if width_m > 15 else 0.7)),
        cross_lanes=int(rng.integers(1, 4)),
    )


def dense(rng: np.random.Generator, plan: StreetPlan) -> tuple[Actor, ...]:
    """Vehicles in every lane, from a few to bumper to bumper, each carriageway as full as it happens to be."""
    found: list[Actor] = []
    spare_m = {heading: float(np.exp(rng.uniform(np.log(2.0), np.log(45.0)))) for heading in
               ("towards", "away", "left", "right")}  # fmt: skip
    for lane in plan.lanes():
        if not lane.motorcycles_only:
            found += _filled(rng, lane, spare_m[lane.heading], DENSE_TRACKS + len(found))
    return tuple(found)


def _filled(rng: np.random.Generator, lane: Lane, spare_m: float, track: int) -> list[Actor]:
    found: list[Actor] = []
    along_m = float(rng.uniform(0, spare_m))
    while along_m < lane.length_m:
        model = str(rng.choice(CAR_MODELS, p=CAR_WEIGHTS / CAR_WEIGHTS.sum()))
        length_m, _ = size_m(model)
        along_m += length_m / 2
        x_m, y_m = lane.at(along_m, float(np.clip(rng.normal(0, 0.25), -0.5, 0.5)))
        changes = rng.random() < 0.05
        turn_rad = lane.turn_rad + float(rng.normal(0, 0.12 if changes else 0.012))
        if NEAR_M < y_m < FAR_M:
            found.append(Actor(track + len(found), model, x_m, y_m, turn_rad, 5.0))
        along_m += length_m / 2 + 1.2 + float(rng.exponential(spare_m))
    return found


def lots(rng: np.random.Generator, plan: StreetPlan) -> tuple[Actor, ...]:
    """Cars parked in rows beyond the pavement, where a park leaves room."""
    found: list[Actor] = []
    for side, (outward, line_m) in enumerate(
        ((1.0, plan.right_kerb_m + plan.pavement_m[0]), (-1.0, plan.left_kerb_m - plan.pavement_m[1]))
    ):
        if plan.sides[side] != "park" or rng.random() < 0.4:
            continue
        slant, taken = float(rng.choice([0.0, 0.5])), float(rng.uniform(0.3, 0.95))
        for row in range(int(rng.integers(1, 5))):
            x_m, y_m = line_m + outward * (4.0 + ROW_M * row), float(rng.uniform(8, 20))
            end_m = y_m + float(rng.uniform(20, 90))
            while y_m < end_m:
                if rng.random() < taken and parts.free_of_junction(plan, y_m):
                    way = math.pi if rng.random() < 0.5 else 0.0
                    model = str(rng.choice(CAR_MODELS[:6]))
                    turn_rad = way + slant + float(rng.normal(0, 0.03))
                    found.append(Actor(LOT_TRACKS + len(found), model, x_m + float(rng.normal(0, 0.2)), y_m, turn_rad))
                y_m += BAY_M + float(rng.uniform(0.0, 0.4))
    return tuple(found)


def steep_camera(rng: np.random.Generator, plan: StreetPlan) -> Camera:
    """Far above the road and from any side, down by 32 to 80 degrees; a car of 4.5 m is 22 to 60 px long."""
    height_m, bearing = float(rng.uniform(25.0, 80.0)), math.radians(rng.uniform(-100, 100))
    down = math.radians(rng.uniform(32, 80))
    middle_m = (plan.left_kerb_m + plan.right_kerb_m) / 2 + float(rng.uniform(-6, 6))
    aim_m = (middle_m, float(rng.uniform(35, 85)))
    car_px = math.exp(rng.uniform(math.log(22), math.log(60)))
    return parts.looking_down(height_m, bearing, down, aim_m, car_px=car_px, roll_deg=float(rng.uniform(-6, 6)))
