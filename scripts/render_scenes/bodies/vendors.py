"""What sells in the street: push cart, umbrella stall, tent, tarp on the ground, cargo tricycle.

Local axes as in `car_body`: x is the direction in which the unit is pushed; customers stand at y > 0. "canvas" takes
the object's colour, as "paint" does. Metres.
"""

from __future__ import annotations

import numpy as np

from scripts.render_scenes.bodies.loft import bars, lengthwise
from scripts.render_scenes.geometry.mesh import Mesh, ball, box, merge, quad, rod, stack


def gerobak() -> Mesh:
    """A push cart: a body on two big wheels, a showcase with goods on shelves, signs, a roof, handles behind."""
    parts = [
        box((-0.75, 0.75), (-0.38, 0.38), (0.42, 0.95), "paint"),
        box((-0.77, 0.77), (-0.41, 0.41), (0.93, 0.97), "wood"),
        box((-0.10, 0.70), (-0.34, 0.34), (1.50, 1.54), "wood"),
        box((-0.09, 0.69), (-0.33, 0.33), (1.24, 1.255), "showcase"),
        box((0.28, 0.32), (-0.325, 0.325), (0.97, 1.50), "showcase"),
        box((-0.70, 0.70), (0.385, 0.40), (0.50, 0.86), "sign"),
        box((-0.70, 0.70), (-0.40, -0.385), (0.50, 0.86), "sign"),
        box((0.752, 0.762), (-0.32, 0.32), (0.52, 0.86), "sign"),
        rod((-0.48, 0.12, 0.97), (-0.48, 0.12, 1.18), 0.16, "chrome", 12),
        rod((-0.48, 0.12, 1.18), (-0.48, 0.12, 1.20), 0.165, "cast", 12),
        rod((-0.40, -0.22, 0.97), (-0.40, -0.22, 1.10), 0.09, "goods_2", 10),
        rod((-0.62, -0.24, 0.97), (-0.62, -0.24, 1.19), 0.035, "goods_0", 8),
        rod((-0.75, -0.30, 0.90), (-0.75, 0.30, 0.90), 0.02, "wood", 6),
        rod((-1.15, -0.32, 0.94), (-1.15, 0.32, 0.94), 0.022, "wood", 6),
    ]
    # A roof with a shallow ridge and a scalloped rim of a lighter colour.
    parts.append(lengthwise([(-0.96, 1.90, 0.03, 0.52), (-0.90, 1.92, 0.05, 0.56), (0.0, 1.95, 0.07, 0.57),
                             (0.88, 1.92, 0.05, 0.56), (0.94, 1.90, 0.03, 0.52)], "canvas", 3))  # fmt: skip
    for side in (1, -1):
        y0, y1 = sorted((side * 0.555, side * 0.57))
        parts += [
            _big_wheel(-0.10, side * 0.45, 0.36),
            rod((-0.75, side * 0.30, 0.85), (-1.18, side * 0.30, 0.95), 0.024, "wood", 6),
            box((-0.90, 0.88), (y0, y1), (1.80, 1.90), "canvas_white"),
            rod((0.62, side * 0.30, 0.0), (0.62, side * 0.30, 0.42), 0.025, "wood", 6),
        ]
        y0, y1 = sorted((side * 0.400, side * 0.404))
        parts += [box((x, x + 0.16), (y0, y1), (0.58, 0.78), name)
                  for x, name in ((-0.62, "canvas"), (-0.38, "goods_2"), (-0.10, "canvas"), (0.14, "canvas"),
                                  (0.42, "goods_2"))]  # fmt: skip
        parts += [rod((x, side * 0.36, 0.95), (x, side * 0.36, 1.90), 0.018, "wood", 6) for x in (-0.72, 0.72)]
        parts += [rod((x, side * 0.33, 0.97), (x, side * 0.33, 1.50), 0.014, "chrome", 4) for x in (-0.09, 0.69)]
        for shelf, z in enumerate((0.97, 1.255)):
            parts += [
                box(
                    (x - 0.055, x + 0.055),
                    sorted_y(side * 0.10, side * 0.28),
                    (z, z + 0.13),
                    f"goods_{(i + shelf) % 4}",
                )
                for i, x in enumerate((0.0, 0.13, 0.45, 0.58))
            ]
    return merge(parts).moved(x=0.12)


def sorted_y(a: float, b: float) -> tuple[float, float]:
    return (a, b) if a < b else (b, a)


def _big_wheel(x: float, y: float, radius_m: float) -> Mesh:
    """A cart wheel: a thin tyre around spokes, seen through."""
    turn = np.arange(20) * 2 * np.pi / 20
    spots = [
        (x + (radius_m - 0.03) * float(np.cos(a)), y, radius_m + (radius_m - 0.03) * float(np.sin(a))) for a in turn
    ]
    parts = [bars(list(zip(spots, [*spots[1:], spots[0]], strict=True)), 0.03, "tyre", 6)]
    parts.append(bars([((x, y, radius_m), spot) for spot in spots[::2]], 0.008, "rim", 4))
    parts.append(rod((x, y - 0.06, radius_m), (x, y + 0.06, radius_m), 0.04, "rim", 8))
    return merge(parts)


def umbrella_stall() -> Mesh:
    """A table with goods and boxes under a large umbrella of eight fields, its pole at the origin."""
    parts = [
        box((-0.60, 0.60), (-0.35, 0.35), (0.70, 0.74), "wood"),
        box((-0.62, 0.62), (0.34, 0.36), (0.25, 0.74), "canvas"),
        box((-0.62, 0.62), (-0.36, -0.34), (0.25, 0.74), "canvas"),
        rod((-0.35, -0.42, 0.0), (-0.35, -0.42, 2.30), 0.022, "pole", 8),
        rod((-0.35, -0.42, 0.0), (-0.35, -0.42, 0.12), 0.20, "concrete_block", 12),
        box((-0.95, -0.65), (-0.30, 0.15), (0.0, 0.42), "goods_1"),
    ]
    parts += [rod((x, y, 0), (x, y, 0.70), 0.02, "wood", 6) for x in (-0.55, 0.55) for y in (-0.30, 0.30)]
    rng = np.random.default_rng(5)
    for i in range(8):
        x, y = -0.48 + 0.32 * (i % 4), -0.16 + 0.30 * (i // 4)
        parts.append(rod((x, y, 0.74), (x, y, 0.74 + rng.uniform(0.10, 0.26)), 0.075, f"goods_{i % 4}", 10))
    turn = np.arange(9) * 2 * np.pi / 8
    for i in range(8):
        a, b = turn[i], turn[i + 1]
        rim = [(-0.35 + 1.15 * np.cos(t), -0.42 + 1.15 * np.sin(t), 1.95) for t in (a, b)]
        top = (-0.35, -0.42, 2.38)
        material = "canvas" if i % 2 else "canvas_white"
        parts.append(Mesh(np.array([rim[0], rim[1], top]), ((0, 1, 2),), (material,)))
        parts.append(Mesh(np.array([rim[0], rim[1], top]) - [0, 0, 0.01], ((2, 1, 0),), (material,)))
    return merge(parts).moved(x=0.35, y=0.42)


def tent_stall() -> Mesh:
    """A kaki lima: a tarpaulin roof on poles, a printed banner at the back, a table with benches, a stove."""
    parts = [
        quad((-1.5, -1.1, 2.25), (1.5, -1.1, 2.25), (1.5, 1.2, 1.95), (-1.5, 1.2, 1.95), "canvas"),
        quad((-1.5, 1.2, 1.94), (1.5, 1.2, 1.94), (1.5, -1.1, 2.24), (-1.5, -1.1, 2.24), "canvas"),
        box((-1.5, 1.5), (-1.12, -1.09), (0.75, 2.2), "canvas"),
        box((-1.5, 1.5), (1.18, 1.21), (1.55, 1.97), "sign"),
        box((-1.2, 1.2), (1.215, 1.22), (1.66, 1.86), "canvas"),
        box((-1.1, 1.1), (0.15, 0.70), (0.70, 0.75), "wood"),
        box((-1.1, 1.1), (0.90, 1.12), (0.40, 0.44), "wood"),
        box((-1.3, -0.3), (-0.95, -0.45), (0.0, 0.80), "paint"),
        rod((-0.8, -0.7, 0.80), (-0.8, -0.7, 1.05), 0.20, "chrome", 12),
        box((0.3, 1.2), (-0.95, -0.50), (0.0, 0.72), "goods_1"),
    ]
    parts += [
        rod((x, y, 0), (x, y, top), 0.022, "pole", 8) for x in (-1.48, 1.48) for y, top in ((-1.08, 2.25), (1.18, 1.95))
    ]
    parts += [rod((x, y, 0), (x, y, 0.70), 0.02, "wood", 6) for x in (-1.0, 1.0) for y in (0.20, 0.65)]
    parts += [rod((x, y, 0), (x, y, 0.40), 0.02, "wood", 6) for x in (-1.0, 1.0) for y in (0.94, 1.08)]
    parts += [
        rod((x, 0.42, 0.75), (x, 0.42, 0.95), 0.04, f"goods_{i % 4}", 8) for i, x in enumerate((-0.8, -0.5, 0.4, 0.7))
    ]
    return merge(parts)


def tarp_stall() -> Mesh:
    """Goods in rows on a tarp on the ground, a crate behind."""
    parts = [
        box((-1.1, 1.1), (-0.75, 0.75), (0.0, 0.015), "canvas"),
        box((-0.4, 0.3), (-0.72, -0.45), (0.015, 0.40), "wood"),
    ]
    rng = np.random.default_rng(6)
    for x in np.arange(-0.95, 1.0, 0.24):
        for y in (-0.28, 0.05, 0.36, 0.62):
            if rng.random() < 0.9:
                w, d, t = rng.uniform(0.07, 0.11), rng.uniform(0.07, 0.12), rng.uniform(0.04, 0.16)
                parts.append(box((x - w, x + w), (y - d, y + d), (0.015, 0.015 + t), f"goods_{rng.integers(4)}"))
    return merge(parts)


def tricycle_stall() -> Mesh:
    """A cargo tricycle: a goods box with a small roof between two wheels in front, saddle and wheel behind."""
    roof = [np.array([(x, y, z) for x, y in ((-0.25, -0.55), (1.0, -0.55), (1.0, 0.55), (-0.25, 0.55))])
            for z in (1.72, 1.78)]  # fmt: skip
    parts = [
        box((-0.15, 0.90), (-0.42, 0.42), (0.45, 1.00), "paint"),
        box((-0.10, 0.85), (-0.37, 0.37), (1.00, 1.12), "goods_0"),
        box((0.15, 0.80), (-0.34, 0.34), (1.12, 1.24), "goods_2"),
        stack(roof, [("canvas",) * 4], top="canvas", bottom="canvas"),
        rod((-0.95, -0.03, 0.31), (-0.95, 0.03, 0.31), 0.31, "tyre", 18),
        rod((-0.95, -0.035, 0.31), (-0.95, 0.035, 0.31), 0.22, "rim", 12),
        rod((-0.95, 0, 0.31), (-0.15, 0, 0.60), 0.03, "plastic", 8),
        rod((-0.70, 0, 0.40), (-0.75, 0, 0.88), 0.02, "plastic", 8),
        ball((-0.76, 0, 0.92), (0.15, 0.09, 0.05), "plastic"),
        rod((-0.20, -0.35, 1.05), (-0.20, 0.35, 1.05), 0.02, "plastic", 8),
    ]
    for side in (1, -1):
        parts += [
            rod((0.40, side * 0.46, 0.31), (0.40, side * 0.51, 0.31), 0.31, "tyre", 18),
            rod((0.40, side * 0.51, 0.31), (0.40, side * 0.52, 0.31), 0.22, "rim", 12),
        ]
        parts += [rod((x, side * 0.40, 1.0), (x, side * 0.40, 1.73), 0.016, "pole", 6) for x in (-0.12, 0.86)]
    return merge(parts).moved(x=0.13)
