"""What drives on the road: models with their class, share of the traffic, colours and mesh."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from scripts.render_scenes.car_body import BodyShape, body, car, trim, wheels
from scripts.render_scenes.mesh import Mesh, box, merge, rod
from scripts.render_scenes.motorcycle import LENGTH_M, motorcycle

Colour = tuple[float, float, float]

# Paints of Indonesian traffic, linear RGB: mostly white, black, silver and grey.
CAR_COLOURS: tuple[Colour, ...] = (
    (0.75, 0.75, 0.74), (0.75, 0.75, 0.74), (0.012, 0.012, 0.014), (0.02, 0.02, 0.022), (0.38, 0.39, 0.40),
    (0.40, 0.40, 0.40), (0.11, 0.115, 0.12), (0.30, 0.012, 0.012), (0.02, 0.05, 0.16), (0.19, 0.14, 0.09),
)  # fmt: skip
ANGKOT_COLOURS: tuple[Colour, ...] = ((0.02, 0.12, 0.42), (0.03, 0.26, 0.09), (0.45, 0.03, 0.02))

_HATCH = BodyShape(
    length_m=3.75, width_m=1.67, height_m=1.50, clearance_m=0.20, nose_m=0.86, cowl_back_m=0.92, belt_m=0.98,
    screen_run_m=0.78, deck_m=0.0, tail_run_m=0.38, tumblehome_m=0.16, wheel_radius_m=0.295, axles_m=(0.72, 3.20),
    pillars=((0.0, 0.10), (0.42, 0.46), (0.74, 0.80), (0.93, 1.0)),
)  # fmt: skip
_MPV = BodyShape(
    length_m=4.40, width_m=1.73, height_m=1.70, clearance_m=0.22, nose_m=0.95, cowl_back_m=0.98, belt_m=1.06,
    screen_run_m=0.80, deck_m=0.0, tail_run_m=0.22, tumblehome_m=0.15, wheel_radius_m=0.315, axles_m=(0.80, 3.55),
    pillars=((0.0, 0.09), (0.37, 0.40), (0.66, 0.70), (0.95, 1.0)),
)  # fmt: skip
_SUV = BodyShape(
    length_m=4.75, width_m=1.85, height_m=1.82, clearance_m=0.27, nose_m=1.05, cowl_back_m=1.15, belt_m=1.16,
    screen_run_m=0.75, deck_m=0.0, tail_run_m=0.20, tumblehome_m=0.15, wheel_radius_m=0.36, axles_m=(0.88, 3.70),
    pillars=((0.0, 0.08), (0.36, 0.40), (0.66, 0.71), (0.94, 1.0)), bumper="paint", grille="chrome",
)  # fmt: skip
_SEDAN = BodyShape(
    length_m=4.45, width_m=1.71, height_m=1.47, clearance_m=0.20, nose_m=0.83, cowl_back_m=1.15, belt_m=0.95,
    screen_run_m=0.85, deck_m=0.55, tail_run_m=0.72, tumblehome_m=0.18, wheel_radius_m=0.30, axles_m=(0.85, 3.40),
    pillars=((0.0, 0.10), (0.47, 0.51), (0.88, 1.0)),
)  # fmt: skip
_ANGKOT = BodyShape(
    length_m=3.85, width_m=1.60, height_m=1.85, clearance_m=0.24, nose_m=0.92, cowl_back_m=0.45, belt_m=1.08,
    screen_run_m=0.50, deck_m=0.0, tail_run_m=0.08, tumblehome_m=0.10, wheel_radius_m=0.29, axles_m=(0.62, 2.75),
    pillars=((0.0, 0.05), (0.30, 0.34), (0.62, 0.65), (0.96, 1.0)),
)  # fmt: skip
_BUS = BodyShape(
    length_m=9.0, width_m=2.40, height_m=3.05, clearance_m=0.32, nose_m=1.15, cowl_back_m=0.10, belt_m=1.35,
    screen_run_m=0.18, deck_m=0.0, tail_run_m=0.05, tumblehome_m=0.05, wheel_radius_m=0.46, axles_m=(2.0, 6.6),
    pillars=((0.0, 0.015), (0.16, 0.175), (0.33, 0.345), (0.5, 0.515), (0.67, 0.685), (0.84, 0.855), (0.98, 1.0)),
)  # fmt: skip
_TRUCK_CAB = BodyShape(
    length_m=1.75, width_m=1.90, height_m=2.15, clearance_m=0.35, nose_m=1.12, cowl_back_m=0.14, belt_m=1.28,
    screen_run_m=0.22, deck_m=0.0, tail_run_m=0.02, tumblehome_m=0.10, wheel_radius_m=0.40, axles_m=(0.85,),
    pillars=((0.0, 0.10), (0.72, 1.0)),
)  # fmt: skip


def _taxi() -> Mesh:
    sign = box((-0.12, 0.12), (-0.32, 0.32), (_SEDAN.height_m + 0.01, _SEDAN.height_m + 0.17), "sign")
    return merge([car(_SEDAN), sign])


def _bus() -> Mesh:
    route = box((4.28, 4.46), (-0.8, 0.8), (2.68, 2.92), "sign")
    stripe = [box((-4.3, 4.2), (s * 1.17 - 0.04, s * 1.17 + 0.04), (0.75, 0.95), "stripe") for s in (1, -1)]
    return merge([body(_BUS), wheels(_BUS), trim(_BUS, 0.55), route, *stripe])


def _truck() -> Mesh:
    length = 5.6
    cab = merge([body(_TRUCK_CAB), trim(_TRUCK_CAB, 0.55)]).moved(x=length / 2 - _TRUCK_CAB.length_m / 2)
    front = wheels(_TRUCK_CAB).moved(x=length / 2 - _TRUCK_CAB.length_m / 2)
    parts = [cab, front]
    parts.append(box((-2.75, 0.95), (-0.45, 0.45), (0.50, 0.80), "plastic"))
    parts.append(box((-2.8, 0.94), (-0.98, 0.98), (0.85, 2.45), "cargo"))
    parts += [box((x, x + 0.06), (-1.0, 1.0), (0.82, 2.48), "plastic") for x in (-2.8, -1.56, -0.32)]
    for side in (1, -1):
        y0, y1 = sorted((side * 0.55, side * 0.97))
        parts.append(rod((-1.75, y0, 0.40), (-1.75, y1, 0.40), 0.40, "tyre", 20))
    parts.append(box((-2.84, -2.78), (-0.8, 0.8), (0.55, 0.65), "taillamp"))
    return merge(parts)


@dataclass(frozen=True, slots=True)
class Model:
    """`kind` is the class in the truth (car, minibus, bus, truck, motorcycle), `weight` its share of the car lanes."""

    name: str
    kind: str
    length_m: float
    weight: float
    colours: tuple[Colour, ...]


MODELS: tuple[Model, ...] = (
    Model("mpv", "car", 4.40, 0.34, CAR_COLOURS),
    Model("hatch", "car", 3.75, 0.16, CAR_COLOURS),
    Model("suv", "car", 4.75, 0.16, CAR_COLOURS),
    Model("sedan", "car", 4.45, 0.07, CAR_COLOURS),
    Model("taxi", "car", 4.45, 0.06, ((0.05, 0.22, 0.50),)),
    Model("angkot", "minibus", 3.85, 0.10, ANGKOT_COLOURS),
    Model("bus", "bus", 9.0, 0.04, ((0.70, 0.70, 0.70), (0.35, 0.02, 0.02), (0.04, 0.13, 0.33))),
    Model("truck", "truck", 5.6, 0.07, ((0.65, 0.45, 0.03), (0.70, 0.70, 0.68), (0.30, 0.03, 0.02))),
    Model("motorcycle", "motorcycle", LENGTH_M, 0.0, ((0.01, 0.01, 0.01), (0.35, 0.01, 0.01), (0.5, 0.5, 0.5))),
)  # fmt: skip
BY_NAME = {model.name: model for model in MODELS}


@cache
def mesh(name: str) -> Mesh:
    """The mesh of a model, x forward, its middle over the origin."""
    shapes = {"mpv": _MPV, "hatch": _HATCH, "suv": _SUV, "sedan": _SEDAN, "angkot": _ANGKOT}
    if name in shapes:
        return car(shapes[name])
    return {"taxi": _taxi, "bus": _bus, "truck": _truck, "motorcycle": motorcycle}[name]()


def colour_of(track: int, name: str, seed: int) -> Colour:
    """The paint of one vehicle, fixed by its track."""
    colours = BY_NAME[name].colours
    return colours[np.random.default_rng((seed, track)).integers(len(colours))]
