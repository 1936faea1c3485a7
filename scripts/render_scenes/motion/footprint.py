"""The ground that actors cover, and whether two of them cover the same."""

from __future__ import annotations

import cv2
import numpy as np

from scripts.render_scenes.bodies.catalogue import BY_NAME
from scripts.render_scenes.moment import Actor

# Arms and strides reach further than a standing body.
PERSON_M = 0.55


def size_m(model: str) -> tuple[float, float]:
    """Length and width on the ground."""
    found = BY_NAME[model]
    if found.kind == "person":
        return PERSON_M, PERSON_M
    return found.length_m, found.width_m


def corners(actor: Actor) -> np.ndarray:
    """The four corners (4, 2) of an actor's footprint."""
    length, width = size_m(actor.model)
    local = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)]) * (length / 2, width / 2)
    cos, sin = np.cos(actor.turn_rad), np.sin(actor.turn_rad)
    return local @ np.array([(cos, sin), (-sin, cos)]) + (actor.x_m, actor.y_m)


def overlap_m2(a: Actor, b: Actor) -> float:
    """The area that both footprints cover."""
    reach = (sum(size_m(a.model)) + sum(size_m(b.model))) / 2
    if abs(a.x_m - b.x_m) > reach or abs(a.y_m - b.y_m) > reach:
        return 0.0
    area, _ = cv2.intersectConvexConvex(corners(a).astype(np.float32), corners(b).astype(np.float32))
    return float(area)
