"""Vendors: a stall with who sells and who buys, and a cart that comes, sells and goes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from scripts.render_scenes.bodies.catalogue import PEOPLE
from scripts.render_scenes.bodies.people import SITTING, STANDING, TENDING
from scripts.render_scenes.moment import Actor
from scripts.render_scenes.motion.scripted import Point, StopAndGo, Visitor, Walk, walk_pose
from scripts.render_scenes.place.plan import StreetPlan

# How far from the kerb the middle of a stall stands, so that the seller clears what lines the kerb.
STALL_FROM_KERB_M = 1.9
# A pusher walks this far behind the cart's middle, hands on its handles.
PUSHER_BEHIND_M = 1.40
ROUND_THE_CART_S = 3.2


@dataclass(frozen=True, slots=True)
class Spot:
    """A place at a stall in the stall's own axes (x forward, y left), where one looks and in which pose."""

    x_m: float
    y_m: float
    looks_rad: float
    pose: int = STANDING


@dataclass(frozen=True, slots=True)
class Spots:
    seller: Spot
    customers: tuple[Spot, ...]


_IN, _OUT = math.pi / 2, -math.pi / 2
SPOTS: dict[str, Spots] = {
    "gerobak": Spots(Spot(-0.25, -0.88, _IN, TENDING), (Spot(0.15, 0.85, _OUT), Spot(-0.60, 0.90, _OUT + 0.2))),
    "umbrella_stall": Spots(Spot(0.60, -0.30, _IN, TENDING), (Spot(0.25, 1.20, _OUT), Spot(1.00, 1.27, _OUT - 0.2))),
    "tent_stall": Spots(Spot(0.0, -0.18, _IN, TENDING), (Spot(-0.55, 1.55, _OUT), Spot(0.45, 1.60, _OUT - 0.1))),
    "tarp_stall": Spots(Spot(0.70, -1.05, _IN, SITTING), (Spot(-0.4, 1.15, _OUT), Spot(0.5, 1.10, _OUT))),
    "tricycle_stall": Spots(Spot(0.40, -0.85, _IN, TENDING), (Spot(0.05, 0.88, _OUT), Spot(0.85, 0.90, _OUT + 0.2))),
}


def place(x_m: float, y_m: float, turn_rad: float, local: Point) -> Point:
    """A local point of something at (x, y) that is turned so."""
    cos, sin = math.cos(turn_rad), math.sin(turn_rad)
    return x_m + local[0] * cos - local[1] * sin, y_m + local[0] * sin + local[1] * cos


@dataclass(frozen=True, slots=True)
class Stall:
    """A stall that stands all the time; tracks: the stall's own, then its people."""

    track: int
    model: str
    x_m: float
    y_m: float
    turn_rad: float
    customers: int = 1

    def actors(self, plan: StreetPlan, seed: int, time_s: float) -> list[Actor]:  # noqa: ARG002
        spots = SPOTS[self.model]
        rng = np.random.default_rng((seed, 8, self.track))
        found = [Actor(self.track, self.model, self.x_m, self.y_m, self.turn_rad)]
        for i, spot in enumerate((spots.seller, *spots.customers[: self.customers])):
            x_m, y_m = place(self.x_m, self.y_m, self.turn_rad, (spot.x_m, spot.y_m))
            who = str(rng.choice(PEOPLE))
            found.append(Actor(self.track + 1 + i, who, x_m, y_m, self.turn_rad + spot.looks_rad, pose=spot.pose))
        return found


@dataclass(frozen=True, slots=True)
class PushedCart:
    """A gerobak pushed along y towards the camera; it stops at (x, y), its pusher sells, and they go on.

    `motion` says when; the seller walks round the cart after it stops and back before it leaves.
    """

    track: int
    x_m: float
    stop_y_m: float
    motion: StopAndGo
    model: str = "gerobak"
    person: str = "person_c"

    TURN_RAD = -math.pi / 2

    def actors(self, plan: StreetPlan, seed: int, time_s: float) -> list[Actor]:
        along_m, speed_ms = self.motion.along_m(time_s), self.motion.speed_ms(time_s)
        y_m = self.stop_y_m - along_m
        if not plan.near_m - 30.0 < y_m < plan.far_m:
            return []
        cart = Actor(self.track, self.model, self.x_m, y_m, self.TURN_RAD, speed_ms)
        if self.motion.arrive_s < time_s < self.motion.leave_s:
            return [cart, *self._seller().actors(plan, seed, time_s)]
        x_m, y_m = place(self.x_m, y_m, self.TURN_RAD, (-PUSHER_BEHIND_M, 0.0))
        # The distance walked counts from far before the clip, so that the step never runs backwards.
        pose = walk_pose(1000.0 + along_m)
        return [cart, Actor(self.track + 1, self.person, x_m, y_m, self.TURN_RAD, speed_ms, pose)]

    def _seller(self) -> Visitor:
        spot = SPOTS[self.model].seller
        ways = ((-PUSHER_BEHIND_M, 0.0), (-PUSHER_BEHIND_M - 0.15, spot.y_m - 0.1), (spot.x_m, spot.y_m))
        way = tuple(place(self.x_m, self.stop_y_m, self.TURN_RAD, way) for way in ways)
        there = Walk(way, self.motion.arrive_s + 0.4, self.motion.arrive_s + 0.4 + ROUND_THE_CART_S)
        back = Walk(way[::-1], self.motion.leave_s - 0.4 - ROUND_THE_CART_S, self.motion.leave_s - 0.4)
        return Visitor(self.track + 1, self.person, (there, back), self.TURN_RAD + spot.looks_rad, spot.pose,
                         stays=True)  # fmt: skip

    def customer(self, track: int, person: str, number: int, arrive_s: float, leave_s: float, *, on: bool) -> Visitor:
        """Somebody who comes along the pavement from behind the camera, buys, and goes on, or back with `on` False."""
        spot = SPOTS[self.model].customers[number]
        here = place(self.x_m, self.stop_y_m, self.TURN_RAD, (spot.x_m, spot.y_m))
        lane_x, pace_ms = here[0] + 0.8, 1.25
        start = (lane_x, 0.5)
        beside = (lane_x, here[1])
        come = Walk((start, beside, here), 0.0, 0.0)
        come = replace(come, from_s=arrive_s - come.length_m / pace_ms, to_s=arrive_s)
        go = Walk((here, beside, (lane_x, 90.0)) if on else (here, beside, start), 0.0, 0.0)
        go = replace(go, from_s=leave_s, to_s=leave_s + go.length_m / pace_ms)
        return Visitor(track, person, (come, go), self.TURN_RAD + spot.looks_rad, spot.pose)
