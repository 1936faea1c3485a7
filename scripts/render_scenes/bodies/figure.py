"""Parts of the human body, shared by who walks, sits or rides. Local axes as in `car_body`; metres.

Lengths are shares of the body height after Drillis & Contini (1966), as tabulated in Winter, Biomechanics and Motor
Control of Human Movement: hip 0.530 H, shoulder 0.818 H, thigh 0.245 H, shank 0.246 H, upper arm 0.186 H.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scripts.render_scenes.bodies.loft import loft, oval
from scripts.render_scenes.geometry.mesh import Mesh, Point, ball, box, merge, rod

SHOULDER_Y, SHOULDER_Z = 0.110, 0.281
HEAD_Z = 0.411  # the middle of the head above the hips

# Hips to neck: height above the hips, shift forward, half depth, half width.
TORSO = (
    (-0.065, 0.000, 0.064, 0.097), (0.000, -0.002, 0.066, 0.099), (0.090, 0.003, 0.057, 0.086),
    (0.170, 0.004, 0.064, 0.096), (0.235, 0.004, 0.067, 0.107), (0.278, 0.000, 0.057, 0.113),
    (0.303, -0.004, 0.045, 0.098), (0.319, -0.004, 0.036, 0.062), (0.332, -0.002, 0.029, 0.036),
)  # fmt: skip


def limb(points: Sequence[Point], radii_m: Sequence[float], material: str, sides: int = 8) -> Mesh:
    """A bent tube through the points; it must not run along y, the axis its rings are turned about."""
    path = np.asarray(points, dtype=float)
    steps = np.diff(path, axis=0)
    steps /= np.linalg.norm(steps, axis=1)[:, None]
    along = np.concatenate([steps[:1], steps[:-1] + steps[1:], steps[-1:]])
    turn = np.arange(sides) * 2 * np.pi / sides
    rings = []
    for spot, direction, radius in zip(path, along, radii_m, strict=True):
        across = np.cross([0.0, 1.0, 0.0], direction)
        across /= np.linalg.norm(across)
        third = np.cross(direction, across) / np.linalg.norm(direction)
        rings.append(spot + radius * (np.cos(turn)[:, None] * across + np.sin(turn)[:, None] * third))
    return loft(rings, material)


def leg(hip: Point, knee: Point, ankle: Point, thickness_m: float, material: str) -> Mesh:
    """A trouser leg; `thickness_m` is the thigh's radius at the top."""
    a, b, c = (np.asarray(p, dtype=float) for p in (hip, knee, ankle))
    calf = b + (c - b) * 0.35 - [0.004, 0, 0]
    points = [tuple(p) for p in (a, (a + b) / 2, b, calf, c)]
    return limb(points, [thickness_m * share for share in (1.0, 0.88, 0.70, 0.68, 0.54)], material)


def foot(ankle: Point, pitch_rad: float, height_m: float, material: str = "plastic") -> Mesh:
    """A shoe under the ankle, toes up where `pitch_rad` is positive."""
    h, (x, y, z) = height_m, ankle
    forward, up = np.cos(pitch_rad), np.sin(pitch_rad)

    def at(along: float, above: float) -> Point:
        return x + h * (along * forward - above * up), y, z + h * (along * up + above * forward)

    return limb(
        [at(-0.034, -0.016), at(-0.020, -0.018), at(0.045, -0.022), at(0.098, -0.026), at(0.112, -0.027)],
        [0.013 * h, 0.024 * h, 0.023 * h, 0.018 * h, 0.009 * h],
        material,
    )


def arm(shoulder: Point, elbow: Point, wrist: Point, height_m: float, sleeve: str) -> Mesh:
    """Upper arm in the shirt, forearm in `sleeve` (the shirt's or bare skin), a hand."""
    h, (a, b, c) = height_m, (np.asarray(p, dtype=float) for p in (shoulder, elbow, wrist))
    along = (c - b) / np.linalg.norm(c - b)
    cuff = a + (b - a) * 0.80
    upper = [tuple(p) for p in (a, a + (b - a) * 0.4, cuff if sleeve != "shirt" else b)]
    lower = [tuple(p) for p in (cuff if sleeve != "shirt" else a + (b - a) * 0.9, b, b + (c - b) * 0.4, c)]
    return merge([
        ball(tuple(a), (0.034 * h, 0.030 * h, 0.036 * h), "shirt", 6, 10),
        limb(upper, [0.032 * h, 0.031 * h, 0.029 * h], "shirt"),
        limb(lower, [0.025 * h, 0.025 * h, 0.024 * h, 0.018 * h], sleeve),
        ball(tuple(c + along * 0.028 * h), (0.026 * h, 0.018 * h, 0.028 * h), "skin", 5, 8),
    ])  # fmt: skip


def torso(base: Point, lean_rad: float, height_m: float, girth: float, material: str = "shirt") -> Mesh:
    """Hips to neck from the middle of the hips, leaning forward; the shirt hangs over the hips."""
    rings = [
        leaning(oval((shift * height_m, 0.0, z * height_m), (depth * height_m * girth, width * height_m * girth), 14),
                base, lean_rad)
        for z, shift, depth, width in TORSO
    ]  # fmt: skip
    return loft(rings, material)


def leaning(points: np.ndarray, base: Point, lean_rad: float) -> np.ndarray:
    """Points given from `base`, turned forward about the y axis through it."""
    cos, sin = np.cos(lean_rad), np.sin(lean_rad)
    return points @ np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]]).T + np.asarray(base)


def hips(base: Point, height_m: float, girth: float, material: str) -> Mesh:
    h = height_m
    return ball(base, (0.054 * h * girth, 0.086 * h * girth, 0.066 * h), material, 6, 12)


def head(middle: Point, height_m: float, cover: str) -> Mesh:
    """Neck, face and what covers it: hair, long_hair, hijab, cap, straw or helmet (the material where it has one)."""
    h, (x, y, z) = height_m, middle
    face = ball((x + 0.006 * h, y, z), (0.053 * h, 0.043 * h, 0.065 * h), "skin")
    neck = rod((x - 0.008 * h, y, z - 0.105 * h), (x, y, z - 0.02 * h), 0.030 * h, "skin", 8)

    def around(shift: float, up: float, radii: Point, material: str) -> Mesh:
        return ball((x + shift * h, y, z + up * h), (radii[0] * h, radii[1] * h, radii[2] * h), material)

    parts = [face, neck]
    if cover in {"hair", "long_hair", "straw"}:
        parts.append(around(-0.012, 0.016, (0.056, 0.049, 0.060), "hair"))
    if cover == "long_hair":
        parts.append(around(-0.036, -0.040, (0.030, 0.046, 0.080), "hair"))
    if cover == "cap":
        parts += [
            around(-0.012, 0.004, (0.052, 0.047, 0.050), "hair"),
            around(-0.005, 0.026, (0.058, 0.050, 0.048), "cap"),
            box((x + 0.03 * h, x + 0.092 * h), (y - 0.034 * h, y + 0.034 * h), (z + 0.024 * h, z + 0.034 * h), "cap"),
        ]
    if cover == "straw":
        parts.append(rod((x, y, z + 0.040 * h), (x, y, z + 0.105 * h), 0.15 * h, "straw", 14, 0.01 * h))
    if cover.startswith("hijab"):
        parts += [around(-0.012, 0.008, (0.060, 0.054, 0.071), cover), _drape(middle, h, cover)]
    if cover == "helmet":
        parts += [
            around(-0.008, 0.022, (0.083, 0.074, 0.076), "helmet"),
            around(-0.030, -0.018, (0.058, 0.070, 0.055), "helmet"),
            around(0.032, 0.014, (0.054, 0.062, 0.040), "glass"),
        ]
    return merge(parts)


def _drape(middle: Point, height_m: float, material: str) -> Mesh:
    """The cloth of a hijab from under the chin over shoulders and chest."""
    h, (x, y, z) = height_m, middle
    levels = (
        (-0.195, 0.012, 0.066, 0.088), (-0.150, 0.006, 0.068, 0.108), (-0.125, 0.000, 0.056, 0.100),
        (-0.100, -0.004, 0.048, 0.068), (-0.070, -0.006, 0.047, 0.050), (-0.040, -0.010, 0.050, 0.049),
    )  # fmt: skip
    rings = [oval((x + dx * h, y, z + dz * h), (depth * h, width * h), 14) for dz, dx, depth, width in levels]
    return loft(rings, material)
