"""A street made of its plan: lanes free, kerbs where they belong, dips where water stands first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scripts.render_scenes.bodies import palette as bodies
from scripts.render_scenes.geometry.mesh import Mesh
from scripts.render_scenes.place.build import build
from scripts.render_scenes.place.carriageway import LIFT_M
from scripts.render_scenes.place.palette import PLASTERS, SURFACES
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.place.relief import LOWEST_M, PAVEMENT_M, ground_m, on_road, relief_m

TEXTURED = {
    "asphalt",
    "marking",
    "paving",
    "concrete",
    "grass",
    "leaf",
    *(f"plaster_{i}" for i in range(len(PLASTERS))),
}
CLEARANCE_M = 4.5
PLANS = [
    StreetPlan(seed=20, towards=2, lane_m=3.05, strip_m=1.5, middle_m=-3.325),
    StreetPlan(seed=1, towards=1, away=1, sides=("houses", "park")),
    StreetPlan(seed=2, towards=3, away=3, median_m=1.6, sides=("offices", "offices"), pavement_m=(5.0, 4.0)),
    StreetPlan(seed=3, towards=2, away=2, median_m=1.2, junction_y_m=18.0, cross_lanes=2),
    StreetPlan(seed=4, towards=1, away=1, junction_y_m=40.0, zebra=False, sides=("wall", "houses")),
    StreetPlan(seed=5, towards=2, away=1, parking_m=2.9, clutter=1.0, trees=1.0),
]
ALL = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"seed{plan.seed}")


@ALL
def test_lanes_lie_on_the_road(plan: StreetPlan) -> None:
    for lane in plan.lanes():
        along = np.linspace(35.0, lane.length_m - 40.0, 60)
        points = np.array(
            [lane.at(a, left) for a in along for left in (-lane.width_m / 2 + 0.05, lane.width_m / 2 - 0.05)]
        )
        if lane.heading in ("right", "left"):
            points = points[np.abs(points[:, 0]) < 100]
        assert on_road(plan, points[:, 0], points[:, 1]).all()


def low_points(mesh: Mesh) -> np.ndarray:
    """Corners of the mesh and middles of its faces that are lower than a bus."""
    points = np.concatenate([mesh.vertices, [mesh.vertices[list(face)].mean(axis=0) for face in mesh.faces]])
    return points[(points[:, 2] < CLEARANCE_M) & (points[:, 2] > 0.0)]


@ALL
def test_nothing_stands_in_a_lane(plan: StreetPlan) -> None:
    place = build(plan)
    stems = np.array([(i.x_m, i.y_m, 1.0) for i in place.instances]).reshape(-1, 3)
    solid = np.concatenate([low_points(part.mesh) for part in place.parts if part.occludes])
    points = np.concatenate([solid, stems])
    # Beyond the ends of the streets stand the houses that close the view.
    near = (points[:, 1] > plan.near_m) & (points[:, 1] < plan.far_m) & (np.abs(points[:, 0]) < 100)
    in_way = points[near & on_road(plan, points[:, 0], points[:, 1])]
    # A planted median stands between the kerbs, but in nobody's lane.
    median = (np.abs(in_way[:, 0] - plan.middle_m) < plan.half_median_m + 0.01) & (plan.away > 0)
    assert len(in_way[~median]) == 0


@ALL
def test_relief_is_shallow_and_falls_to_the_gutters(plan: StreetPlan) -> None:
    x, y = np.meshgrid(np.linspace(plan.left_kerb_m, plan.right_kerb_m, 40), np.linspace(5, 80, 100))
    height = relief_m(plan, x, y)
    assert height.max() <= 0.0
    assert height.min() >= LOWEST_M
    crown = plan.middle_m if plan.away else (plan.left_kerb_m + plan.right_kerb_m) / 2
    assert relief_m(plan, plan.right_kerb_m, y[:, 0]).mean() < relief_m(plan, crown, y[:, 0]).mean()
    assert ground_m(plan, plan.right_kerb_m + 0.5, 5.0) == PAVEMENT_M


@ALL
def test_markings_lie_on_the_asphalt(plan: StreetPlan) -> None:
    (markings,) = (part.mesh for part in build(plan).parts if part.name == "markings")
    painted = np.unique(
        [i for f, m in zip(markings.faces, markings.materials, strict=True) if m == "marking" for i in f]
    )
    corners = markings.vertices[painted]
    np.testing.assert_allclose(corners[:, 2] - relief_m(plan, corners[:, 0], corners[:, 1]), LIFT_M, atol=1e-6)


@ALL
def test_every_surface_is_known_and_no_street_is_too_large(plan: StreetPlan) -> None:
    place = build(plan)
    parts = [*place.parts, *place.models.values()]
    assert {name for part in parts for name in part.mesh.materials} <= TEXTURED | set(SURFACES) | set(bodies.SURFACES)
    assert sum(len(part.mesh.faces) for part in place.parts) < 120_000
    assert len(place.signals) == (0 if plan.junction_y_m is None else 4)


def test_equal_plans_give_equal_streets_and_other_seeds_others() -> None:
    first, again = (build.__wrapped__(PLANS[0]).parts[4].mesh.vertices for _ in range(2))
    np.testing.assert_array_equal(first, again)
    other = build(replace(PLANS[0], seed=21)).parts[4].mesh.vertices
    assert other.shape != first.shape or not np.allclose(other, first)
