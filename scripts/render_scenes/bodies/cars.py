"""Cars: measures of the bodies seen on Indonesian streets, and what is added to them. Local axes as in `car_body`."""

from __future__ import annotations

import numpy as np

from scripts.render_scenes.bodies.car_body import BodyShape, body, car, trim, wheels
from scripts.render_scenes.bodies.loft import arc, lathe, lengthwise, loft, upright
from scripts.render_scenes.bodies.riders import Seated, seated
from scripts.render_scenes.geometry.mesh import Mesh, ball, box, merge, quad, rod

HATCH = BodyShape(
    length_m=3.75, width_m=1.67, height_m=1.50, clearance_m=0.20, nose_m=0.86, cowl_back_m=0.92, belt_m=0.98,
    screen_run_m=0.78, deck_m=0.0, tail_run_m=0.38, tumblehome_m=0.16, wheel_radius_m=0.295, axles_m=(0.72, 3.20),
    pillars=((0.0, 0.10), (0.42, 0.46), (0.74, 0.80), (0.93, 1.0)),
)  # fmt: skip
MPV = BodyShape(
    length_m=4.40, width_m=1.73, height_m=1.70, clearance_m=0.22, nose_m=0.95, cowl_back_m=0.98, belt_m=1.06,
    screen_run_m=0.80, deck_m=0.0, tail_run_m=0.22, tumblehome_m=0.15, wheel_radius_m=0.315, axles_m=(0.80, 3.55),
    pillars=((0.0, 0.09), (0.37, 0.40), (0.66, 0.70), (0.95, 1.0)),
)  # fmt: skip
SUV = BodyShape(
    length_m=4.75, width_m=1.85, height_m=1.82, clearance_m=0.27, nose_m=1.05, cowl_back_m=1.15, belt_m=1.16,
    screen_run_m=0.75, deck_m=0.0, tail_run_m=0.20, tumblehome_m=0.15, wheel_radius_m=0.36, axles_m=(0.88, 3.70),
    pillars=((0.0, 0.08), (0.36, 0.40), (0.66, 0.71), (0.94, 1.0)), bumper="paint", grille="chrome",
)  # fmt: skip
SEDAN = BodyShape(
    length_m=4.45, width_m=1.71, height_m=1.47, clearance_m=0.20, nose_m=0.83, cowl_back_m=1.15, belt_m=0.95,
    screen_run_m=0.85, deck_m=0.55, tail_run_m=0.72, tumblehome_m=0.18, wheel_radius_m=0.30, axles_m=(0.85, 3.40),
    pillars=((0.0, 0.10), (0.47, 0.51), (0.88, 1.0)),
)  # fmt: skip
ANGKOT = BodyShape(
    length_m=3.85, width_m=1.60, height_m=1.85, clearance_m=0.24, nose_m=0.92, cowl_back_m=0.45, belt_m=1.08,
    screen_run_m=0.50, deck_m=0.0, tail_run_m=0.08, tumblehome_m=0.10, wheel_radius_m=0.29, axles_m=(0.62, 2.75),
    pillars=((0.0, 0.05), (0.30, 0.34), (0.62, 0.65), (0.96, 1.0)),
)  # fmt: skip
PICKUP_CAB = BodyShape(
    length_m=2.35, width_m=1.68, height_m=1.80, clearance_m=0.26, nose_m=0.98, cowl_back_m=0.62, belt_m=1.10,
    screen_run_m=0.55, deck_m=0.0, tail_run_m=0.04, tumblehome_m=0.11, wheel_radius_m=0.31, axles_m=(0.62,),
    pillars=((0.0, 0.10), (0.78, 1.0)),
)  # fmt: skip
PICKUP_LENGTH_M = 4.2
BAJAJ_LENGTH_M = 2.65


def hatch() -> Mesh:
    return car(HATCH)


def mpv() -> Mesh:
    return car(MPV)


def suv() -> Mesh:
    return car(SUV)


def sedan() -> Mesh:
    return car(SEDAN)


def angkot() -> Mesh:
    """A minibus for passengers: a route board in the windscreen, an open door at the left."""
    half = ANGKOT.width_m / 2
    board = box((1.62, 1.68), (-0.45, 0.45), (1.70, 1.88), "sign")
    y = half + 0.012
    door = quad((-0.55, y, 0.36), (0.15, y, 0.36), (0.15, y, 1.58), (-0.55, y, 1.58), "interior")
    return merge([car(ANGKOT), board, Mesh(door.vertices[::-1].copy(), door.faces, door.materials)])


def taxi() -> Mesh:
    sign = box((-0.12, 0.12), (-0.32, 0.32), (SEDAN.height_m + 0.01, SEDAN.height_m + 0.17), "sign")
    return merge([car(SEDAN), sign])


def pickup() -> Mesh:
    """A light truck with an open tray."""
    length, cab = PICKUP_LENGTH_M, PICKUP_CAB
    forward = length / 2 - cab.length_m / 2
    front = merge([body(cab).painted(taillamp="paint"), trim(cab, 0.5), wheels(cab)]).moved(x=forward)
    back, end = length / 2 - cab.length_m + 0.02, -length / 2
    parts = [front, box((end + 0.04, back), (-0.5, 0.5), (0.42, 0.66), "plastic"),
             box((end, back), (-0.80, 0.80), (0.68, 0.76), "paint")]  # fmt: skip
    parts += [box((end, back), sorted_pair(side * 0.76, side * 0.82), (0.70, 1.12), "paint") for side in (1, -1)]
    parts.append(box((end - 0.02, end + 0.04), (-0.82, 0.82), (0.70, 1.12), "paint"))
    parts += [box((end - 0.04, end), sorted_pair(side * 0.62, side * 0.80), (0.74, 0.90), "taillamp")
              for side in (1, -1)]  # fmt: skip
    parts += [rod((-1.15, side * 0.52, 0.31), (-1.15, side * 0.78, 0.31), 0.31, "tyre", 18) for side in (1, -1)]
    parts += [rod((-1.15, side * 0.78, 0.31), (-1.15, side * 0.79, 0.31), 0.18, "rim", 12) for side in (1, -1)]
    return merge(parts)


def bajaj() -> Mesh:
    """A three-wheeler with its driver: a rounded front over one wheel, open sides, a canvas hood over the bench."""
    end, nose = -BAJAJ_LENGTH_M / 2, BAJAJ_LENGTH_M / 2
    tyre = [(-0.05, 0.16), (-0.05, 0.19), (-0.025, 0.21), (0.025, 0.21), (0.05, 0.19), (0.05, 0.16)]
    parts = [
        lathe((1.06, 0, 0.21), tyre, "tyre"),
        lathe((1.06, 0, 0.21), [(-0.052, 0.13), (0.052, 0.13)], "rim", 12),
        arc((1.06, 0, 0.21), 0.235, (-5, 185), 0.10, "paint"),
        upright([(0.34, 0.92, 0.12, 0.36), (0.46, 1.00, 0.20, 0.44), (0.70, 1.00, 0.21, 0.50),
                 (0.90, 0.95, 0.14, 0.52), (1.00, 0.90, 0.06, 0.51)], "paint"),
        box((-0.55, 0.95), (-0.58, 0.58), (0.27, 0.36), "plastic"),
        lengthwise([(end + 0.03, 0.62, 0.26, 0.56), (end + 0.10, 0.63, 0.33, 0.62), (-0.62, 0.63, 0.36, 0.645),
                    (-0.42, 0.60, 0.32, 0.64)], "paint", 6),
        lengthwise([(end + 0.06, 1.30, 0.34, 0.54), (end + 0.14, 1.30, 0.40, 0.60), (-0.72, 1.30, 0.42, 0.62)],
                   "canvas", 6),
        lengthwise([(end + 0.08, 1.66, 0.04, 0.54), (-1.0, 1.72, 0.055, 0.61), (0.2, 1.73, 0.06, 0.60),
                    (0.62, 1.69, 0.05, 0.56), (0.78, 1.64, 0.02, 0.50)], "canvas", 3),
        box((-0.74, -0.70), (-0.56, 0.56), (0.95, 1.66), "interior"),
        box((-0.72, -0.28), (-0.55, 0.55), (0.80, 0.95), "plastic"),
        box((0.02, 0.38), (-0.30, 0.30), (0.36, 0.70), "plastic"),
        loft([np.array([(x + d, s * w, z) for s, z, x, w in
                        ((-1, 0.98, 0.93, 0.47), (1, 0.98, 0.93, 0.47), (1, 1.64, 0.74, 0.46), (-1, 1.64, 0.74, 0.46))])
              for d in (0.0, 0.02)], "glass"),
        rod((0.80, -0.30, 1.02), (0.80, 0.30, 1.02), 0.02, "plastic", 8),
        box((nose - 0.12, nose - 0.10), (-0.19, 0.19), (0.40, 0.51), "plate"),
        box((end + 0.01, end + 0.04), (-0.19, 0.19), (0.44, 0.55), "plate"),
        box((end + 0.05, end + 0.10), (-0.30, 0.30), (1.18, 1.46), "glass"),
        _bajaj_driver(),
    ]  # fmt: skip
    for side in (1, -1):
        parts += [
            lathe((-0.86, side * 0.55, 0.21), tyre, "tyre"),
            lathe((-0.86, side * 0.55, 0.21), [(-0.055, 0.13), (0.055, 0.13)], "rim", 12),
            rod((0.95, side * 0.49, 0.96), (0.74, side * 0.48, 1.66), 0.025, "plastic", 8),
            rod((0.10, side * 0.58, 0.34), (0.06, side * 0.57, 1.70), 0.018, "plastic", 8),
            box((0.10, 0.80), sorted_pair(side * 0.56, side * 0.585), (0.36, 0.60), "paint"),
            ball((1.13, side * 0.29, 0.70), (0.05, 0.085, 0.085), "headlamp"),
            ball((1.10, side * 0.43, 0.58), (0.04, 0.04, 0.03), "indicator"),
            box((end, end + 0.05), sorted_pair(side * 0.42, side * 0.56), (0.66, 0.80), "taillamp"),
            rod((0.88, side * 0.50, 1.14), (0.90, side * 0.62, 1.16), 0.010, "plastic", 6),
            ball((0.90, side * 0.60, 1.20), (0.015, 0.045, 0.06), "plastic"),
        ]
    return merge(parts)


def _bajaj_driver() -> Mesh:
    return seated(Seated(
        hips=(0.20, 0.0, 0.78), lean_rad=0.05, knee=(0.56, 0.15, 0.74), ankle=(0.62, 0.15, 0.42),
        elbow=(0.46, 0.26, 1.00), wrist=(0.74, 0.22, 1.03), cover="cap", trousers="trousers", sleeve="shirt",
        height_m=1.60,
    )).painted(shirt="cloth_brown")  # fmt: skip


def sorted_pair(a: float, b: float) -> tuple[float, float]:
    return (a, b) if a < b else (b, a)
