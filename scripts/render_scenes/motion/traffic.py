"""Who drives on a street, how fast, and where each vehicle with its rider stands in a frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from scripts.render_scenes.bodies.catalogue import BY_NAME, MODELS
from scripts.render_scenes.moment import Actor
from scripts.render_scenes.motion.car_following import Arrival, Driver, Limit, Road, State
from scripts.render_scenes.motion.footprint import size_m
from scripts.render_scenes.motion.signals import CROSS, MAIN
from scripts.render_scenes.motion.water import Course, Hydrograph, along
from scripts.render_scenes.place.plan import Lane, StreetPlan

# Tracks of a scene: vehicles count from 1, the rest begin here.
RIDER_TRACKS, PILLION_TRACKS, CAST_TRACKS = 10_000, 20_000, 30_000
RIDEN = {"scooter": "rider", "bebek": "rider", "bicycle": "cyclist"}
MIN_HEADWAY_S = 1.6
CAR_MODELS = tuple(model.name for model in MODELS if model.weight > 0)
CAR_WEIGHTS = np.array([model.weight for model in MODELS if model.weight > 0])
SLOWER = {"bus": 0.94, "truck": 0.94, "truck_tipper": 0.9, "bajaj": 0.85}


class Traffic(Protocol):
    """Says who arrives; equal plan and seed give equal arrivals."""

    def arrivals(self, plan: StreetPlan, seed: int, start_s: float, end_s: float) -> list[Arrival]: ...

    def pillion(self, seed: int, track: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class Flow:
    """Random arrivals. Courses of vehicles per hour: `cars_h` of a car lane, `motorcycles_h` of a motorcycle strip.

    `motorcycle_share` of a car lane's arrivals are motorcycles, `bicycle_share` of a strip's are bicycles,
    `cross_share` scales the crossing street; headways are exponential beyond a least one (Cowan's M2 model).
    """

    cars_h: Course = ((0.0, 500.0),)
    motorcycles_h: Course = ((0.0, 500.0),)
    motorcycle_share: float = 0.2
    bicycle_share: float = 0.0
    cross_share: float = 0.7
    pillion_share: float = 0.25
    speed_ms: tuple[float, float] = (9.5, 12.5)

    def arrivals(self, plan: StreetPlan, seed: int, start_s: float, end_s: float) -> list[Arrival]:
        found: list[Arrival] = []
        for number, lane in enumerate(plan.lanes()):
            rng = np.random.default_rng((seed, 1, number))
            course = self.motorcycles_h if lane.motorcycles_only else self.cars_h
            share = self.cross_share if lane.signal == CROSS else 1.0
            time_s = start_s
            while True:
                mean_s = 3600.0 / max(1.0, share * along(course, time_s))
                time_s += MIN_HEADWAY_S + rng.exponential(max(0.2, mean_s - MIN_HEADWAY_S))
                if time_s >= end_s:
                    break
                found.append(self._arrival(rng, number, lane, time_s))
        return found

    def pillion(self, seed: int, track: int) -> bool:
        """Whether a motorcycle carries a second person."""
        return bool(np.random.default_rng((seed, 5, track)).random() < self.pillion_share)

    def _arrival(self, rng: np.random.Generator, number: int, lane: Lane, time_s: float) -> Arrival:
        on_two = lane.motorcycles_only or rng.random() < self.motorcycle_share
        if on_two:
            bicycle = lane.motorcycles_only and rng.random() < self.bicycle_share
            model = "bicycle" if bicycle else str(rng.choice(["scooter", "bebek"]))
        else:
            model = str(rng.choice(CAR_MODELS, p=CAR_WEIGHTS / CAR_WEIGHTS.sum()))
        speed = 4.2 if model == "bicycle" else rng.uniform(*self.speed_ms) * SLOWER.get(model, 1.0)
        gap_s = rng.uniform(0.8, 1.1) if on_two else rng.uniform(1.0, 1.4)
        driver = Driver(speed, gap_s, rng.uniform(1.6, 2.2), rng.uniform(1.2, 2.2), 2.4)
        spare = max(0.0, (lane.width_m - size_m(model)[1]) / 2 - 0.08)
        wander = rng.uniform(-0.75, 0.75) * spare if on_two else rng.normal(0.0, 0.16)
        return Arrival(time_s, number, model, BY_NAME[model].length_m, float(np.clip(wander, -spare, spare)), driver)


# The sample clip's own traffic, older than the catalogue: its shares and lengths stay, and so does its motion.
JAM_MODELS = (("mpv", 4.40, 0.34), ("hatch", 3.75, 0.16), ("suv", 4.75, 0.16), ("sedan", 4.45, 0.07),
              ("taxi", 4.45, 0.06), ("angkot", 3.85, 0.10), ("bus", 9.0, 0.04), ("truck", 5.6, 0.07))  # fmt: skip
JAM_LENGTHS_M = {name: length_m for name, length_m, _ in JAM_MODELS}
JAM_MOTORCYCLE_M = 1.9


@dataclass(frozen=True, slots=True)
class JamFlow:
    """Arrivals of the clip `jam_builds_up`: one lane after the other, fewer once enough are under way for the view."""

    headways_s: tuple[float, ...] = (1.9, 2.0, 2.4)
    pillion_share: float = 0.2

    def arrivals(self, plan: StreetPlan, seed: int, start_s: float, end_s: float) -> list[Arrival]:
        rng, machines = np.random.default_rng((seed, 1)), np.random.default_rng((seed, 3))
        names, weights = [m[0] for m in JAM_MODELS], np.array([m[2] for m in JAM_MODELS])
        found = []
        # The clip numbers its lanes from the right-hand kerb of a one-way street, as the plan does.
        for number, (lane, headway_s) in enumerate(zip(plan.lanes(), self.headways_s, strict=True)):
            time_s = start_s + rng.uniform(0, 2)
            while time_s < end_s:
                if lane.motorcycles_only:
                    name, length_m = str(machines.choice(["scooter", "bebek"])), JAM_MOTORCYCLE_M
                else:
                    name = str(rng.choice(names, p=weights / weights.sum()))
                    length_m = JAM_LENGTHS_M[name]
                speed = rng.uniform(10.8, 12.2) * (0.94 if name in ("bus", "truck") else 1.0)
                driver = Driver(speed, rng.uniform(0.9, 1.2), rng.uniform(1.1, 1.7), rng.uniform(2.0, 2.6), 2.4)
                found.append(Arrival(time_s, number, name, length_m, rng.normal(0.0, 0.16), driver))
                slack = 1.0 if time_s < -5.0 else 3.0 if time_s < 20.0 else 1.7
                time_s += headway_s * rng.uniform(0.6, 1.5) * slack
        return found

    def pillion(self, seed: int, track: int) -> bool:
        return bool(np.random.default_rng((seed, 5, track)).random() < self.pillion_share)


@dataclass(frozen=True, slots=True)
class HoldUp:
    """A hold-up across the street: between two times nobody beyond `at_y_m` (towards the camera) passes a crawl.

    For those who drive away it lies beyond `away_y_m`. The crawl stops and goes: now and then a vehicle or two pass.
    """

    from_s: float
    to_s: float
    at_y_m: float
    away_y_m: float = 1e6

    def limit_ms(self, time_s: float, lane: Lane, y_m: float) -> float:
        if not self.from_s <= time_s < self.to_s:
            return 99.0
        held = {"towards": y_m <= self.at_y_m, "away": y_m >= self.away_y_m}
        if not held.get(lane.heading, False):
            return 99.0
        return max(0.1, 1.3 * math.sin(2 * math.pi * (time_s - self.from_s) / 7.0) - 0.4)


def roads(plan: StreetPlan) -> tuple[Road, ...]:
    """The plan's lanes as drivers know them."""
    across = {MAIN: 2 * plan.cross_half_m, CROSS: plan.right_kerb_m - plan.left_kerb_m}
    return tuple(
        Road(lane.length_m, lane.stop_m, (lane.stop_m or 0.0) + plan.stop_gap_m + across.get(lane.signal, 0.0) + 0.5,
             lane.signal)
        for lane in plan.lanes()
    )  # fmt: skip


def limits(plan: StreetPlan, water: Hydrograph, hold_up: HoldUp | None) -> Limit:
    """The speed limit by time, lane and place: what the water allows, and the hold-up."""
    lanes = plan.lanes()
    by_time = lru_cache(4)(water.limit_ms)

    def limit_ms(time_s: float, number: int, front_m: float) -> float:
        limit = by_time(time_s)
        if hold_up is not None:
            lane = lanes[number]
            limit = min(limit, hold_up.limit_ms(time_s, lane, lane.at(front_m)[1]))
        return limit

    return limit_ms


def actors(
    states: Sequence[State],
    lanes: Sequence[Lane],
    pillion: Callable[[int], bool],
    *,
    lights: bool,
) -> list[Actor]:
    """The vehicles of one frame and who rides them, on the ground plane."""
    found = []
    for state in states:
        lane = lanes[state.lane]
        x_m, y_m = lane.at(state.middle_m, state.lateral_m)
        place = (x_m, y_m, lane.turn_rad, state.speed_ms)
        found.append(Actor(state.track, state.model, *place, lights=lights and state.model != "bicycle"))
        if state.model in RIDEN:
            found.append(Actor(RIDER_TRACKS + state.track, RIDEN[state.model], *place, rides=state.track))
            if state.model != "bicycle" and pillion(state.track):
                found.append(Actor(PILLION_TRACKS + state.track, "pillion", *place, rides=state.track))
    return found
