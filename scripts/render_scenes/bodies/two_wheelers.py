"""Motorcycles and bicycles, the machines only. Local axes as in `car_body`; metres.

Machine and rider (`riders`) are meshes of their own with one origin: detectors count a motorcycle and a person.
"""

from __future__ import annotations

import numpy as np

from scripts.render_scenes.bodies.loft import arc, bars, lathe, lengthwise, loft, upright
from scripts.render_scenes.geometry.mesh import Mesh, Point, ball, box, merge, rod


def _wheel(x: float, radius_m: float, half_width_m: float, spokes: int, spoke_m: float) -> Mesh:
    """A tyre with a rim and spokes in front of a dark disc (hub, brake and what lies behind)."""
    r, w = radius_m, half_width_m
    middle = (x, 0.0, radius_m)
    tread = [(-w, r * 0.91), (-w * 0.5, r), (w * 0.5, r), (w, r * 0.91)]
    flange = w + 0.004
    parts = [
        lathe(middle, tread, "tyre"),
        lathe(middle, [(-flange, r * 0.80), (flange, r * 0.80)], "rim"),
        lathe(middle, [(-w - 0.006, r * 0.66), (w + 0.006, r * 0.66)], "plastic"),
        lathe(middle, [(-w - 0.03, r * 0.16), (w + 0.03, r * 0.16)], "rim", 10),
    ]  # fmt: skip
    for turn in np.arange(spokes) * 2 * np.pi / spokes + 0.3:
        tip = np.array([np.cos(turn), 0.0, np.sin(turn)]) * r * 0.72
        for side in (1, -1):
            flank = np.array([x, side * (w + 0.006), radius_m])
            parts.append(rod(tuple(flank), tuple(flank + tip), spoke_m, "rim", 4))
    return merge(parts)


def _controls(bar: Point, half_width_m: float) -> Mesh:
    """Handlebar with grips, levers and mirrors on stalks."""
    x, _, z = bar
    parts = [rod((x, -half_width_m, z), (x, half_width_m, z), 0.014, "chrome", 8)]
    for side in (1, -1):
        y = side * half_width_m
        parts += [
            rod((x, y - side * 0.11, z), (x, y + side * 0.02, z), 0.020, "plastic", 8),
            rod((x + 0.05, y - side * 0.12, z), (x + 0.055, y, z - 0.005), 0.006, "chrome", 5),
            rod((x, y - side * 0.11, z), (x + 0.04, y - side * 0.02, z + 0.16), 0.008, "plastic", 6),
            ball((x + 0.04, y - side * 0.01, z + 0.19), (0.018, 0.065, 0.045), "plastic"),
            ball((x + 0.027, y - side * 0.01, z + 0.19), (0.010, 0.055, 0.037), "chrome"),
        ]
    return merge(parts)


def _lamps(front: Point, rear: Point, wide_m: float) -> Mesh:
    """Head lamp, tail lamp and four indicators."""
    (fx, _, fz), (rx, _, rz) = front, rear
    parts = [ball(front, (0.045, wide_m, 0.058), "headlamp"), ball(rear, (0.035, wide_m * 0.8, 0.040), "taillamp")]
    for side in (1, -1):
        parts.append(ball((fx - 0.03, side * (wide_m + 0.045), fz - 0.02), (0.03, 0.035, 0.022), "indicator"))
        parts.append(ball((rx + 0.02, side * (wide_m + 0.02), rz - 0.02), (0.03, 0.030, 0.020), "indicator"))
    return merge(parts)


def _plates(front: tuple[float, float], rear: tuple[float, float]) -> Mesh:
    return merge([
        box((x - 0.006, x + 0.006), (-0.125, 0.125), (z, z + 0.095), "plate") for x, z in (front, rear)
    ])  # fmt: skip


def scooter() -> Mesh:
    """A small automatic scooter: apron with a floorboard, covered engine, 14-inch cast wheels."""
    r, front, rear = 0.27, 0.63, -0.63
    parts = [_wheel(front, r, 0.045, 5, 0.014), _wheel(rear, r, 0.050, 5, 0.014)]
    parts += [
        arc((front, 0, r), r + 0.022, (25, 165), 0.065, "paint"),
        arc((rear, 0, r), r + 0.025, (60, 190), 0.060, "plastic"),
        # The apron in front of the knees, its dark inner side, and the cowl around the handlebar.
        upright([(0.33, 0.46, 0.04, 0.10), (0.45, 0.485, 0.055, 0.185), (0.62, 0.49, 0.060, 0.225),
                 (0.76, 0.47, 0.058, 0.205), (0.86, 0.44, 0.045, 0.120), (0.92, 0.43, 0.03, 0.06)], "paint"),
        upright([(0.34, 0.41, 0.03, 0.09), (0.50, 0.42, 0.035, 0.18), (0.76, 0.41, 0.03, 0.18),
                 (0.88, 0.40, 0.03, 0.09)], "plastic"),
        loft([np.array([(0.52 + d, y, z) for d, y, z in ring]) for ring in (
            ((0.035, -0.10, 0.50), (0.035, 0.10, 0.50), (0.045, 0.0, 0.70)),
            ((0.0, -0.14, 0.46), (0.0, 0.14, 0.46), (0.0, 0.0, 0.78)))], "plastic"),
        upright([(0.90, 0.42, 0.045, 0.07), (0.96, 0.44, 0.085, 0.135), (1.02, 0.43, 0.090, 0.150),
                 (1.07, 0.41, 0.05, 0.10)], "paint"),
        # Floorboard, belly, engine, the tail with its seat.
        box((-0.10, 0.46), (-0.155, 0.155), (0.27, 0.32), "plastic"),
        lengthwise([(-0.16, 0.30, 0.06, 0.12), (0.40, 0.29, 0.05, 0.14)], "paint"),
        lengthwise([(-0.80, 0.30, 0.05, 0.07), (-0.60, 0.32, 0.10, 0.10), (-0.20, 0.34, 0.11, 0.12)], "plastic"),
        lengthwise([(-0.98, 0.72, 0.025, 0.05), (-0.90, 0.69, 0.065, 0.095), (-0.65, 0.62, 0.115, 0.155),
                    (-0.30, 0.55, 0.170, 0.175), (-0.10, 0.48, 0.190, 0.155), (-0.02, 0.42, 0.10, 0.10)], "paint"),
        lengthwise([(-0.90, 0.775, 0.02, 0.07), (-0.78, 0.785, 0.045, 0.120), (-0.45, 0.765, 0.055, 0.140),
                    (-0.10, 0.725, 0.055, 0.125), (0.0, 0.69, 0.03, 0.07)], "seat"),
        rod((front, 0, r), (0.45, 0, 0.92), 0.030, "plastic", 8),
        bars([((front, s * 0.075, r), (0.545, s * 0.075, 0.56)) for s in (1, -1)], 0.022, "chrome", 8),
        lengthwise([(-0.92, 0.36, 0.055, 0.045), (-0.45, 0.32, 0.06, 0.05), (-0.25, 0.28, 0.03, 0.03)],
                   "plastic").moved(y=-0.145),
        lengthwise([(-0.86, 0.37, 0.035, 0.012), (-0.50, 0.33, 0.04, 0.012)], "chrome").moved(y=-0.198),
        lengthwise([(-0.74, 0.31, 0.08, 0.04), (-0.25, 0.31, 0.09, 0.04)], "rim").moved(y=0.125),
        bars([((-0.62, 0.10, 0.35), (-0.70, 0.11, 0.60))], 0.028, "taillamp", 8),
        bars([((-0.72, s * 0.13, 0.76), (-0.97, s * 0.10, 0.83)) for s in (1, -1)], 0.014, "rim"),
        rod((-0.97, -0.10, 0.83), (-0.97, 0.10, 0.83), 0.014, "rim", 6),
        _controls((0.40, 0.0, 1.035), 0.335),
        _lamps((0.515, 0.0, 0.985), (-0.965, 0.0, 0.70), 0.085),
        _plates((0.555, 0.80), (-0.985, 0.52)),
        bars([((-0.93, 0.0, 0.62), (-0.98, 0.0, 0.50))], 0.02, "plastic"),
    ]  # fmt: skip
    return merge(parts)


def bebek() -> Mesh:
    """An underbone: spoked 17-inch wheels, a leg shield before an open engine, a long flat seat."""
    r, front, rear = 0.29, 0.63, -0.62
    parts = [_wheel(front, r, 0.035, 9, 0.005), _wheel(rear, r, 0.040, 9, 0.005)]
    parts += [
        arc((front, 0, r), r + 0.020, (10, 160), 0.052, "paint"),
        arc((rear, 0, r), r + 0.022, (70, 200), 0.055, "plastic"),
        upright([(0.42, 0.40, 0.030, 0.11), (0.55, 0.43, 0.055, 0.19), (0.70, 0.44, 0.065, 0.205),
                 (0.82, 0.43, 0.055, 0.15), (0.92, 0.42, 0.03, 0.06)], "paint"),
        upright([(0.40, 0.35, 0.02, 0.08), (0.60, 0.375, 0.03, 0.17), (0.86, 0.38, 0.03, 0.11)], "plastic"),
        upright([(0.90, 0.42, 0.04, 0.05), (0.96, 0.44, 0.090, 0.115), (1.02, 0.43, 0.085, 0.125),
                 (1.06, 0.41, 0.04, 0.08)], "paint"),
        lengthwise([(-0.35, 0.52, 0.05, 0.06), (0.0, 0.56, 0.045, 0.06), (0.38, 0.66, 0.06, 0.07)], "paint"),
        lengthwise([(-0.28, 0.34, 0.09, 0.10), (-0.05, 0.34, 0.11, 0.12), (0.12, 0.36, 0.07, 0.08),
                    (0.30, 0.40, 0.06, 0.07)], "cast"),
        bars([((0.22, -0.06, 0.40), (0.30, -0.10, 0.28)), ((0.30, -0.10, 0.28), (-0.10, -0.14, 0.22))], 0.02, "chrome"),
        lengthwise([(-1.00, 0.76, 0.02, 0.04), (-0.92, 0.73, 0.055, 0.075), (-0.65, 0.66, 0.090, 0.115),
                    (-0.30, 0.58, 0.130, 0.120), (-0.10, 0.50, 0.08, 0.06)], "paint"),
        lengthwise([(-0.95, 0.805, 0.02, 0.06), (-0.85, 0.805, 0.045, 0.110), (-0.45, 0.775, 0.055, 0.125),
                    (-0.10, 0.735, 0.050, 0.100), (0.02, 0.70, 0.03, 0.05)], "seat"),
        lengthwise([(-0.66, 0.29, 0.045, 0.02), (-0.15, 0.31, 0.05, 0.02)], "plastic").moved(y=0.075),
        rod((front, 0, r), (0.44, 0, 0.94), 0.026, "plastic", 8),
        bars([((front, s * 0.065, r), (0.52, s * 0.065, 0.62)) for s in (1, -1)], 0.020, "chrome", 8),
        bars([((-0.62, s * 0.095, 0.30), (-0.55, s * 0.105, 0.60)) for s in (1, -1)], 0.024, "chrome", 8),
        lengthwise([(-0.95, 0.38, 0.05, 0.045), (-0.45, 0.31, 0.05, 0.045), (-0.25, 0.24, 0.025, 0.025)],
                   "chrome").moved(y=-0.135),
        bars([((x, -y, z), (x, y, z)) for x, y, z in ((0.02, 0.22, 0.27), (-0.45, 0.20, 0.36))], 0.014, "plastic"),
        bars([((-0.75, s * 0.12, 0.80), (-1.0, s * 0.08, 0.85)) for s in (1, -1)], 0.012, "chrome"),
        _controls((0.38, 0.0, 1.03), 0.325),
        _lamps((0.515, 0.0, 0.975), (-0.985, 0.0, 0.74), 0.075),
        _plates((0.515, 0.80), (-1.0, 0.52)),
        bars([((-0.95, 0.0, 0.66), (-0.995, 0.0, 0.52))], 0.018, "plastic"),
    ]  # fmt: skip
    return merge(parts)


def bicycle() -> Mesh:
    """A city bicycle with a basket, mudguards and a carrier."""
    r, front, rear = 0.33, 0.54, -0.52
    parts = []
    for x in (front, rear):
        turn = np.arange(20) * 2 * np.pi / 20
        for radius, thick, name, sides in ((r - 0.018, 0.018, "tyre", 6), (r - 0.045, 0.010, "rim", 4)):
            spots = [(x + radius * float(np.cos(a)), 0.0, r + radius * float(np.sin(a))) for a in turn]
            parts.append(bars(list(zip(spots, [*spots[1:], spots[0]], strict=True)), thick, name, sides))
        parts.append(bars([((x, 0, r), spot) for spot in spots[::2]], 0.003, "rim", 4))
        parts.append(rod((x, -0.05, r), (x, 0.05, r), 0.03, "rim", 8))
        parts.append(arc((x, 0, r), r + 0.015, (40, 150) if x > 0 else (30, 190), 0.03, "paint"))
    frame: list[tuple[Point, Point]] = [
        ((rear, 0, r), (-0.06, 0, 0.29)), ((-0.06, 0, 0.29), (-0.20, 0, 0.84)), ((-0.16, 0, 0.70), (0.36, 0, 0.86)),
        ((-0.06, 0, 0.29), (0.38, 0, 0.78)), ((front, 0, r), (0.34, 0, 1.0)), ((rear, 0, r), (-0.17, 0, 0.74)),
    ]  # fmt: skip
    carrier: list[tuple[Point, Point]] = [((-0.20, s * 0.06, 0.72), (-0.78, s * 0.06, 0.72)) for s in (1, -1)]
    carrier += [((rear, s * 0.06, r), (-0.66, s * 0.06, 0.72)) for s in (1, -1)]
    parts += [
        bars(frame, 0.021, "paint", 8),
        bars(carrier, 0.010, "plastic"),
        lengthwise([(-0.36, 0.88, 0.03, 0.09), (-0.22, 0.88, 0.035, 0.07), (-0.08, 0.87, 0.02, 0.025)], "seat"),
        bars([((0.34, -0.12, 1.0), (0.34, 0.12, 1.0)), ((0.34, 0.12, 1.0), (0.20, 0.28, 1.03)),
              ((0.34, -0.12, 1.0), (0.20, -0.28, 1.03))], 0.014, "chrome", 8),
        bars([((0.22, s * 0.26, 1.028), (0.14, s * 0.30, 1.035)) for s in (1, -1)], 0.02, "plastic", 8),
        loft([np.array([(x, y, z) for x, y in ((a, -w), (b, -w), (b, w), (a, w))])
              for z, a, b, w in ((0.78, 0.44, 0.62, 0.12), (0.98, 0.40, 0.70, 0.17))], "basket"),
        lathe((-0.06, 0.055, 0.29), [(-0.004, 0.09), (0.004, 0.09)], "chrome", 14),
        bars([((-0.06, s * 0.06, 0.29), (-0.06 + s * 0.12, s * 0.07, 0.29 - s * 0.09)) for s in (1, -1)], 0.01, "rim"),
        box((0.02, 0.12), (0.07, 0.16), (0.185, 0.215), "plastic"),
        box((-0.24, -0.14), (-0.16, -0.07), (0.365, 0.395), "plastic"),
        ball((-0.80, 0, 0.60), (0.02, 0.035, 0.03), "taillamp"),
    ]  # fmt: skip
    return merge(parts)
