"""Bodies of cars, minibuses, buses and trucks: one skin lofted over rings that run around the vehicle.

Local axes: x forward, y to the left, z up, the origin on the ground under the middle. Metres. Every ring has the same
columns (front, corner, side stations at the pillars, corner, rear), so a face's material follows from its band (between
two rings) and its column.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scripts.render_scenes.bodies.loft import loft
from scripts.render_scenes.geometry.mesh import Mesh, box, merge, quad, stack, wheel

# Shares of the half width at the front and the rear: middle, plate, grille edge, lamp's inner edge, corner.
ACROSS = (0.0, 0.27, 0.55, 0.84, 1.0)


@dataclass(frozen=True, slots=True)
class BodyShape:
    """Measures of a body in metres; `pillars` are pairs of shares along the side, front to rear, that are not glass."""

    length_m: float
    width_m: float
    height_m: float
    clearance_m: float
    nose_m: float  # height of the bonnet's leading edge
    cowl_back_m: float  # from the foremost point back to the foot of the windscreen
    belt_m: float  # height of the window sill
    screen_run_m: float  # how far the windscreen leans back
    deck_m: float  # length of the boot lid; 0 for a tailgate
    tail_run_m: float  # how far the rear window leans forward
    tumblehome_m: float
    wheel_radius_m: float
    axles_m: tuple[float, ...]  # from the foremost point back
    pillars: tuple[tuple[float, float], ...]
    grille: str = "grille"
    bumper: str = "paint"


@dataclass(frozen=True, slots=True)
class _Ring:
    front_z: float
    rear_z: float
    front_x: float
    rear_x: float
    half_width: float
    bow: float  # how far the corners stand back from the middle, front and rear


def _stations(shape: BodyShape) -> list[float]:
    return sorted({edge for pillar in shape.pillars for edge in pillar if 0.0 < edge < 1.0})


def _ring(ring: _Ring, shape: BodyShape) -> np.ndarray:
    """Points counter-clockwise from above: front middle, left side, rear middle, right side."""
    half = ring.half_width
    left = [(ring.front_x - ring.bow * s**3, half * s * (0.93 if s == 1.0 else 1.0), ring.front_z) for s in ACROSS]
    start, end = left[-1][0] - 0.06, ring.rear_x + ring.bow * 0.7 + 0.06
    left += [
        (start + (end - start) * share, half, ring.front_z + (ring.rear_z - ring.front_z) * share)
        for share in (0.0, *_stations(shape), 1.0)
    ]
    left += [
        (ring.rear_x + ring.bow * 0.7 * s**3, half * s * (0.95 if s == 1.0 else 1.0), ring.rear_z)
        for s in reversed(ACROSS)
    ]
    right = [(x, -y, z) for x, y, z in reversed(left[1:-1])]
    return np.array([*left, *right])


def _band(shape: BodyShape, front: tuple[str, ...], side: str, rear: tuple[str, ...], glass: bool = False) -> list[str]:
    """Materials around one band; `front` and `rear` from the middle to the corner, four each."""
    stations = [0.0, *_stations(shape), 1.0]
    sides = [side] * (len(stations) - 1)
    corners = (front[3], rear[3])
    if glass:
        middles = [(a + b) / 2 for a, b in pairwise(stations)]
        sides = ["paint" if any(a <= m <= b for a, b in shape.pillars) else side for m in middles]
        corners = ("paint", "paint")
    left = [*front, corners[0], *sides, corners[1], *reversed(rear)]
    return [*left, *reversed(left)]


def body(shape: BodyShape) -> Mesh:
    """The painted skin with glass, lamps and grille; without wheels."""
    nose, tail, half = shape.length_m / 2, -shape.length_m / 2, shape.width_m / 2
    low, lip, belt, roof = shape.clearance_m, shape.nose_m, shape.belt_m, shape.height_m
    cowl, foot = nose - shape.cowl_back_m, tail + shape.deck_m
    rise = lip - low
    lamp_low, lamp_high = low + rise * 0.62, low + rise * 0.90
    hatch = shape.deck_m == 0.0
    rear_lip = belt - 0.02 if hatch else lip + 0.08
    top = belt + (roof - belt) * 0.9
    roof_run = cowl - shape.screen_run_m - foot - shape.tail_run_m

    def at(share: float, front_x: float, rear_x: float, half_width: float, bow: float) -> _Ring:
        return _Ring(low + rise * share, low + (rear_lip - low) * share, front_x, rear_x, half_width, bow)

    def above(z: float, extra: float = 0.0) -> _Ring:
        share = (z - belt) / (roof - belt)
        return _Ring(
            z, z, cowl - shape.screen_run_m * share - extra, foot + shape.tail_run_m * share + extra,
            half - 0.03 - shape.tumblehome_m * share - extra * 0.7, 0.10 + 0.04 * (nose - cowl > 0.4),
        )  # fmt: skip

    bow = min(0.22, 0.13 * shape.width_m)
    rings = [
        at(0.0, nose - 0.07, tail + 0.06, half - 0.07, bow),
        at(0.2, nose - 0.01, tail + 0.01, half - 0.02, bow),
        at(0.42, nose, tail, half, bow),
        at(0.58, nose - 0.01, tail, half, bow),
        _Ring(lamp_low, rear_lip - (rear_lip - low) * 0.40, nose - 0.04, tail + 0.01, half, bow),
        _Ring(lamp_high, rear_lip - (rear_lip - low) * 0.12, nose - 0.11, tail + 0.03, half - 0.01, bow),
        _Ring(lip, rear_lip, nose - 0.11 - 0.12 * (shape.cowl_back_m > 0.5), tail + 0.05, half - 0.025, bow + 0.02),
        _Ring(lip + (belt - lip) * 0.62, belt - (belt - rear_lip) * 0.5, (nose + cowl) / 2 + 0.08 * shape.cowl_back_m,
              tail + 0.05 + shape.deck_m * 0.5, half - 0.025, bow * 0.8),
        _Ring(belt, belt, cowl, foot, half - 0.03, 0.14 if shape.cowl_back_m > 0.4 else 0.10),
        above(belt + 0.03), above(top), above(roof - 0.05, 0.02), above(roof, 0.14),
        above(roof + 0.02, min(0.45, 0.22 * roof_run)),
    ]  # fmt: skip
    paint4 = ("paint",) * 4
    plastic4 = ("plastic",) * 4
    grille, bumper = shape.grille, shape.bumper
    glass4 = ("glass", "glass", "glass", "glass")
    bands = [
        _band(shape, plastic4, "plastic", plastic4),
        _band(shape, ("plastic", "plastic", "plastic", bumper), "paint", (bumper,) * 4),
        _band(shape, (bumper,) * 4, "paint", (bumper,) * 4),
        _band(shape, (grille, grille, bumper, bumper), "paint", paint4),
        _band(shape, (grille, grille, "headlamp", "headlamp"), "paint", ("paint", "paint", "paint", "taillamp")),
        _band(shape, paint4, "paint", ("paint", "paint", "paint", "taillamp")),
        _band(shape, paint4, "paint", paint4),
        _band(shape, paint4, "paint", paint4),
        _band(shape, paint4, "paint", paint4),
        _band(shape, glass4, "glass", glass4, glass=True),
        _band(shape, paint4, "paint", paint4),
        _band(shape, paint4, "paint", paint4),
        _band(shape, paint4, "paint", paint4),
    ]
    return stack([_ring(ring, shape) for ring in rings], bands, top="paint", bottom="plastic")


def wheels(shape: BodyShape) -> Mesh:
    parts = []
    radius, half, nose = shape.wheel_radius_m, shape.width_m / 2, shape.length_m / 2
    for axle in shape.axles_m:
        x = nose - axle
        for side in (1, -1):
            parts += [_arch(x, side * (half - 0.10), radius), wheel(x, side * (half - 0.09), radius, 0.22)]
    return merge(parts)


def _arch(x: float, y: float, radius_m: float) -> Mesh:
    """The dark opening above a wheel, down to the sill."""
    turn = np.radians(np.linspace(-25.0, 205.0, 15))
    along, up = x + radius_m * 1.18 * np.cos(turn), radius_m * (1.0 + 1.16 * np.sin(turn))
    return loft([np.column_stack([along, np.full(15, y + half), up]) for half in (-0.1075, 0.1075)], "plastic")


def trim(shape: BodyShape, plate_z: float) -> Mesh:
    """Number plates, door mirrors, door gaps and a shadow line along the sill."""
    nose, half = shape.length_m / 2, shape.width_m / 2
    cowl = nose - shape.cowl_back_m
    parts = [
        box((nose - 0.05, nose + 0.02), (-0.22, 0.22), (plate_z, plate_z + 0.13), "plate"),
        box((-nose - 0.02, -nose + 0.05), (-0.22, 0.22), (plate_z + 0.2, plate_z + 0.33), "plate"),
    ]
    for side in (1, -1):
        y0, y1 = sorted((side * (half - 0.04), side * (half + 0.13)))
        parts.append(box((cowl - 0.42, cowl - 0.24), (y0, y1), (shape.belt_m + 0.02, shape.belt_m + 0.17), "paint"))
        y = side * (half + 0.004)
        for low, high in shape.pillars[1:-1]:
            x = nose - 0.3 - (shape.length_m - 0.6) * (low + high) / 2
            corners = [(x - 0.01, y, shape.clearance_m + 0.15), (x + 0.01, y, shape.clearance_m + 0.15),
                       (x + 0.01, y, shape.belt_m - 0.1), (x - 0.01, y, shape.belt_m - 0.1)]  # fmt: skip
            parts.append(quad(*(corners if side < 0 else corners[::-1]), "plastic"))
    return merge(parts)


def car(shape: BodyShape) -> Mesh:
    plate_z = shape.clearance_m + (shape.nose_m - shape.clearance_m) * 0.40
    return merge([body(shape), wheels(shape), trim(shape, plate_z)])
