"""Asphalt, markings, kerbs and pavements of a street and of the one that crosses it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from scripts.render_scenes.geometry.mesh import Mesh, box, merge, rod
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.place.relief import PAVEMENT_M, relief_m

LIFT_M = 0.008  # of markings over the asphalt
KERB_M = 0.22  # width of a kerb stone's top
KERB_BLOCK_M = 1.5
CROSS_REACH_M = 125.0
CROSS_PAVEMENT_M = 3.0
FINE_TO_M = 75.0
MEDIAN_KERBED_FROM_M = 0.5


def spans(plan: StreetPlan, beside_m: float = 0.0, near_m: float | None = None) -> list[tuple[float, float]]:
    """The stretches along y that the crossing street (and `beside_m` on each side of it) leaves free."""
    near = plan.near_m if near_m is None else near_m
    if plan.junction_y_m is None:
        return [(near, plan.far_m)]
    reach = plan.cross_half_m + beside_m
    cut = (plan.junction_y_m - reach, plan.junction_y_m + reach)
    return [(a, b) for a, b in ((near, cut[0]), (cut[1], plan.far_m)) if b - a > 0.5]


def asphalt(plan: StreetPlan) -> Mesh:
    """The drivable ground as a grid over the relief; fine near the camera."""
    x = _steps(plan.left_kerb_m, plan.right_kerb_m, 0.5)
    y = np.concatenate([_steps(plan.near_m, FINE_TO_M, 0.75), _steps(FINE_TO_M, plan.far_m, 6.0)[1:]])
    parts = [_grid(plan, x, y)]
    if plan.junction_y_m is not None:
        across = _steps(plan.junction_y_m - plan.cross_half_m, plan.junction_y_m + plan.cross_half_m, 0.8)
        parts += [_grid(plan, _steps(plan.right_kerb_m, CROSS_REACH_M, 2.0), across),
                  _grid(plan, _steps(-CROSS_REACH_M, plan.left_kerb_m, 2.0), across)]  # fmt: skip
    return merge(parts)


def _steps(start: float, end: float, step: float) -> np.ndarray:
    return np.linspace(start, end, max(2, round((end - start) / step) + 1))


def _grid(plan: StreetPlan, x: np.ndarray, y: np.ndarray) -> Mesh:
    gx, gy = np.meshgrid(x, y)
    vertices = np.column_stack([gx.ravel(), gy.ravel(), relief_m(plan, gx, gy).ravel()])
    wide = len(x)
    faces = tuple(
        (j * wide + i, j * wide + i + 1, (j + 1) * wide + i + 1, (j + 1) * wide + i)
        for j in range(len(y) - 1)
        for i in range(wide - 1)
    )
    return Mesh(vertices, faces, ("asphalt",) * len(faces))


def _patch(plan: StreetPlan, x: tuple[float, float], y: tuple[float, float], material: str = "marking") -> Mesh:
    """A painted rectangle that follows the relief."""
    gx, gy = np.array([x[0], x[1], x[1], x[0]]), np.array([y[0], y[0], y[1], y[1]])
    z = relief_m(plan, gx, gy) + LIFT_M
    return Mesh(np.column_stack([gx, gy, z]), ((0, 1, 2, 3),), (material,))


def _line(plan: StreetPlan, x: float, y0: float, y1: float, width: float = 0.12) -> list[Mesh]:
    edges = _steps(y0, y1, 1.5 if y0 < FINE_TO_M else 6.0)
    return [_patch(plan, (x - width / 2, x + width / 2), (a, b)) for a, b in pairwise(edges)]


def markings(plan: StreetPlan) -> Mesh:
    """Lane lines, the middle of the road, stop lines, zebras, bay lines, manhole covers."""
    rng = np.random.default_rng((plan.seed, 62))
    parts: list[Mesh] = []
    beside = plan.stop_gap_m + 0.3
    for start, end in spans(plan, beside):
        for x, solid in _lane_lines(plan):
            if solid:
                parts += _line(plan, x, start, end)
            else:
                for y in np.arange(start, end - 3.0, 8.0):
                    parts += _line(plan, x, y, y + 3.0, 0.13)
        for y in np.arange(start + rng.uniform(4, 12), min(end, 90.0), 19.0):
            x = rng.uniform(plan.left_kerb_m + 0.8, plan.right_kerb_m - 0.8)
            z = float(relief_m(plan, x, y))
            parts.append(rod((x, y, z - 0.02), (x, y, z + LIFT_M), 0.33, "manhole", 14))
    if plan.parking_m:
        edge = plan.right_kerb_m
        for y in np.arange(plan.near_m + 1.0, 120.0, 6.0):
            parts.append(_patch(plan, (edge - plan.parking_m, edge - 0.1), (y, y + 0.10)))
    parts += _junction_markings(plan)
    return merge(parts)


def _lane_lines(plan: StreetPlan) -> list[tuple[float, bool]]:
    """x of the lines along the street and whether they are solid."""
    start = plan.middle_m + plan.half_median_m
    found = [(start + i * plan.lane_m, False) for i in range(1, plan.towards)]
    if plan.strip_m or plan.parking_m:
        found.append((start + plan.towards * plan.lane_m, True))
    if plan.parking_m and plan.strip_m:
        found.append((start + plan.towards * plan.lane_m + plan.strip_m, True))
    if not plan.away:
        return [*found, (plan.middle_m + 0.25, True)]
    start = plan.middle_m - plan.half_median_m
    found += [(start - i * plan.lane_m, False) for i in range(1, plan.away)]
    if plan.strip_m:
        found.append((start - plan.away * plan.lane_m, True))
    if plan.median_m < MEDIAN_KERBED_FROM_M:
        found += [(plan.middle_m - 0.1, True), (plan.middle_m + 0.1, True)]
    return found


def _junction_markings(plan: StreetPlan) -> list[Mesh]:
    if plan.junction_y_m is None:
        return []
    parts: list[Mesh] = []
    for lane in plan.lanes():
        if lane.stop_m is None:
            continue
        x, y = lane.at(lane.stop_m + 0.35)
        half = lane.width_m / 2
        if lane.heading in ("towards", "away"):
            parts.append(_patch(plan, (x - half, x + half), (y - 0.15, y + 0.15)))
        else:
            parts.append(_patch(plan, (x - 0.15, x + 0.15), (y - half, y + half)))
    if plan.zebra:
        for sign in (1, -1):
            y = plan.junction_y_m + sign * (plan.cross_half_m + 2.4)
            for x in np.arange(plan.left_kerb_m + 0.5, plan.right_kerb_m - 0.5, 1.0):
                if abs(x - plan.middle_m) > plan.half_median_m + 0.3 or plan.median_m < MEDIAN_KERBED_FROM_M:
                    parts += [_patch(plan, (x - 0.25, x + 0.25), (y + a, y + a + 0.9)) for a in (-1.35, -0.45, 0.45)]
    return parts


def kerbs(plan: StreetPlan) -> Mesh:
    """Black and white blocks along every carriageway, and around a kerbed median."""
    parts: list[Mesh] = []

    def row(x: tuple[float, float], start: float, end: float) -> None:
        for i, y in enumerate(np.arange(start, end, KERB_BLOCK_M)):
            colour = "kerb_black" if i % 2 else "kerb_white"
            parts.append(box(x, (y, min(y + KERB_BLOCK_M, end)), (-0.1, PAVEMENT_M + 0.01), colour))

    for start, end in spans(plan):
        row((plan.right_kerb_m, plan.right_kerb_m + KERB_M), start, end)
        row((plan.left_kerb_m - KERB_M, plan.left_kerb_m), start, end)
    if plan.away and plan.median_m >= MEDIAN_KERBED_FROM_M:
        half = plan.half_median_m
        for start, end in spans(plan, plan.stop_gap_m):
            row((plan.middle_m - half, plan.middle_m - half + 0.15), start, end)
            row((plan.middle_m + half - 0.15, plan.middle_m + half), start, end)
    if plan.junction_y_m is not None:
        for side in (1, -1):
            edge = plan.junction_y_m + side * plan.cross_half_m
            y = (edge, edge + KERB_M) if side > 0 else (edge - KERB_M, edge)
            for x0, x1 in _beside(plan):
                parts += [box((x, min(x + KERB_BLOCK_M, x1)), y, (-0.1, PAVEMENT_M + 0.01),
                              "kerb_black" if i % 2 else "kerb_white")
                          for i, x in enumerate(np.arange(x0, x1, KERB_BLOCK_M))]  # fmt: skip
    return merge(parts)


def _beside(plan: StreetPlan) -> Sequence[tuple[float, float]]:
    """The stretches along x of the crossing street, left and right of the main one."""
    return (-CROSS_REACH_M, plan.left_kerb_m - KERB_M), (plan.right_kerb_m + KERB_M, CROSS_REACH_M)


def pavements(plan: StreetPlan) -> Mesh:
    """Pavements on both sides (grass where a park or a wall lies), the median's filling, the ground beyond."""
    right, left = plan.right_kerb_m + KERB_M, plan.left_kerb_m - KERB_M
    top, parts = (-0.1, PAVEMENT_M), []
    for start, end in spans(plan):
        parts.append(box((right, plan.right_kerb_m + plan.pavement_m[0]), (start, end), top, _floor(plan, 0)))
        parts.append(box((plan.left_kerb_m - plan.pavement_m[1], left), (start, end), top, _floor(plan, 1)))
        if plan.sides[0] in ("shops", "offices") and plan.pavement_m[0] > 3.5:
            middle = plan.right_kerb_m + plan.pavement_m[0] / 2
            parts.append(
                box((middle - 0.15, middle + 0.15), (start, min(end, 110.0)), (0.1, PAVEMENT_M + 0.004), "tactile")
            )
    if plan.away and plan.median_m >= MEDIAN_KERBED_FROM_M:
        half = plan.half_median_m - 0.15
        x = (plan.middle_m - half, plan.middle_m + half)
        for start, end in spans(plan, plan.stop_gap_m):
            parts.append(box(x, (start + 0.3, end), (-0.1, PAVEMENT_M - 0.02), "grass"))
    if plan.junction_y_m is not None:
        for side in (1, -1):
            edge = plan.junction_y_m + side * (plan.cross_half_m + KERB_M)
            y0, y1 = sorted((edge, edge + side * (CROSS_PAVEMENT_M - KERB_M)))
            outer_right = (plan.right_kerb_m + plan.pavement_m[0], CROSS_REACH_M)
            outer_left = (-CROSS_REACH_M, plan.left_kerb_m - plan.pavement_m[1])
            parts += [box(x, (y0, y1), top, "paving") for x in (outer_right, outer_left)]
    # The ground behind the buildings lies under the pavement, so that nothing shows through.
    parts.append(
        box((plan.right_kerb_m + plan.pavement_m[0] - 0.5, 160.0), (-30.0, plan.far_m + 120), (-0.3, -0.12), "grass")
    )
    parts.append(
        box((-160.0, plan.left_kerb_m - plan.pavement_m[1] + 0.5), (-30.0, plan.far_m + 120), (-0.3, -0.12), "grass")
    )
    parts.append(box((-160.0, 160.0), (plan.far_m - 1.0, plan.far_m + 120), (-0.3, -0.12), "paving"))
    return merge(parts)


def _floor(plan: StreetPlan, side: int) -> str:
    return "grass" if plan.sides[side] in ("park", "wall") else "paving"
