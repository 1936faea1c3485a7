"""Trees and bushes. A tree is a mesh that is placed many times."""

from __future__ import annotations

import numpy as np

from scripts.render_scenes.geometry.mesh import Mesh, ball, merge, rod

LEAVES = 5200
TREE_HEIGHTS_M = (7.0, 8.0, 9.0)


def tree(rng: np.random.Generator, height_m: float) -> Mesh:
    """A trunk, some boughs and a crown of loose leaf clusters."""
    crown = height_m * 0.36
    parts = [rod((0, 0, 0), (0.1, 0, height_m * 0.62), 0.17, "bark", 9, 0.10)]
    for _ in range(7):
        turn, out = rng.uniform(0, 2 * np.pi), rng.uniform(0.4, 0.8) * crown
        tip = (out * np.cos(turn), out * np.sin(turn), height_m * rng.uniform(0.60, 0.85))
        parts.append(rod((0.05, 0, height_m * rng.uniform(0.40, 0.60)), tip, 0.07, "bark", 6, 0.02))
    direction = rng.normal(size=(LEAVES, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    lumps = rng.normal(size=(9, 3))
    lumps /= np.linalg.norm(lumps, axis=1, keepdims=True)
    bulge = 0.72 + 0.35 * np.max(direction @ lumps.T, axis=1) ** 3
    reach = bulge * rng.uniform(0.45, 1.0, LEAVES) ** 0.4
    centre = direction * reach[:, None] * np.array([crown, crown, crown * 0.72]) + [0, 0, height_m * 0.74]
    a = rng.normal(size=(LEAVES, 3))
    b = np.cross(direction, a)
    size = rng.uniform(0.06, 0.14, (LEAVES, 1))
    a = a / np.linalg.norm(a, axis=1, keepdims=True) * size
    b = b / np.linalg.norm(b, axis=1, keepdims=True) * size
    corners = np.stack([centre - a - b, centre + a - b, centre + a + b, centre - a + b], axis=1).reshape(-1, 3)
    faces = tuple((4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3) for i in range(LEAVES))
    return merge([*parts, Mesh(corners, faces, ("leaf",) * LEAVES)])


def bush(x: float, y: float, z: float, size_m: float) -> Mesh:
    return ball((x, y, z + size_m * 0.55), (size_m * 0.8, size_m * 0.9, size_m * 0.6), "leaf")
