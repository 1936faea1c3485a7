"""Skins over rings, for shapes that no box or ball will do: panels, tails, limbs, roofs. Metres."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from scripts.render_scenes.geometry.mesh import Mesh, Point, merge, rod, stack


def volume_m3(mesh: Mesh) -> float:
    """Signed: positive where the faces look outward (divergence theorem over fans of each face)."""
    fans = [(face[0], a, b) for face in mesh.faces for a, b in pairwise(face[1:])]
    first, second, third = mesh.vertices[np.array(fans).T]
    return float((first * np.cross(second, third)).sum() / 6)


def outward(mesh: Mesh) -> Mesh:
    """The same closed solid with its faces turned outward."""
    if volume_m3(mesh) >= 0.0:
        return mesh
    return Mesh(mesh.vertices, tuple(face[::-1] for face in mesh.faces), mesh.materials)


def loft(rings: Sequence[np.ndarray], material: str, ends: str | None = None) -> Mesh:
    """A closed skin over rings of equal count along any axis; `ends` is what its two caps are made of."""
    bands = [(material,) * len(rings[0])] * (len(rings) - 1)
    return outward(stack(rings, bands, ends or material, ends or material))


def oval(centre: Point, half_m: tuple[float, float], sides: int = 12, square: float = 2.2) -> np.ndarray:
    """A level superellipse, half depth (x) and half width (y); `square` 2 is an ellipse, more is boxier."""
    turn = np.arange(sides) * 2 * np.pi / sides
    cos, sin = np.cos(turn), np.sin(turn)
    x = np.sign(cos) * np.abs(cos) ** (2 / square) * half_m[0]
    y = np.sign(sin) * np.abs(sin) ** (2 / square) * half_m[1]
    return np.column_stack([x, y, np.zeros(sides)]) + np.asarray(centre)


def upright(
    sections: Sequence[tuple[float, float, float, float]], material: str, square: float = 2.6, sides: int = 10
) -> Mesh:
    """A skin along z; each section is (z, x of its middle, half depth, half width)."""
    return loft([oval((x, 0.0, z), (depth, width), sides, square) for z, x, depth, width in sections], material)


def lengthwise(
    sections: Sequence[tuple[float, float, float, float]], material: str, square: float = 2.6, sides: int = 10
) -> Mesh:
    """A skin along x; each section is (x, z of its middle, half height, half width)."""
    rings = [oval((0.0, 0.0, 0.0), (height, width), sides, square)[:, [2, 1, 0]] + [x, 0.0, z]
             for x, z, height, width in sections]  # fmt: skip
    return loft(rings, material)


def lathe(centre: Point, profile: Sequence[tuple[float, float]], material: str, sides: int = 16) -> Mesh:
    """A solid turned about an axis along y: pairs (y from the centre, radius)."""
    turn = np.arange(sides) * 2 * np.pi / sides
    rings = [np.column_stack([r * np.cos(turn), np.full(sides, y), r * np.sin(turn)]) + np.asarray(centre)
             for y, r in profile]  # fmt: skip
    return loft(rings, material)


def arc(centre: Point, radius_m: float, span_deg: tuple[float, float], half_width_m: float, material: str) -> Mesh:
    """A mudguard: a shell 15 mm thick around an axis along y, angles from +x upward."""
    rings = []
    for angle in np.radians(np.linspace(*span_deg, 7)):
        outwards = np.array([np.cos(angle), 0.0, np.sin(angle)])
        rings.append(np.array([
            np.asarray(centre) + outwards * (radius_m + thick) + [0.0, side * half_width_m, 0.0]
            for thick, side in ((0.0, -0.9), (0.0, 0.9), (0.006, 1.0), (0.018, 0.6), (0.018, -0.6), (0.006, -1.0))
        ]))  # fmt: skip
    return loft(rings, material)


def bars(pairs: Sequence[tuple[Point, Point]], radius_m: float, material: str, sides: int = 6) -> Mesh:
    """Straight round bars of one thickness."""
    return merge([rod(a, b, radius_m, material, sides) for a, b in pairs])
