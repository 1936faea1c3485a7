"""A street made of its plan: static meshes, things placed many times, where lamps and signals are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from scripts.render_scenes.geometry.mesh import Mesh, merge
from scripts.render_scenes.place import carriageway, furniture, sides, vegetation
from scripts.render_scenes.place.carriageway import CROSS_PAVEMENT_M, spans
from scripts.render_scenes.place.plan import StreetPlan

TREE_EVERY_M = 8.0
BUS_STOP_SHARE = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A mesh of the street with a name; `smooth` shades it round, `occludes` says that it can hide an actor."""

    name: str
    mesh: Mesh
    smooth: bool = False
    occludes: bool = True


@dataclass(frozen=True, slots=True)
class Instance:
    """One of `Place.models`, put somewhere."""

    part: str
    x_m: float
    y_m: float
    z_m: float
    turn_rad: float
    scale: float


@dataclass(frozen=True, slots=True)
class SignalHead:
    """A head with three lamps, red on top, facing `turn_rad`."""

    group: str
    x_m: float
    y_m: float
    z_m: float
    turn_rad: float


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """`parts` stand where they are; `instances` name `models`; `lamps` are (x, y, z) of the street lights."""

    parts: tuple[Part, ...]
    models: dict[str, Part]
    instances: tuple[Instance, ...]
    lamps: tuple[tuple[float, float, float], ...]
    signals: tuple[SignalHead, ...]

    def occluders(self) -> Mesh:
        """All that can hide an actor, as one mesh in the world."""
        placed = [self.models[i.part].mesh.moved(i.x_m, i.y_m, i.z_m, i.turn_rad, i.scale) for i in self.instances]
        return merge([*(part.mesh for part in self.parts if part.occludes), *placed])


@cache
def build(plan: StreetPlan) -> Place:
    """The street; equal plans give equal streets."""
    parts = [
        Part("road", carriageway.asphalt(plan), occludes=False),
        Part("markings", carriageway.markings(plan), occludes=False),
        Part("kerbs", carriageway.kerbs(plan), occludes=False),
        Part("pavements", carriageway.pavements(plan), occludes=False),
        Part("sides", sides.build(plan)),
        Part("lamp_posts", furniture.lamp_posts(plan)),
        Part("wires", furniture.wires(plan)),
        Part("clutter", furniture.clutter(plan), smooth=True),
        Part("signs", furniture.signs(plan)),
    ]
    rng = np.random.default_rng((plan.seed, 70))
    if plan.sides[0] in ("shops", "offices") and plan.pavement_m[0] >= 4.0 and rng.random() < BUS_STOP_SHARE:
        parts.append(Part("bus_stop", furniture.bus_stop(plan, float(rng.uniform(45.0, 60.0)))))
    planted = furniture.median(plan)
    if planted is not None:
        parts.append(Part("median", planted, smooth=True))
    if plan.junction_y_m is not None:
        parts.append(Part("signals", furniture.signals(plan)))
    models = {f"tree_{i}": Part(f"tree_{i}", vegetation.tree(rng, height), smooth=True)
              for i, height in enumerate(vegetation.TREE_HEIGHTS_M)}  # fmt: skip
    lamps = tuple((lamp, y, furniture.LAMP_HEIGHT_M) for _, y, lamp in furniture.lamp_places(plan))
    heads = tuple(SignalHead(*place) for place in furniture.signal_places(plan))
    return Place(tuple(parts), models, tuple(_trees(plan, rng)), lamps, heads)


def _trees(plan: StreetPlan, rng: np.random.Generator) -> list[Instance]:
    """Along the kerb where there are fronts, small; at the far edge of a green verge and behind it, large."""
    found = []

    def plant(x: float, y: float, scale: float) -> None:
        number = int(rng.integers(len(vegetation.TREE_HEIGHTS_M)))
        found.append(Instance(f"tree_{number}", x, y, 0.1, float(rng.uniform(0, 2 * math.pi)), scale))

    for side, kerb, width, kind in (
        (1, plan.right_kerb_m, plan.pavement_m[0], plan.sides[0]),
        (-1, plan.left_kerb_m, plan.pavement_m[1], plan.sides[1]),
    ):
        green = kind in ("park", "wall")
        for start, end in spans(plan, CROSS_PAVEMENT_M + 3.0, near_m=24.0):
            for y in np.arange(start, min(end, 260.0), TREE_EVERY_M):
                if rng.random() > plan.trees:
                    continue
                where = float(y + rng.uniform(-1, 1))
                if green:
                    plant(kerb + side * (width - 0.9), where, float(rng.uniform(0.75, 0.95)))
                    if rng.random() < 0.7:
                        plant(kerb + side * (width + rng.uniform(3, 9)), where + 3, float(rng.uniform(1.0, 1.4)))
                elif y > 45 and rng.random() < 0.5:
                    plant(kerb + side * 1.2, where + 3, float(rng.uniform(0.5, 0.65)))
    return found
