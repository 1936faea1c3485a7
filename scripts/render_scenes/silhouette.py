"""What a vehicle covers in the picture: its outline, its shadow, what hides it. numpy and OpenCV, no Blender."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from scripts.render_scenes import fleet
from scripts.render_scenes.camera import Camera
from scripts.render_scenes.scenes import Placed, Scene

Region = tuple[int, int, int, int]  # x0, y0, x1, y1 in px, the end outside

# Behind this depth a vehicle straddles the camera's plane and cannot be projected.
NEAREST_DEPTH_M = 1.0


def world_vertices(vehicle: Placed) -> np.ndarray:
    """The vehicle's mesh vertices (N, 3) in the world."""
    return fleet.mesh(vehicle.model).moved(vehicle.x_m, vehicle.y_m, 0.0, vehicle.turn_rad).vertices


def projected_box(vehicle: Placed, camera: Camera) -> tuple[float, float, float, float] | None:
    """The amodal box x0, y0, x1, y1 px around all projected vertices, not clipped; None when behind the camera."""
    pixels, depth = camera.project(world_vertices(vehicle))
    if depth.min() < NEAREST_DEPTH_M:
        return None
    (x0, y0), (x1, y1) = pixels.min(axis=0), pixels.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def fill(points_px: np.ndarray, camera: Camera) -> np.ndarray:
    """The convex hull of pixels (N, 2) as a mask (H, W) of 0 and 1."""
    # fillConvexPoly counts from pixel centres, the camera from the corner of the picture; 4 bits of sub-pixels.
    hull = cv2.convexHull(np.round((np.clip(points_px, -4000, 4000) - 0.5) * 16).astype(np.int32))
    mask = np.zeros((camera.height_px, camera.width_px), np.uint8)
    cv2.fillConvexPoly(mask, hull, 1, lineType=cv2.LINE_8, shift=4)
    return mask


def visible_shares(vehicles: Sequence[Placed], camera: Camera) -> dict[int, float]:
    """For each track the share of its whole outline that is inside the picture and behind no other vehicle.

    Outlines are convex hulls of the projected mesh; nothing of the street stands before the road.
    """
    seen = []
    for vehicle in vehicles:
        pixels, depth = camera.project(world_vertices(vehicle))
        if depth.min() >= NEAREST_DEPTH_M:
            seen.append((float(depth.min()), vehicle.track, pixels))
    taken = np.zeros((camera.height_px, camera.width_px), np.uint8)
    shares = {}
    for _, track, pixels in sorted(seen, key=lambda item: item[0]):
        mask = fill(pixels, camera)
        whole = float(cv2.contourArea(cv2.convexHull(pixels.astype(np.float32))))
        free = int(np.count_nonzero(mask & ~taken & 1))
        shares[track] = min(1.0, free / max(whole, 1.0))
        taken |= mask
    return shares


@cache
def sun_ray(scene: Scene) -> tuple[float, float, float]:
    """The direction in which sunlight travels."""
    elevation, azimuth = math.radians(scene.sun_elevation_deg), math.radians(scene.sun_azimuth_deg)
    return (-math.cos(elevation) * math.sin(azimuth), -math.cos(elevation) * math.cos(azimuth), -math.sin(elevation))


def touched(vehicles: Sequence[Placed], scene: Scene) -> np.ndarray:
    """Where vehicles change the empty street: outlines, shadows, the dimness around them; (H, W), 0-1, feathered."""
    ray = np.array(sun_ray(scene))
    mask = np.zeros((scene.camera.height_px, scene.camera.width_px), np.uint8)
    for vehicle in vehicles:
        points = world_vertices(vehicle)
        shadow = points - ray * (points[:, 2:] / ray[2])
        low, high = points[:, :2].min(axis=0) - 0.6, points[:, :2].max(axis=0) + 0.6
        around = np.array([(x, y, 0.0) for x in (low[0], high[0]) for y in (low[1], high[1])])
        pixels, depth = scene.camera.project(np.concatenate([points, shadow, around]))
        if depth.min() >= NEAREST_DEPTH_M:
            mask |= fill(pixels, scene.camera)
    return np.clip(cv2.blur(mask.astype(np.float32), (7, 7)) * 2.0, 0.0, 1.0)


def regions(mask: np.ndarray, margin_px: int = 8) -> list[Region]:
    """One or two rectangles, one above the other, that cover the mask with the smallest area."""
    height, width = mask.shape

    def around(top: int, bottom: int) -> Region | None:
        rows = np.flatnonzero(mask[top:bottom].any(axis=1))
        columns = np.flatnonzero(mask[top:bottom].any(axis=0))
        if not len(rows):
            return None
        x0, x1 = int(columns[0]) - margin_px, int(columns[-1]) + 1 + margin_px
        y0, y1 = top + int(rows[0]) - margin_px, top + int(rows[-1]) + 1 + margin_px
        return max(0, x0), max(0, y0), min(width, x1), min(height, y1)

    choices = [[r for r in (around(0, cut), around(cut, height)) if r] for cut in range(0, height, 20)]
    return min(choices, key=lambda found: sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in found))


def compose(street: np.ndarray, drawn: Sequence[tuple[Region, np.ndarray]], mask: np.ndarray) -> np.ndarray:
    """Lay the drawn regions over the empty street where the mask says so; BGR (H, W, 3)."""
    picture = street.astype(np.float32)
    for (x0, y0, x1, y1), part in drawn:
        share = mask[y0:y1, x0:x1, None]
        picture[y0:y1, x0:x1] += (part.astype(np.float32) - picture[y0:y1, x0:x1]) * share
    return np.round(picture).astype(np.uint8)
