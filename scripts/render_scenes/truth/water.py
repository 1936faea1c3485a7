"""Where water stands in the picture and how deep."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.geometry.raster import ground_points
from scripts.render_scenes.moment import Moment
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.place.relief import LOWEST_M, ground_m
from scripts.render_scenes.scenes.scene import Scene, Zone
from scripts.render_scenes.truth.frame import camera_at, standing_depth

STANDING_FROM_M = 0.01  # a film is wet asphalt, not standing water
EDGE_PIECES = 6


@cache
def _ground(plan: StreetPlan, camera: Camera) -> np.ndarray:
    """Height of the ground at each pixel, (H, W); nan above the horizon."""
    points = ground_points(camera)
    return np.where(np.isnan(points[..., 0]), np.nan, ground_m(plan, points[..., 0], points[..., 1]))


def depth_m(scene: Scene, moment: Moment) -> np.ndarray:
    """Depth of standing water over the ground at each pixel, whatever stands in it; (H, W) metres, 0 where dry.

    A pixel's place is where its ray meets the plane z = 0, the truth's ground plane.
    """
    camera = camera_at(scene, moment)
    if moment.water_m <= LOWEST_M:
        return np.zeros((camera.height_px, camera.width_px), np.float32)
    deep = moment.water_m - _ground(scene.plan, camera)
    return np.where(deep >= STANDING_FROM_M, deep, 0.0).astype(np.float32)


def visible_mask(scene: Scene, moment: Moment, tracks: np.ndarray) -> np.ndarray:
    """Pixels that show water: not behind what stands in the street, not on an actor; (H, W) bool."""
    open_ground = np.isinf(standing_depth(scene.plan, camera_at(scene, moment)))
    return (depth_m(scene, moment) > 0) & open_ground & (tracks == 0)


def outline(zone: Zone, camera: Camera) -> np.ndarray:
    """The zone in the picture, shares 0-1 of width and height (N, 2); its edges bend with the lens."""
    corners = np.array([(x, y, 0.0) for x, y in zone.ground_m])
    if camera.has_lens:
        share = np.arange(EDGE_PIECES)[:, None] / EDGE_PIECES
        ends = np.roll(corners, -1, axis=0)
        corners = np.concatenate([a + (b - a) * share for a, b in zip(corners, ends, strict=True)])
    pixels, _ = camera.project(corners)
    return np.clip(pixels / [camera.width_px, camera.height_px], 0.0, 1.0)


@cache
def zone_mask(zone: Zone, camera: Camera) -> np.ndarray:
    """The pixels of a zone, (H, W) bool."""
    mask = np.zeros((camera.height_px, camera.width_px), np.uint8)
    pixels = outline(zone, camera) * [camera.width_px, camera.height_px]
    cv2.fillPoly(mask, [np.round((pixels - 0.5) * 16).astype(np.int32)], 1, shift=4)
    return mask > 0


def in_zone(scene: Scene, moment: Moment, zone: Zone) -> dict[str, float]:
    """Share of the zone's ground under standing water, mean and greatest depth there in cm."""
    deep = depth_m(scene, moment)[zone_mask(zone, camera_at(scene, moment))]
    under = deep > 0
    if not under.any():
        return {"share": 0.0, "mean_cm": 0.0, "max_cm": 0.0}
    return {
        "share": round(float(under.mean()), 3),
        "mean_cm": round(float(deep[under].mean() * 100), 1),
        "max_cm": round(float(deep.max() * 100), 1),
    }
