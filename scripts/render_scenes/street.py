"""A one-way street of two lanes and a motorcycle strip, built from code: road, markings, kerbs, walls, shops, trees.

World axes as in `camera`. Traffic comes towards the camera and keeps left, so its left kerb is at the picture's right.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scripts.render_scenes.mesh import Mesh, ball, box, merge, quad, rod

KERB_LEFT_M = 4.15  # x of the kerb at the vehicles' left
KERB_RIGHT_M = -3.6  # x of the kerb at the vehicles' right
LANE_CENTRES_M = (-1.8, 1.25, 3.4)  # right lane, left lane, motorcycle strip
LANE_LINES_M = (-0.27, 2.75)
NEAR_M, FAR_M = 2.0, 330.0


@dataclass(frozen=True, slots=True)
class Part:
    """A mesh of the street with a name; `smooth` shades it round."""

    name: str
    mesh: Mesh
    smooth: bool = False


def _ground() -> Mesh:
    lift = 0.004
    parts = [
        quad(
            (KERB_RIGHT_M, NEAR_M, 0),
            (KERB_LEFT_M, NEAR_M, 0),
            (KERB_LEFT_M, FAR_M, 0),
            (KERB_RIGHT_M, FAR_M, 0),
            "asphalt",
        )
    ]
    for x, gaps in ((LANE_LINES_M[0], True), (LANE_LINES_M[1], False), (KERB_RIGHT_M + 0.3, False)):
        if not gaps:
            parts.append(_strip(x, 0.11, NEAR_M, FAR_M, lift))
            continue
        parts += [_strip(x, 0.13, y, y + 3.0, lift) for y in np.arange(NEAR_M, FAR_M, 8.0)]
    return merge(parts)


def _strip(x: float, width: float, y0: float, y1: float, z: float) -> Mesh:
    half = width / 2
    return quad((x - half, y0, z), (x + half, y0, z), (x + half, y1, z), (x - half, y1, z), "marking")


def _kerbs() -> Mesh:
    parts = []
    for i, y in enumerate(np.arange(NEAR_M, FAR_M, 1.5)):
        colour = "kerb_black" if i % 2 else "kerb_white"
        parts.append(box((KERB_LEFT_M, KERB_LEFT_M + 0.22), (y, y + 1.5), (-0.1, 0.20), colour))
        parts.append(box((KERB_RIGHT_M - 0.22, KERB_RIGHT_M), (y, y + 1.5), (-0.1, 0.20), colour))
    return merge(parts)


def _sides() -> Mesh:
    left, right = KERB_LEFT_M + 0.22, KERB_RIGHT_M - 0.22
    return merge([
        box((left, 9.0), (NEAR_M, FAR_M), (-0.1, 0.18), "paving"),
        box((right - 3.2, right), (NEAR_M, FAR_M), (-0.1, 0.17), "grass"),
        box((right - 3.45, right - 3.2), (NEAR_M, FAR_M), (-0.1, 2.3), "wall"),
        box((right - 3.55, right - 3.1), (NEAR_M, FAR_M), (2.3, 2.42), "kerb_white"),
        box((right - 60.0, right - 3.45), (NEAR_M, FAR_M), (-0.2, -0.05), "grass"),
        box((9.0, 90.0), (NEAR_M, FAR_M + 100), (-0.2, -0.05), "paving"),
    ])  # fmt: skip


def _shops(rng: np.random.Generator) -> Mesh:
    """A row of ruko (shop houses) at the pavement's edge."""
    parts, y, front = [], 14.0, 9.0
    while y < FAR_M:
        width, height = rng.uniform(4.5, 7.5), rng.choice([3.8, 6.8, 7.4, 10.2])
        wall = f"plaster_{rng.integers(5)}"
        parts.append(box((front, front + 12), (y, y + width - 0.03), (0, height), wall))
        parts.append(
            box(
                (front - 0.06, front),
                (y + 0.5, y + width - 0.5),
                (0.2, 2.7),
                str(rng.choice(["shutter", "glass", "shutter"])),
            )
        )
        parts.append(box((front - 0.12, front), (y + 0.2, y + width - 0.2), (2.95, 3.6), f"sign_{rng.integers(5)}"))
        if rng.random() < 0.5:
            parts.append(_awning(front, y + 0.3, y + width - 0.3, f"sign_{rng.integers(5)}"))
        for floor in np.arange(4.4, height - 1.2, 3.3):
            for k in range(2):
                y0 = y + 0.6 + k * (width - 1.2) / 2
                parts.append(box((front - 0.03, front), (y0, y0 + (width - 2.0) / 2), (floor, floor + 1.4), "glass"))
        y += width + (rng.uniform(2, 5) if rng.random() < 0.15 else 0.0)
    return merge(parts)


def _awning(front: float, y0: float, y1: float, material: str) -> Mesh:
    return merge([quad((front, y0, 2.95), (front, y1, 2.95), (front - 1.3, y1, 2.6), (front - 1.3, y0, 2.6), material)])


def _backdrop(rng: np.random.Generator) -> Mesh:
    """Buildings behind the wall and at the far end, so that no bare horizon shows."""
    parts = []
    for y in np.arange(30, FAR_M, 22.0):
        x1 = -14.0 - rng.uniform(0, 8)
        end, height, wall = y + rng.uniform(12, 19), rng.uniform(5, 16), f"plaster_{rng.integers(5)}"
        parts.append(box((x1 - 14, x1), (y, end), (0, height), wall))
    parts += [
        box((x, x + 13), (FAR_M + 8, FAR_M + 22), (0, rng.uniform(12, 34)), f"plaster_{rng.integers(5)}")
        for x in np.arange(-70, 70, 14.0)
    ]
    return merge(parts)


def tree(rng: np.random.Generator, height_m: float) -> Mesh:
    """A trunk, some boughs and a crown of loose leaf clusters."""
    crown = height_m * 0.36
    parts = [rod((0, 0, 0), (0.1, 0, height_m * 0.62), 0.17, "bark", 9, 0.10)]
    for _ in range(7):
        turn, out = rng.uniform(0, 2 * np.pi), rng.uniform(0.4, 0.8) * crown
        tip = (out * np.cos(turn), out * np.sin(turn), height_m * rng.uniform(0.60, 0.85))
        parts.append(rod((0.05, 0, height_m * rng.uniform(0.40, 0.60)), tip, 0.07, "bark", 6, 0.02))
    count = 6500
    direction = rng.normal(size=(count, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    lumps = rng.normal(size=(9, 3))
    lumps /= np.linalg.norm(lumps, axis=1, keepdims=True)
    bulge = 0.72 + 0.35 * np.max(direction @ lumps.T, axis=1) ** 3
    reach = bulge * rng.uniform(0.45, 1.0, count) ** 0.4
    centre = direction * reach[:, None] * np.array([crown, crown, crown * 0.72]) + [0, 0, height_m * 0.74]
    a = rng.normal(size=(count, 3))
    b = np.cross(direction, a)
    size = rng.uniform(0.05, 0.13, (count, 1))
    a = a / np.linalg.norm(a, axis=1, keepdims=True) * size
    b = b / np.linalg.norm(b, axis=1, keepdims=True) * size
    corners = np.stack([centre - a - b, centre + a - b, centre + a + b, centre - a + b], axis=1).reshape(-1, 3)
    leaves = Mesh(corners, tuple((4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3) for i in range(count)), ("leaf",) * count)
    return merge([*parts, leaves])


def _poles() -> Mesh:
    """Lamp posts at the pavement and the wires between them."""
    parts, tops = [], []
    for y in np.arange(34.0, FAR_M, 36.0):
        parts += [
            rod((4.9, y, 0), (4.9, y, 8.6), 0.09, "pole", 10, 0.06),
            rod((4.9, y, 8.6), (3.2, y, 9.1), 0.045, "pole", 8),
        ]
        parts += [
            box((2.6, 3.3), (y - 0.12, y + 0.12), (9.02, 9.14), "pole"),
            box((4.7, 5.1), (y - 0.15, y + 0.15), (7.2, 7.6), "pole"),
        ]
        tops.append((5.0, y, 7.8))
    for a, b in pairwise(tops):
        for k in range(3):
            middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, a[2] - 0.5 - 0.15 * k)
            parts += [rod(a, middle, 0.02, "pole", 4), rod(middle, b, 0.02, "pole", 4)]
    return merge(parts)


def _clutter(rng: np.random.Generator) -> Mesh:
    """Flower pots and bollards on the pavement, bushes in the verge."""
    parts = []
    for y in np.arange(20.0, 160.0, 4.0):
        parts.append(rod((4.62, y, 0.18), (4.62, y, 0.95), 0.06, "kerb_white", 8))
        if rng.random() < 0.4:
            x = rng.uniform(7.9, 8.5)
            parts += [
                rod((x, y, 0.18), (x, y, 0.6), 0.2, "pot", 10, 0.27),
                ball((x, y, 0.95), (0.35, 0.35, 0.45), "leaf"),
            ]
    for y in np.arange(14.0, 200.0, 1.1):
        x = -6.6 + rng.uniform(-0.2, 0.2)
        parts.append(ball((x, y, 0.35), (0.45, 0.75, rng.uniform(0.4, 0.6)), "leaf"))
    return merge(parts)


def build(seed: int) -> tuple[list[Part], list[tuple[str, float, float, float, float]]]:
    """The street's parts, and its trees as (part name, x, y, turn in radians, scale); tree parts are named `tree_*`."""
    rng = np.random.default_rng((seed, 77))
    parts = [
        Part("road", _ground()), Part("kerbs", _kerbs()), Part("sides", _sides()), Part("shops", _shops(rng)),
        Part("backdrop", _backdrop(rng)), Part("poles", _poles()), Part("clutter", _clutter(rng), smooth=True),
    ]  # fmt: skip
    parts += [Part(f"tree_{i}", tree(rng, 7.0 + i)) for i in range(3)]
    placed = []
    for y in np.arange(24.0, FAR_M, 8.0):
        placed.append(
            (f"tree_{rng.integers(3)}", -5.9, y + rng.uniform(-1, 1), rng.uniform(0, 6.3), rng.uniform(0.75, 0.95))
        )
        if y > 60 and rng.random() < 0.5:
            placed.append((f"tree_{rng.integers(3)}", 7.0, y + 3, rng.uniform(0, 6.3), rng.uniform(0.55, 0.7)))
        if rng.random() < 0.6:
            placed.append(
                (f"tree_{rng.integers(3)}", -11.5, y + rng.uniform(-2, 2), rng.uniform(0, 6.3), rng.uniform(1.0, 1.4))
            )
    return parts, placed
