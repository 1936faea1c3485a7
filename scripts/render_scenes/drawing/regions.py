"""What actors, lamps and water change in the picture of an empty street. numpy and OpenCV, no Blender.

A street that does not change is drawn once, with many samples; each frame then draws only what has changed.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from functools import cache

import cv2
import numpy as np

from scripts.render_scenes.bodies import catalogue
from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.geometry.raster import ground_points
from scripts.render_scenes.moment import Actor, Moment
from scripts.render_scenes.place.build import build
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.place.relief import LOWEST_M, ground_m
from scripts.render_scenes.scenes.scene import Scene, Weather
from scripts.render_scenes.truth.frame import standing_depth

Region = tuple[int, int, int, int]  # x0, y0, x1, y1 in px, the end outside

# What lies nearer than this to the camera's plane, or behind it, cannot be projected.
NEAREST_DEPTH_M = 1.0
MIRRORS_FROM_WET = 0.15
DARK = ("dusk", "night")
BESIDE_M, BESIDE_IN_THE_DARK_M = 0.6, 1.0
"""How far around an actor's foot the ground is darker: by its closeness, and by the shadows of street lamps."""
STREAK = 3.0
"""How many times as far as its mirror image a lamp is drawn out on wet ground."""
POOL_M = (18.0, 5.5)
"""How far ahead of a vehicle, and to each side, its headlamps light the road much."""
SHORE_PX = 9
"""The water's edge is found on the ground plane; the sheet may end so far from there."""
SIGNAL_M = 0.7
CELL_PX = 4
MARGIN_PX = 5
"""Drawn around a mask: its soft edges take three pixels, the filter over pixels two."""
WET_STEPS = 32
"""In so many steps does a street get wet: each is a sixtieth of the light at most."""


def world_vertices(actor: Actor) -> np.ndarray:
    """The actor's mesh vertices (N, 3) in the world."""
    mesh = catalogue.mesh(actor.model, actor.pose)
    return mesh.moved(actor.x_m, actor.y_m, actor.z_m, actor.turn_rad).vertices


def canvas_camera(scene: Scene, moment: Moment) -> Camera:
    """The pinhole through which a moment is drawn."""
    return scene.camera.turned(moment.camera.pan_deg, moment.camera.tilt_deg).canvas


def empty_key(scene: Scene, moment: Moment) -> str:
    """Moments with equal keys differ only by actors, signals, lamps and water; others differ everywhere.

    In the dark signals shine far.
    """
    state = moment.camera
    signals = sorted(moment.signals.items()) if scene.weather.light in DARK else []
    return repr((signals, round(moment.wet * WET_STEPS), state.pan_deg, state.tilt_deg))


def fill(mask: np.ndarray, points_px: np.ndarray) -> None:
    """Set the convex hull of pixels (N, 2) in a mask (H, W) to 1."""
    # fillConvexPoly counts from pixel centres, the camera from the corner of the picture; 4 bits of sub-pixels.
    hull = cv2.convexHull(np.round((np.clip(points_px, -4000, 4000) - 0.5) * 16).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 1, lineType=cv2.LINE_8, shift=4)


def sun_ray(weather: Weather) -> np.ndarray | None:
    """The direction in which sunlight travels; None when no sun casts shadows."""
    if weather.light not in ("day", "low_sun"):
        return None
    elevation, azimuth = math.radians(weather.sun_elevation_deg), math.radians(weather.sun_azimuth_deg)
    return np.array([-math.cos(elevation) * math.sin(azimuth), -math.cos(elevation) * math.cos(azimuth),
                     -math.sin(elevation)])  # fmt: skip


def touched(scene: Scene, moment: Moment, tracks: Collection[int] | None = None) -> np.ndarray:
    """Where actors change the empty street on the canvas: outlines, shadows, reflections, light; (H, W), 0 or 1.

    Args:
        scene: the street.
        moment: who is where.
        tracks: of these actors only.
    """
    camera, ray = canvas_camera(scene, moment), sun_ray(scene.weather)
    dark = scene.weather.light in DARK
    beside = BESIDE_IN_THE_DARK_M if dark else BESIDE_M
    mask = np.zeros((camera.height_px, camera.width_px), np.uint8)
    for actor in moment.actors:
        if tracks is not None and actor.track not in tracks:
            continue
        points = world_vertices(actor)
        low, high = points[:, :2].min(axis=0) - beside, points[:, :2].max(axis=0) + beside
        foot = np.array([(x, y, actor.z_m) for x in (low[0], high[0]) for y in (low[1], high[1])])
        shines = actor.lights and dark
        outlines = [points]
        if ray is not None:
            outlines.append(points - ray * ((points[:, 2:] - actor.z_m) / ray[2]))
        if moment.wet > MIRRORS_FROM_WET:
            height = points[:, 2:] - actor.z_m
            outlines.append(points - [0.0, 0.0, 1.0] * height * (1.0 + (STREAK if shines else 1.0)))
        _paint(mask, np.concatenate(outlines), camera)
        _paint(mask, foot, camera)
        if shines and catalogue.BY_NAME[actor.model].kind not in ("person", "vendor"):
            _paint(mask, _pool(actor), camera)
    return mask


def signal_heads(scene: Scene, moment: Moment, groups: Collection[str]) -> np.ndarray:
    """Where the heads of these signal groups are on the canvas; (H, W), 0 or 1."""
    camera = canvas_camera(scene, moment)
    mask = np.zeros((camera.height_px, camera.width_px), np.uint8)
    corners = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * SIGNAL_M
    for head in build(scene.plan).signals:
        if head.group in groups:
            _paint(mask, np.array([head.x_m, head.y_m, head.z_m]) + corners, camera)
    return mask


def floods(moment: Moment) -> bool:
    """Whether water stands somewhere: it never looks the same twice."""
    return moment.water_m > LOWEST_M


def water(scene: Scene, moment: Moment) -> np.ndarray:
    """Where water may show on the canvas; (H, W), 0 or 1."""
    camera = canvas_camera(scene, moment)
    if not floods(moment):
        return np.zeros((camera.height_px, camera.width_px), np.uint8)
    under = np.nan_to_num(_ground(scene.plan, camera), nan=np.inf) < moment.water_m
    under &= np.isinf(standing_depth(scene.plan, camera))
    return cv2.dilate(under.astype(np.uint8), np.ones((2 * SHORE_PX + 1, 2 * SHORE_PX + 1), np.uint8))


def moved(then: Moment, now: Moment) -> set[int]:
    """Tracks of those that came, left or changed between two moments."""
    before, after = ({actor.track: _looks(actor) for actor in moment.actors} for moment in (then, now))
    return {track for track in before.keys() | after.keys() if before.get(track) != after.get(track)}


def feathered(mask: np.ndarray) -> np.ndarray:
    """The mask grown by 3 px with soft edges, 0-1."""
    return np.clip(cv2.blur(mask.astype(np.float32), (7, 7)) * 2.0, 0.0, 1.0)


def around(mask: np.ndarray, margin_px: int = 8) -> Region:
    """The smallest rectangle that covers the mask, which must not be empty, and a margin."""
    height, width = mask.shape
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    x0, x1 = int(columns[0]) - margin_px, int(columns[-1]) + 1 + margin_px
    y0, y1 = int(rows[0]) - margin_px, int(rows[-1]) + 1 + margin_px
    return max(0, x0), max(0, y0), min(width, x1), min(height, y1)


def outside(mask: np.ndarray) -> np.ndarray:
    """Rectangles that together cover a picture but for a mask and its margin: corners (N, 4, 2) in px."""
    size = 2 * MARGIN_PX + 1
    shown = cv2.dilate((mask > 0).astype(np.uint8), np.ones((size, size), np.uint8))
    height = len(shown)
    found = []
    for y in range(0, height, CELL_PX):
        strip = shown[y : y + CELL_PX].any(axis=0)
        edges = np.flatnonzero(np.diff([True, *strip, True]))
        found += [(x0, y, x1, min(y + CELL_PX, height)) for x0, x1 in zip(edges[::2], edges[1::2], strict=True)]
    return np.array([((x0, y0), (x0, y1), (x1, y1), (x1, y0)) for x0, y0, x1, y1 in found]).reshape(-1, 4, 2)


def compose(under: np.ndarray, over: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Lay one picture over another as far as `share` (H, W) says; BGR (H, W, 3)."""
    below = under.astype(np.float32)
    return np.round(below + (over.astype(np.float32) - below) * share[..., None]).astype(np.uint8)


def _looks(actor: Actor) -> tuple[object, ...]:
    """All of an actor that shows, to some millimetres."""
    place = (round(actor.x_m, 2), round(actor.y_m, 2), round(actor.z_m, 2), round(actor.turn_rad, 3))
    return (actor.model, actor.pose, actor.lights, *place)


def _paint(mask: np.ndarray, points: np.ndarray, camera: Camera) -> None:
    """Set the hull of those of the points (N, 3) that can be projected."""
    pixels, depth = camera.project(points)
    seen = depth >= NEAREST_DEPTH_M
    if seen.any():
        fill(mask, pixels[seen])


def _pool(actor: Actor) -> np.ndarray:
    """The road that a vehicle's headlamps light, as corners (N, 3)."""
    far, side = POOL_M
    ahead = np.array([math.cos(actor.turn_rad), math.sin(actor.turn_rad), 0.0])
    across = np.array([-ahead[1], ahead[0], 0.0])
    foot = np.array([actor.x_m, actor.y_m, actor.z_m])
    half = catalogue.BY_NAME[actor.model].length_m / 2
    return np.array([foot + ahead * (half + far * share) + across * side * sign * max(share, 0.3)
                     for share in (0.0, 1 / 3, 2 / 3, 1.0) for sign in (-1, 1)])  # fmt: skip


@cache
def _ground(plan: StreetPlan, camera: Camera) -> np.ndarray:
    """Height of the ground at each pixel of a pinhole's picture, (H, W) metres; nan above the horizon."""
    points = ground_points(camera)
    return np.where(np.isnan(points[..., 0]), np.nan, ground_m(plan, points[..., 0], points[..., 1]))
