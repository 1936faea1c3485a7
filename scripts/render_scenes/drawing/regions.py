"""What actors change in the picture of an empty street: outlines, shadows, reflections. numpy and OpenCV, no Blender.

A street that does not change is drawn once, with many samples; each frame then draws only what somebody touches.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from scripts.render_scenes.bodies import catalogue
from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.moment import Actor, Moment
from scripts.render_scenes.place.relief import LOWEST_M
from scripts.render_scenes.scenes.scene import Scene, Weather

Region = tuple[int, int, int, int]  # x0, y0, x1, y1 in px, the end outside

# Behind this depth an actor straddles the camera's plane and cannot be projected.
NEAREST_DEPTH_M = 1.0
MIRRORS_FROM_WET = 0.15


def world_vertices(actor: Actor) -> np.ndarray:
    """The actor's mesh vertices (N, 3) in the world."""
    mesh = catalogue.mesh(actor.model, actor.pose)
    return mesh.moved(actor.x_m, actor.y_m, actor.z_m, actor.turn_rad).vertices


def canvas_camera(scene: Scene, moment: Moment) -> Camera:
    """The pinhole through which a moment is drawn."""
    return scene.camera.turned(moment.camera.pan_deg, moment.camera.tilt_deg).canvas


def empty_key(scene: Scene, moment: Moment) -> str | None:
    """Moments with equal keys share one picture of the empty street; None means that a moment is drawn whole.

    Lamps at night, standing water and a road that is getting wet or drying change the picture everywhere.
    """
    if scene.weather.light in ("dusk", "night") or moment.water_m > LOWEST_M or 0.0 < moment.wet < 1.0:
        return None
    state = moment.camera
    return repr((sorted(moment.signals.items()), moment.wet, state.pan_deg, state.tilt_deg))


def fill(points_px: np.ndarray, camera: Camera) -> np.ndarray:
    """The convex hull of pixels (N, 2) as a mask (H, W) of 0 and 1."""
    # fillConvexPoly counts from pixel centres, the camera from the corner of the picture; 4 bits of sub-pixels.
    hull = cv2.convexHull(np.round((np.clip(points_px, -4000, 4000) - 0.5) * 16).astype(np.int32))
    mask = np.zeros((camera.height_px, camera.width_px), np.uint8)
    cv2.fillConvexPoly(mask, hull, 1, lineType=cv2.LINE_8, shift=4)
    return mask


def sun_ray(weather: Weather) -> np.ndarray | None:
    """The direction in which sunlight travels; None when no sun casts shadows."""
    if weather.light not in ("day", "low_sun"):
        return None
    elevation, azimuth = math.radians(weather.sun_elevation_deg), math.radians(weather.sun_azimuth_deg)
    return np.array([-math.cos(elevation) * math.sin(azimuth), -math.cos(elevation) * math.cos(azimuth),
                     -math.sin(elevation)])  # fmt: skip


def touched(scene: Scene, moment: Moment) -> np.ndarray:
    """Where actors change the empty street on the canvas; (H, W), 0-1, feathered."""
    camera, ray = canvas_camera(scene, moment), sun_ray(scene.weather)
    mask = np.zeros((camera.height_px, camera.width_px), np.uint8)
    for actor in moment.actors:
        points = world_vertices(actor)
        low, high = points[:, :2].min(axis=0) - 0.6, points[:, :2].max(axis=0) + 0.6
        around = np.array([(x, y, actor.z_m) for x in (low[0], high[0]) for y in (low[1], high[1])])
        seen = [points, around]
        if ray is not None:
            seen.append(points - ray * ((points[:, 2:] - actor.z_m) / ray[2]))
        if moment.wet > MIRRORS_FROM_WET:
            seen.append(points * [1.0, 1.0, -1.0] + [0.0, 0.0, 2 * actor.z_m])
        pixels, depth = camera.project(np.concatenate(seen))
        if depth.min() >= NEAREST_DEPTH_M:
            mask |= fill(pixels, camera)
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
