"""Everything that moves or may be moved: models with class, measures, share of the traffic, colours and mesh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from scripts.render_scenes.bodies import cars, heavy, people, riders, two_wheelers, vendors
from scripts.render_scenes.geometry.mesh import Mesh
from scripts.render_scenes.geometry.surface import Colour

WALK_CYCLE_M, WALK_POSES = people.WALK_CYCLE_M, people.WALK_POSES
STANDING, SITTING, TENDING = people.STANDING, people.SITTING, people.TENDING

KINDS = ("person", "bicycle", "motorcycle", "car", "bus", "truck", "vendor")

# Paints of Indonesian traffic, linear RGB: mostly white, black, silver and grey.
CAR_COLOURS: tuple[Colour, ...] = (
    (0.75, 0.75, 0.74), (0.75, 0.75, 0.74), (0.72, 0.71, 0.66), (0.012, 0.012, 0.014), (0.02, 0.02, 0.022),
    (0.38, 0.39, 0.40), (0.40, 0.40, 0.40), (0.46, 0.47, 0.48), (0.11, 0.115, 0.12), (0.06, 0.065, 0.07),
    (0.30, 0.012, 0.012), (0.14, 0.010, 0.015), (0.02, 0.05, 0.16), (0.10, 0.20, 0.32), (0.19, 0.14, 0.09),
    (0.09, 0.065, 0.045), (0.42, 0.10, 0.015), (0.03, 0.08, 0.06),
)  # fmt: skip
TAXI_COLOURS: tuple[Colour, ...] = ((0.05, 0.22, 0.50), (0.05, 0.22, 0.50), (0.70, 0.70, 0.68))
ANGKOT_COLOURS: tuple[Colour, ...] = (
    (0.02, 0.12, 0.42), (0.03, 0.26, 0.09), (0.45, 0.03, 0.02), (0.10, 0.32, 0.50), (0.55, 0.28, 0.02),
)  # fmt: skip
BAJAJ_COLOURS: tuple[Colour, ...] = ((0.02, 0.10, 0.38), (0.02, 0.10, 0.38), (0.55, 0.12, 0.015))
BUS_COLOURS: tuple[Colour, ...] = (
    (0.70, 0.70, 0.70), (0.35, 0.02, 0.02), (0.04, 0.13, 0.33), (0.05, 0.25, 0.12), (0.50, 0.30, 0.03),
)  # fmt: skip
TRUCK_COLOURS: tuple[Colour, ...] = (
    (0.65, 0.45, 0.03), (0.65, 0.45, 0.03), (0.70, 0.70, 0.68), (0.30, 0.03, 0.02), (0.03, 0.14, 0.10),
    (0.04, 0.12, 0.30),
)  # fmt: skip
BIKE_COLOURS: tuple[Colour, ...] = (
    (0.012, 0.012, 0.012), (0.012, 0.012, 0.012), (0.35, 0.01, 0.01), (0.30, 0.30, 0.30), (0.02, 0.05, 0.22),
    (0.60, 0.60, 0.58), (0.04, 0.04, 0.045), (0.05, 0.22, 0.30), (0.45, 0.12, 0.01), (0.30, 0.22, 0.12),
)  # fmt: skip
SHIRTS: tuple[Colour, ...] = (
    (0.55, 0.55, 0.53), (0.04, 0.04, 0.045), (0.30, 0.03, 0.03), (0.03, 0.07, 0.25), (0.05, 0.20, 0.09),
    (0.45, 0.28, 0.05), (0.20, 0.22, 0.25), (0.35, 0.12, 0.20), (0.10, 0.055, 0.03), (0.03, 0.03, 0.035),
    (0.16, 0.26, 0.38), (0.30, 0.26, 0.20), (0.05, 0.06, 0.05), (0.02, 0.16, 0.05), (0.10, 0.03, 0.14),
    (0.50, 0.20, 0.10), (0.07, 0.09, 0.14),
)  # fmt: skip
CANVASES: tuple[Colour, ...] = (
    (0.03, 0.12, 0.45), (0.55, 0.05, 0.03), (0.55, 0.38, 0.04), (0.04, 0.25, 0.10), (0.45, 0.16, 0.03),
    (0.05, 0.30, 0.35),
)  # fmt: skip
FADED, DUST = (0.85, 1.10), (0.17, 0.15, 0.12)
MOST_DUST = 0.10


@dataclass(frozen=True, slots=True)
class Model:
    """`kind` is one of KINDS, `weight` the share of the car lanes; people are measured standing, the rest at pose 0."""

    name: str
    kind: str
    length_m: float
    width_m: float
    height_m: float
    weight: float
    colours: tuple[Colour, ...]
    poses: int = 1


MODELS: tuple[Model, ...] = (
    Model("mpv", "car", 4.44, 1.99, 1.72, 0.33, CAR_COLOURS),
    Model("hatch", "car", 3.79, 1.93, 1.52, 0.15, CAR_COLOURS),
    Model("suv", "car", 4.79, 2.11, 1.84, 0.15, CAR_COLOURS),
    Model("sedan", "car", 4.49, 1.97, 1.49, 0.07, CAR_COLOURS),
    Model("taxi", "car", 4.49, 1.97, 1.64, 0.05, TAXI_COLOURS),
    Model("angkot", "car", 3.89, 1.86, 1.88, 0.09, ANGKOT_COLOURS),
    Model("bajaj", "car", 2.64, 1.29, 1.79, 0.02, BAJAJ_COLOURS),
    Model("pickup", "truck", 4.26, 1.94, 1.82, 0.05, CAR_COLOURS),
    Model("bus", "bus", 9.04, 2.66, 3.07, 0.03, BUS_COLOURS),
    Model("truck", "truck", 5.65, 2.16, 2.48, 0.04, TRUCK_COLOURS),
    Model("truck_tipper", "truck", 5.65, 2.16, 2.17, 0.02, TRUCK_COLOURS),
    Model("scooter", "motorcycle", 1.91, 0.78, 1.27, 0.0, BIKE_COLOURS),
    Model("bebek", "motorcycle", 1.97, 0.76, 1.26, 0.0, BIKE_COLOURS),
    Model("bicycle", "bicycle", 1.74, 0.64, 1.05, 0.0, BIKE_COLOURS),
    Model("rider", "person", 0.75, 0.69, 1.37, 0.0, SHIRTS),
    Model("pillion", "person", 0.53, 0.58, 1.33, 0.0, SHIRTS),
    Model("cyclist", "person", 0.60, 0.61, 1.51, 0.0, SHIRTS),
    Model("person_a", "person", 0.32, 0.50, 1.71, 0.0, SHIRTS, people.POSES),
    Model("person_b", "person", 0.34, 0.47, 1.60, 0.0, SHIRTS, people.POSES),
    Model("person_c", "person", 0.34, 0.56, 1.74, 0.0, SHIRTS, people.POSES),
    Model("person_d", "person", 0.30, 0.45, 1.62, 0.0, SHIRTS, people.POSES),
    Model("person_e", "person", 0.30, 0.49, 1.58, 0.0, SHIRTS, people.POSES),
    Model("person_f", "person", 0.48, 0.51, 1.71, 0.0, SHIRTS, people.POSES),
    Model("gerobak", "vendor", 2.12, 1.14, 2.02, 0.0, CANVASES),
    Model("umbrella_stall", "vendor", 2.30, 2.30, 2.38, 0.0, CANVASES),
    Model("tent_stall", "vendor", 3.00, 2.34, 2.25, 0.0, CANVASES),
    Model("tarp_stall", "vendor", 2.20, 1.50, 0.40, 0.0, CANVASES),
    Model("tricycle_stall", "vendor", 2.26, 1.10, 1.78, 0.0, CANVASES),
)
BY_NAME = {model.name: model for model in MODELS}
PEOPLE = tuple(people.FIGURES)
VENDORS = tuple(model.name for model in MODELS if model.kind == "vendor")

SHAPES: dict[str, Callable[[], Mesh]] = {
    "mpv": cars.mpv, "hatch": cars.hatch, "suv": cars.suv, "sedan": cars.sedan, "taxi": cars.taxi,
    "angkot": cars.angkot, "bajaj": cars.bajaj, "pickup": cars.pickup,
    "bus": heavy.bus, "truck": heavy.truck, "truck_tipper": heavy.truck_tipper,
    "scooter": two_wheelers.scooter, "bebek": two_wheelers.bebek, "bicycle": two_wheelers.bicycle,
    "rider": riders.rider, "pillion": riders.pillion, "cyclist": riders.cyclist,
    "gerobak": vendors.gerobak, "umbrella_stall": vendors.umbrella_stall, "tent_stall": vendors.tent_stall,
    "tarp_stall": vendors.tarp_stall, "tricycle_stall": vendors.tricycle_stall,
}  # fmt: skip


@cache
def mesh(name: str, pose: int = 0) -> Mesh:
    """The mesh of a model, x forward, its origin on the ground under the middle.

    Raises:
        KeyError: no model of this name.
        ValueError: a pose that the model does not have.
    """
    model = BY_NAME[name]
    if not 0 <= pose < model.poses:
        raise ValueError(f"{name} has poses 0 to {model.poses - 1}, not {pose}")
    return people.person(name, pose) if name in people.FIGURES else SHAPES[name]()


def colour_of(track: int, name: str, seed: int) -> Colour:
    """The colour of one actor, fixed by its track: one of its model's, faded and dusty to a degree of its own."""
    rng, colours = np.random.default_rng((seed, track)), BY_NAME[name].colours
    colour = np.array(colours[rng.integers(len(colours))]) * rng.uniform(*FADED)
    dust = rng.uniform(0.0, MOST_DUST)
    red, green, blue = np.clip(colour * (1 - dust) + np.array(DUST) * dust, 0.0, 1.0).tolist()
    return red, green, blue
