"""What a perfect observer sees in one moment: each actor's box, how much of it shows, where it is, how fast it goes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from scripts.render_scenes.bodies import catalogue
from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.geometry.raster import depth_of, silhouette
from scripts.render_scenes.moment import Actor, Moment
from scripts.render_scenes.place.build import build
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.scenes.scene import Scene

# Boxes narrower than this are left out: a handful of pixels at the far end of the road.
NARROWEST_BOX_PX = 6.0
OCCLUDERS_WITHIN_M = 130.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """An actor the picture shows: `box` amodal and cut at the picture's edge, `visible` the share of it that shows."""

    actor: Actor
    box: Box
    visible: float
    visible_box: Box
    visible_px: int
    distance_m: float

    def record(self) -> dict[str, Any]:
        """As it stands in the truth's JSON."""
        actor = self.actor
        told: dict[str, Any] = {
            "track": actor.track,
            "class": catalogue.BY_NAME[actor.model].kind,
            "box": [round(v, 1) for v in self.box],
            "visible": round(self.visible, 2),
            "visible_box": [round(v) for v in self.visible_box],
            "speed_kmh": round(actor.speed_ms * 3.6, 3),
            "ground_m": [round(actor.x_m, 3), round(actor.y_m, 4)],
            "heading_deg": round(math.degrees(actor.turn_rad), 1),
        }
        if actor.rides is not None:
            told["rides"] = actor.rides
        return told


def camera_at(scene: Scene, moment: Moment) -> Camera:
    """The camera as it stands in that moment, also when somebody moved it."""
    return scene.camera.turned(moment.camera.pan_deg, moment.camera.tilt_deg)


@cache
def standing_depth(plan: StreetPlan, camera: Camera) -> np.ndarray:
    """Depth (H, W) of what stands in the street and can hide an actor; inf where there is nothing of that."""
    return depth_of(build(plan).occluders(), camera, OCCLUDERS_WITHIN_M)


def world_mesh(actor: Actor) -> Any:
    mesh = catalogue.mesh(actor.model, actor.pose)
    return mesh.moved(actor.x_m, actor.y_m, actor.z_m, actor.turn_rad)


def look(scene: Scene, moment: Moment) -> tuple[list[Seen], np.ndarray]:
    """Whom the picture shows, nearest first, and the track at each pixel (H, W) int32, 0 for none.

    Standing water is murky: what is under it counts as hidden.
    """
    camera = camera_at(scene, moment)
    height, width = camera.height_px, camera.width_px
    depth = standing_depth(scene.plan, camera).copy()
    tracks = np.zeros((height, width), np.int32)
    drawn = []
    for actor in moment.actors:
        if _too_small(actor, camera):
            continue
        mesh = world_mesh(actor)
        alone = silhouette(mesh, camera)
        if alone is None or not alone.area_px:
            continue
        dry = silhouette(mesh, camera, moment.water_m) if moment.water_m > actor.z_m else alone
        if dry is None:
            continue
        high, wide = dry.depth.shape
        x0, y0, x1, y1 = max(0, dry.x0), max(0, dry.y0), min(width, dry.x0 + wide), min(height, dry.y0 + high)
        if x1 <= x0 or y1 <= y0:
            continue
        part = dry.depth[y0 - dry.y0 : y1 - dry.y0, x0 - dry.x0 : x1 - dry.x0]
        nearer = part < depth[y0:y1, x0:x1]
        depth[y0:y1, x0:x1][nearer] = part[nearer]
        tracks[y0:y1, x0:x1][nearer] = actor.track
        drawn.append((actor, alone))
    found = []
    for actor, alone in drawn:
        seen = _seen(actor, alone.box, alone.area_px, tracks, camera)
        if seen:
            found.append(seen)
    return sorted(found, key=lambda seen: seen.distance_m), tracks


def _too_small(actor: Actor, camera: Camera) -> bool:
    """Whether an actor is certainly narrower than what is left out (a walker is 0.5 m wide)."""
    model = catalogue.BY_NAME[actor.model]
    away = math.dist((actor.x_m, actor.y_m), camera.position_m[:2])
    return math.hypot(model.length_m, model.width_m) * camera.focal_px / max(away, 1.0) < NARROWEST_BOX_PX


def _seen(actor: Actor, whole: Box, area_px: int, tracks: np.ndarray, camera: Camera) -> Seen | None:
    x0, y0 = max(0.0, whole[0]), max(0.0, whole[1])
    x1, y1 = min(float(camera.width_px), whole[2]), min(float(camera.height_px), whole[3])
    if x1 - x0 < NARROWEST_BOX_PX or y1 <= y0:
        return None
    left, top = int(x0), int(y0)
    here = tracks[top : int(np.ceil(y1)), left : int(np.ceil(x1))] == actor.track
    count = int(here.sum())
    if not count:
        return None
    rows, columns = np.flatnonzero(here.any(axis=1)), np.flatnonzero(here.any(axis=0))
    visible_box = (
        float(left + columns[0]),
        float(top + rows[0]),
        float(left + columns[-1] + 1),
        float(top + rows[-1] + 1),
    )
    away = math.dist((actor.x_m, actor.y_m, actor.z_m), camera.position_m)
    return Seen(actor, (x0, y0, x1, y1), min(1.0, count / area_px), visible_box, count, away)
