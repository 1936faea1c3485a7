"""Polygon meshes as plain arrays, and the few solids everything here is made of. Metres; z is up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Mesh:
    """`vertices` (N, 3) in metres, `faces` as vertex indices seen counter-clockwise from outside, a material a face."""

    vertices: np.ndarray
    faces: tuple[tuple[int, ...], ...]
    materials: tuple[str, ...]

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0, turn_rad: float = 0.0, scale: float = 1.0) -> Mesh:
        """Scale, turn about z, then move."""
        cos, sin = np.cos(turn_rad), np.sin(turn_rad)
        rotation = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
        return Mesh((self.vertices * scale) @ rotation.T + np.array([x, y, z]), self.faces, self.materials)

    def painted(self, **to: str) -> Mesh:
        """Rename materials: `mesh.painted(paint="white")`."""
        return Mesh(self.vertices, self.faces, tuple(to.get(name, name) for name in self.materials))


def merge(meshes: Iterable[Mesh]) -> Mesh:
    vertices, faces, materials, offset = [], [], [], 0
    for mesh in meshes:
        vertices.append(mesh.vertices)
        faces += [tuple(i + offset for i in face) for face in mesh.faces]
        materials += mesh.materials
        offset += len(mesh.vertices)
    return Mesh(np.concatenate(vertices), tuple(faces), tuple(materials))


def box(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float], material: str) -> Mesh:
    vertices = np.array([(a, b, c) for a in x for b in y for c in z], dtype=float)
    faces = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    return Mesh(vertices, faces, (material,) * 6)


def quad(a: Point, b: Point, c: Point, d: Point, material: str) -> Mesh:
    return Mesh(np.array([a, b, c, d], dtype=float), ((0, 1, 2, 3),), (material,))


def rod(  # noqa: PLR0917 - positions read well here: from, to, how thick, of what
    start: Point, end: Point, radius_m: float, material: str, sides: int = 10, end_radius_m: float | None = None
) -> Mesh:
    """A straight round bar (or cone) between two points, closed at both ends."""
    a, b = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    axis = (b - a) / np.linalg.norm(b - a)
    helper = np.array([0.0, 0.0, 1.0]) if abs(axis[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    u = np.cross(axis, helper)
    u /= np.linalg.norm(u)
    v = np.cross(axis, u)
    angle = np.arange(sides) * 2 * np.pi / sides
    ring = np.cos(angle)[:, None] * u + np.sin(angle)[:, None] * v
    last = radius_m if end_radius_m is None else end_radius_m
    vertices = np.concatenate([a + ring * radius_m, b + ring * last])
    around = [(i, (i + 1) % sides) for i in range(sides)]
    faces = [(i, j, j + sides, i + sides) for i, j in around]
    faces += [tuple(reversed(range(sides))), tuple(range(sides, 2 * sides))]
    return Mesh(vertices, tuple(faces), (material,) * len(faces))


def ball(centre: Point, radii_m: Point, material: str, rings: int = 7, sides: int = 12) -> Mesh:
    """An ellipsoid."""
    polar = np.linspace(0.0, np.pi, rings + 1)[1:-1]
    around = np.arange(sides) * 2 * np.pi / sides
    middle = [(np.sin(p) * np.cos(a), np.sin(p) * np.sin(a), np.cos(p)) for p in polar for a in around]
    vertices = np.array([*middle, (0, 0, 1), (0, 0, -1)]) * np.asarray(radii_m) + np.asarray(centre)
    faces: list[tuple[int, ...]] = []
    for i in range(sides):
        j = (i + 1) % sides
        faces.append((len(middle), i, j))
        faces.append((len(middle) + 1, j + (rings - 2) * sides, i + (rings - 2) * sides))
        faces += [(r * sides + i, (r + 1) * sides + i, (r + 1) * sides + j, r * sides + j) for r in range(rings - 2)]
    return Mesh(vertices, tuple(faces), (material,) * len(faces))


def stack(rings: Sequence[np.ndarray], bands: Sequence[Sequence[str]], top: str, bottom: str) -> Mesh:
    """A closed skin over rings of equal count, lowest first, each (N, 3) and counter-clockwise seen from above.

    `bands[r][i]` is the material of the face between rings r and r + 1, from point i to point i + 1.
    """
    count = len(rings[0])
    faces: list[tuple[int, ...]] = [tuple(reversed(range(count)))]
    materials = [bottom]
    for r, band in enumerate(bands):
        for i in range(count):
            j = (i + 1) % count
            faces.append((r * count + i, r * count + j, (r + 1) * count + j, (r + 1) * count + i))
            materials.append(band[i])
    faces.append(tuple(range((len(rings) - 1) * count, len(rings) * count)))
    materials.append(top)
    return Mesh(np.concatenate(list(rings)), tuple(faces), tuple(materials))


def wheel(x: float, y: float, radius_m: float, width_m: float) -> Mesh:
    """A tyre with a lighter rim on its outer side; `y` is the middle of the tread."""
    side = 1.0 if y > 0 else -1.0
    half = width_m / 2
    tyre = rod((x, y - half, radius_m), (x, y + half, radius_m), radius_m, "tyre", sides=20)
    rim = rod(
        (x, y + side * (half - 0.02), radius_m), (x, y + side * (half + 0.01), radius_m), radius_m * 0.62, "rim", 12
    )
    hub = rod((x, y + side * half, radius_m), (x, y + side * (half + 0.02), radius_m), radius_m * 0.2, "plastic", 8)
    return merge([tyre, rim, hub])
