"""Buses and trucks. Local axes as in `car_body`."""

from __future__ import annotations

from scripts.render_scenes.bodies.car_body import BodyShape, body, trim, wheels
from scripts.render_scenes.bodies.loft import loft, oval
from scripts.render_scenes.geometry.mesh import Mesh, box, merge, rod

BUS = BodyShape(
    length_m=9.0, width_m=2.40, height_m=3.05, clearance_m=0.32, nose_m=1.15, cowl_back_m=0.10, belt_m=1.35,
    screen_run_m=0.18, deck_m=0.0, tail_run_m=0.05, tumblehome_m=0.05, wheel_radius_m=0.46, axles_m=(2.0, 6.6),
    pillars=((0.0, 0.015), (0.16, 0.175), (0.33, 0.345), (0.5, 0.515), (0.67, 0.685), (0.84, 0.855), (0.98, 1.0)),
)  # fmt: skip
TRUCK_CAB = BodyShape(
    length_m=1.75, width_m=1.90, height_m=2.15, clearance_m=0.35, nose_m=1.12, cowl_back_m=0.14, belt_m=1.28,
    screen_run_m=0.22, deck_m=0.0, tail_run_m=0.02, tumblehome_m=0.10, wheel_radius_m=0.40, axles_m=(0.85,),
    pillars=((0.0, 0.10), (0.72, 1.0)),
)  # fmt: skip


TRUCK_LENGTH_M = 5.6


def bus() -> Mesh:
    route = box((4.28, 4.46), (-0.8, 0.8), (2.68, 2.92), "sign")
    stripe = [box((-4.3, 4.2), (s * 1.17 - 0.04, s * 1.17 + 0.04), (0.75, 0.95), "stripe") for s in (1, -1)]
    return merge([body(BUS), wheels(BUS), trim(BUS, 0.55), route, *stripe])


def truck() -> Mesh:
    """A box body on a light truck's frame."""
    parts = [_chassis(), box((-2.8, 0.94), (-0.98, 0.98), (0.85, 2.45), "cargo")]
    parts += [box((x, x + 0.06), (-1.0, 1.0), (0.82, 2.48), "plastic") for x in (-2.8, -1.56, -0.32)]
    return merge(parts)


def truck_tipper() -> Mesh:
    """An open tipper with a load of earth."""
    parts = [
        _chassis(),
        box((-2.8, 0.90), (-0.98, 0.98), (0.85, 0.98), "paint"),
        box((0.84, 0.92), (-0.98, 0.98), (0.9, 2.0), "paint"),
        box((-2.82, -2.74), (-0.98, 0.98), (0.9, 1.6), "paint"),
    ]
    for side in (1, -1):
        y0, y1 = sorted((side * 0.90, side * 0.98))
        parts.append(box((-2.8, 0.90), (y0, y1), (0.9, 1.6), "paint"))
        parts += [
            box((x, x + 0.1), sorted((side * 0.98, side * 1.02)), (0.9, 1.6), "plastic") for x in (-2.2, -1.0, 0.2)
        ]
    heap = [(1.25, 1.80, 0.92), (1.55, 1.74, 0.89), (1.70, 1.30, 0.62), (1.80, 0.80, 0.35), (1.84, 0.30, 0.12)]
    parts.append(loft([oval((-0.93, 0.0, z), (x, y), 16, 3.0) for z, x, y in heap], "earth"))
    return merge(parts)


def _chassis() -> Mesh:
    forward = TRUCK_LENGTH_M / 2 - TRUCK_CAB.length_m / 2
    cab = merge([body(TRUCK_CAB).painted(taillamp="paint"), trim(TRUCK_CAB, 0.55), wheels(TRUCK_CAB)]).moved(x=forward)
    parts = [cab, box((-2.75, 0.95), (-0.45, 0.45), (0.50, 0.80), "plastic")]
    for side in (1, -1):
        y0, y1 = sorted((side * 0.55, side * 0.97))
        parts.append(rod((-1.75, y0, 0.40), (-1.75, y1, 0.40), 0.40, "tyre", 20))
        parts.append(rod((-1.75, side * 0.97, 0.40), (-1.75, side * 0.98, 0.40), 0.22, "rim", 12))
        parts.append(rod((-1.75, side * 0.98, 0.40), (-1.75, side * 1.0, 0.40), 0.09, "plastic", 8))
        parts.append(box((-2.82, -2.78), sorted((side * 0.50, side * 0.82)), (0.56, 0.68), "taillamp"))
    parts.append(box((-2.80, -2.76), (-0.9, 0.9), (0.44, 0.56), "plastic"))
    parts.append(box((-2.83, -2.79), (-0.22, 0.22), (0.56, 0.69), "plate"))
    return merge(parts)
