"""Plots of random clips: for each what the street must be like, in which light it may happen, and who does what when.

Five hold an incident (two of them camera faults), six something that is none. A plot says nothing of the camera: it is
told how much of the street is in view.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from scripts.render_scenes.bodies.catalogue import PEOPLE
from scripts.render_scenes.bodies.people import STANDING
from scripts.render_scenes.moment import Actor, CameraState
from scripts.render_scenes.motion.scripted import Cast, StopAndGo, StoppingTruck
from scripts.render_scenes.motion.signals import Signals
from scripts.render_scenes.motion.stalls import STALL_FROM_KERB_M, PushedCart
from scripts.render_scenes.motion.traffic import CAST_TRACKS, Flow, HoldUp
from scripts.render_scenes.motion.walkers import Walkers
from scripts.render_scenes.motion.water import NO_WATER_M, Hydrograph
from scripts.render_scenes.place.plan import Side, StreetPlan
from scripts.render_scenes.scenes import random_parts as parts
from scripts.render_scenes.scenes.random_still import apart
from scripts.render_scenes.scenes.scene import Light
from scripts.render_scenes.scenes.stories import StreetStory

ROAD, PAVEMENT, BAY = "jalan", "trotoar", "bahu"
CAST, WAITING = CAST_TRACKS + 5000, CAST_TRACKS + 7000
# What stands at the right kerb, from the kerb on: a cart with those who buy, people who wait.
CART_REACH_M, WAITING_REACH_M = 3.95, 2.0
PARKS = ("truck", "truck_tipper", "pickup", "mpv", "suv", "taxi", "angkot")
PAVED: tuple[Side, ...] = ("shops", "houses", "offices")
BY_DAY: tuple[Light, ...] = ("day", "low_sun", "overcast")
ANY: tuple[Light, ...] = (*BY_DAY, "dusk", "night")
QUIET_S = (36, 44)
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a plot plays.

    Attributes:
        plan: the street.
        view: of each zone the stretch (y from, y to) that is in the picture, metres.
        end_s: when the clip ends.
    """

    plan: StreetPlan
    view: dict[str, Span]
    end_s: float


@dataclass(frozen=True, slots=True)
class Plot:
    """What may happen in a clip.

    Attributes:
        kind: the incident, or what looks like one.
        needs: the zone that must be well in view.
        lights: when it may happen.
        length_s: how long the clip is at least, and less than: no longer than the story, for every frame takes seconds.
        street: makes a street one on which it can happen.
        tell: the story.
    """

    kind: str
    needs: str
    lights: tuple[Light, ...]
    length_s: tuple[int, int]
    street: Callable[[np.random.Generator, StreetPlan], StreetPlan]
    tell: Callable[[np.random.Generator, Stage], StreetStory]


def _as_it_is(rng: np.random.Generator, plan: StreetPlan) -> StreetPlan:  # noqa: ARG001
    return plan


def _paved(rng: np.random.Generator, plan: StreetPlan) -> StreetPlan:
    """Fronts at the right that people go to, rather than a lawn."""
    return replace(plan, sides=(PAVED[rng.integers(len(PAVED))], plan.sides[1]))


def _wide_pavement(rng: np.random.Generator, plan: StreetPlan) -> StreetPlan:
    """Room for a cart, for those who buy and for those who pass; nothing else that blocks the way."""
    pavement_m = (float(rng.uniform(5.8, 6.6)), plan.pavement_m[1])
    return replace(_paved(rng, plan), pavement_m=pavement_m, clutter=min(plan.clutter, 0.35), trees=0.3)


def _with_parking(rng: np.random.Generator, plan: StreetPlan) -> StreetPlan:
    return replace(plan, parking_m=float(rng.uniform(2.6, 2.9)), strip_m=1.2)


def _junction(rng: np.random.Generator, plan: StreetPlan) -> StreetPlan:
    junction_y_m = float(rng.uniform(11.0, 14.0))
    return replace(plan, junction_y_m=junction_y_m, cross_lanes=1, zebra=True, parking_m=0.0, towards=2)


def _free_flow(rng: np.random.Generator) -> Flow:
    """Vehicles come and go, and nothing is dense."""
    slow_ms, cars_h, motorcycles_h = float(rng.uniform(8, 10.5)), float(rng.uniform(280, 560)), rng.uniform(250, 650)
    return Flow(
        ((0.0, cars_h),), ((0.0, float(motorcycles_h)),), motorcycle_share=float(rng.uniform(0.1, 0.35)),
        cross_share=0.4, pillion_share=float(rng.uniform(0.1, 0.4)), speed_ms=(slow_ms, slow_ms + 2.5),
    )  # fmt: skip


def _on_both_sides(rng: np.random.Generator, plan: StreetPlan, kept_free_m: float = 0.0) -> tuple[Cast, ...]:
    """Walkers on both pavements; none within `kept_free_m` of the right kerb."""
    closed = ((plan.right_kerb_m, plan.right_kerb_m + kept_free_m),) if kept_free_m else ()
    found = parts.walkers(rng, plan)
    return tuple(replace(walkers, closed=closed) if walkers.side == 0 else walkers for walkers in found)


def _jam(rng: np.random.Generator, stage: Stage) -> StreetStory:
    from_s, cars_h = float(rng.uniform(8, 11)), float(rng.uniform(1000, 1250))
    slow_ms = float(rng.uniform(9, 11))
    flow = Flow(
        ((0.0, cars_h), (from_s + 22, cars_h), (from_s + 26, 400.0)), ((0.0, 700.0), (from_s + 26, 300.0)),
        motorcycle_share=float(rng.uniform(0.05, 0.25)), speed_ms=(slow_ms, slow_ms + 2),
    )  # fmt: skip
    hold_up = HoldUp(from_s, from_s + float(rng.uniform(24, 28)), at_y_m=stage.view[ROAD][0] - 3.0)
    return StreetStory(flow, hold_up=hold_up, cast=_on_both_sides(rng, stage.plan))


def _flood(rng: np.random.Generator, stage: Stage) -> StreetStory:
    high_m, rises_s = float(rng.uniform(0.14, 0.28)), float(rng.uniform(11, 14))
    falls_s = stage.end_s - 12.0
    water = Hydrograph(
        water_m=(
            (rises_s, -0.07), (rises_s + 5, -0.02), (rises_s + 17, high_m), (falls_s, high_m),
            (stage.end_s - 2, -0.07), (stage.end_s, -0.08),
        ),
        rain=((6.0, 0.0), (11.0, float(rng.uniform(0.5, 0.9))), (falls_s - 6, 0.4), (falls_s, 0.0)),
        wet=((7.0, 0.0), (15.0, 1.0), (stage.end_s, 0.9)),
    )  # fmt: skip
    slow_ms = float(rng.uniform(8, 9))
    flow = Flow(
        ((0.0, 520.0), (rises_s + 10, 260.0)), ((0.0, 500.0), (rises_s + 10, 250.0)), speed_ms=(slow_ms, slow_ms + 2)
    )
    return StreetStory(flow, water=water, cast=(Walkers(CAST_TRACKS, every_m=40.0),))


def _vending(rng: np.random.Generator, stage: Stage) -> StreetStory:
    arrives_s, (near_m, far_m) = float(rng.uniform(9, 12)), stage.view[PAVEMENT]
    stays_s = float(rng.uniform(22, 28))
    stop_y_m = near_m + (far_m - near_m) * float(rng.uniform(0.3, 0.55))
    motion = StopAndGo(arrives_s, arrives_s + stays_s, float(rng.uniform(0.7, 0.9)), 1.5)
    cart = PushedCart(CAST, stage.plan.right_kerb_m + STALL_FROM_KERB_M, stop_y_m, motion, person=_someone(rng))
    buys_s = arrives_s + float(rng.uniform(5, 7))
    customer = cart.customer(CAST + 10, _someone(rng), 0, buys_s, buys_s + float(rng.uniform(8, 12)), on=True)
    return StreetStory(_free_flow(rng), cast=(cart, customer, *_on_both_sides(rng, stage.plan, CART_REACH_M)))


def _passing_cart(rng: np.random.Generator, stage: Stage) -> StreetStory:
    """It is pushed through the whole clip and stops beyond its end."""
    pace_ms, far_m = float(rng.uniform(0.75, 0.95)), stage.view[PAVEMENT][1]
    begins_m = min(far_m + 3.0, parts.TREES_FROM_M - 3.0)
    arrives_s = stage.end_s + 10.0
    motion = StopAndGo(arrives_s, arrives_s + 10.0, pace_ms, 1.5)
    stop_y_m = begins_m - pace_ms * arrives_s
    cart = PushedCart(CAST, stage.plan.right_kerb_m + STALL_FROM_KERB_M, stop_y_m, motion, person=_someone(rng))
    return StreetStory(_free_flow(rng), cast=(cart, *_on_both_sides(rng, stage.plan, CART_REACH_M)))


def _parking(rng: np.random.Generator, stage: Stage) -> StreetStory:
    plan, model, (near_m, far_m) = stage.plan, str(rng.choice(PARKS)), stage.view[BAY]
    stop_y_m = near_m + (far_m - near_m) * float(rng.uniform(0.35, 0.6))
    lane_x_m = plan.middle_m + plan.half_median_m + (plan.towards - 0.5) * plan.lane_m
    arrives_s = float(rng.uniform(8, 11))
    motion = StopAndGo(arrives_s, arrives_s + float(rng.uniform(20, 26)), 8.0, 4.5)
    parks = StoppingTruck(CAST, model, lane_x_m, plan.right_kerb_m - plan.parking_m / 2, stop_y_m, motion)
    return StreetStory(_free_flow(rng), cast=(parks, *_on_both_sides(rng, plan)))


def _ails(*faults: CameraState) -> Callable[[np.random.Generator, Stage], StreetStory]:
    """One fault after the other, each with a while of health before it; the last but for a moved camera heals too."""

    def tell(rng: np.random.Generator, stage: Stage) -> StreetStory:
        fine, each_s = CameraState(), stage.end_s / len(faults)
        knots: list[tuple[float, CameraState]] = []
        for number, fault in enumerate(faults):
            begins_s = number * each_s + float(rng.uniform(8, 9))
            ends_s = begins_s + float(rng.uniform(13, 14))
            knots += [(begins_s, fine), (begins_s + 0.75, fault), (ends_s, fault)]
            if not fault.pan_deg:
                knots.append((ends_s + 0.75, fine))
        return StreetStory(_free_flow(rng), cast=_on_both_sides(rng, stage.plan), camera=tuple(knots))

    return tell


def _red_light(rng: np.random.Generator, stage: Stage) -> StreetStory:
    """Red comes some seconds after the clip begins, and goes long before it ends."""
    signals = Signals(main_from_s=float(rng.uniform(27, 31)), main_green_s=20.0, cross_green_s=15.0)
    flow = Flow(
        ((0.0, float(rng.uniform(750, 950))),), ((0.0, float(rng.uniform(600, 900))),), cross_share=0.35,
        speed_ms=(9.0, 11.5),
    )  # fmt: skip
    return StreetStory(flow, signals=signals, cast=_on_both_sides(rng, stage.plan))


def _wet(rng: np.random.Generator, stage: Stage) -> StreetStory:
    """It has rained; the asphalt mirrors every lamp and holds no water."""
    water = Hydrograph(wet=((0.0, float(rng.uniform(0.85, 1.0))),))
    return StreetStory(_free_flow(rng), water=water, cast=_on_both_sides(rng, stage.plan))


def _rain(rng: np.random.Generator, stage: Stage) -> StreetStory:
    """It begins to rain, hard, and stops; nothing gathers."""
    hard, stops_s = float(rng.uniform(0.6, 0.95)), stage.end_s - 10.0
    water = Hydrograph(
        ((0.0, NO_WATER_M),), ((5.0, 0.0), (11.0, hard), (stops_s, hard), (stops_s + 6, 0.0)), ((6.0, 0.0), (18.0, 1.0))
    )
    return StreetStory(_free_flow(rng), water=water, cast=_on_both_sides(rng, stage.plan))


def _parked(rng: np.random.Generator, stage: Stage) -> StreetStory:
    """A kerb full of parked cars, where they may, and free traffic beside them."""
    standing = parts.Standing(apart(parts.parked(rng, stage.plan, busy=(0.8, 0.95))))
    return StreetStory(_free_flow(rng), cast=(standing, *_on_both_sides(rng, stage.plan, WAITING_REACH_M)))


def _waiting(rng: np.random.Generator, stage: Stage) -> StreetStory:
    """Some people stand at the kerb from the first picture to the last, alone and together."""
    near_m, far_m = stage.view[PAVEMENT]
    people: list[Actor] = []
    y_m = near_m + float(rng.uniform(0.5, 1.5))
    while y_m < min(far_m, near_m + 16.0):
        x_m = stage.plan.right_kerb_m + float(rng.uniform(0.95, 1.3))
        looks_rad = math.pi + float(rng.normal(0, 0.5))
        people.append(Actor(WAITING + len(people), _someone(rng), x_m, y_m, looks_rad, pose=STANDING))
        y_m += float(rng.choice([0.8, 2.5], p=[0.6, 0.4])) + float(rng.uniform(0.0, 0.6))
    standing = parts.Standing(tuple(people))
    return StreetStory(_free_flow(rng), cast=(standing, *_on_both_sides(rng, stage.plan, WAITING_REACH_M)))


def _someone(rng: np.random.Generator) -> str:
    return str(rng.choice(PEOPLE))


_COVERED, _DEFOCUSED = CameraState(covered=1.0), CameraState(defocus_px=6.0)
_DARK, _MOVED = CameraState(dim=0.97), CameraState(pan_deg=11.0, tilt_deg=3.0)

PLOTS: tuple[Plot, ...] = (
    Plot("jam", ROAD, BY_DAY, (54, 61), _as_it_is, _jam),
    Plot("red light", ROAD, BY_DAY, (52, 59), _junction, _red_light),
    Plot("flood", ROAD, ("overcast", "dusk"), (52, 60), _as_it_is, _flood),
    Plot("wet asphalt at night", ROAD, ("night",), QUIET_S, _as_it_is, _wet),
    Plot("vending", PAVEMENT, BY_DAY, (48, 54), _wide_pavement, _vending),
    Plot("passing cart", PAVEMENT, BY_DAY, QUIET_S, _wide_pavement, _passing_cart),
    Plot("parking", BAY, ANY, (44, 50), _with_parking, _parking),
    Plot("parked cars", ROAD, BY_DAY, QUIET_S, _with_parking, _parked),
    Plot("camera fault", ROAD, BY_DAY, (48, 53), _as_it_is, _ails(_COVERED, _DEFOCUSED)),
    Plot("people waiting", PAVEMENT, ANY, QUIET_S, _paved, _waiting),
    Plot("rain", ROAD, ("overcast", "dusk"), QUIET_S, _as_it_is, _rain),
    Plot("camera fault", ROAD, ("low_sun", "overcast", "dusk"), (48, 53), _as_it_is, _ails(_DARK, _MOVED)),
)
"""Twelve seeds in a row tell all of them."""
