"""What a perfect observer of a scene would report, as the JSON beside its video. numpy and OpenCV, no Blender.

The schema is described in sample_videos/README.md; raise SCHEMA_VERSION whenever a reader would have to change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from scripts.render_scenes import RENDERER_VERSION, fleet
from scripts.render_scenes.camera import Camera
from scripts.render_scenes.scenes import Placed, Scene, drive
from scripts.render_scenes.silhouette import projected_box, visible_shares

SCHEMA_VERSION = 1
ZONE_NAME = "jalan"

# The definition of a jam: slow and dense at once.
JAM_BELOW_KMH = 10.0
JAM_ABOVE_OCCUPANCY = 0.25
SMOOTHING_S = 2.0

# Boxes narrower than this are left out: a handful of pixels at the far end of the road.
NARROWEST_BOX_PX = 6.0


def zone_polygon(scene: Scene) -> np.ndarray:
    """The roadway zone in the picture, shares 0-1 of width and height, (N, 2)."""
    ground = np.array([(x, y, 0.0) for x, y in scene.zone_ground_m])
    pixels, _ = scene.camera.project(ground)
    return np.clip(pixels / [scene.camera.width_px, scene.camera.height_px], 0.0, 1.0)


def clipped(box: tuple[float, float, float, float], camera: Camera) -> tuple[float, float, float, float] | None:
    """The part of a box inside the picture, None when there is none."""
    x0, y0 = max(0.0, box[0]), max(0.0, box[1])
    x1, y1 = min(float(camera.width_px), box[2]), min(float(camera.height_px), box[3])
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def frame_truth(vehicles: Sequence[Placed], camera: Camera) -> list[dict[str, Any]]:
    """The vehicles of one frame that the picture shows, nearest first."""
    shares = visible_shares(vehicles, camera)
    found = []
    for vehicle in sorted(vehicles, key=lambda v: v.y_m):
        whole = projected_box(vehicle, camera)
        box = whole and clipped(whole, camera)
        if not box or box[2] - box[0] < NARROWEST_BOX_PX or shares[vehicle.track] <= 0.0:
            continue
        found.append({
            "track": vehicle.track,
            "class": fleet.BY_NAME[vehicle.model].kind,
            "box": [round(v, 1) for v in box],
            "visible": round(shares[vehicle.track], 2),
            "speed_kmh": round(vehicle.speed_ms * 3.6, 3),
            "ground_m": [round(vehicle.x_m, 3), round(vehicle.y_m, 4)],
        })  # fmt: skip
    return found


def zone_state(found: Sequence[dict[str, Any]], zone: np.ndarray, camera: Camera, ground: np.ndarray) -> dict[str, Any]:
    """Space-mean speed of the vehicles standing in the zone (None: no vehicle) and the zone's occupancy.

    Occupancy is the share of the zone under the lower thirds of the boxes. `zone` is in shares, `ground` in metres.
    """
    area = np.zeros((camera.height_px, camera.width_px), np.uint8)
    cv2.fillPoly(area, [np.round(zone * [camera.width_px, camera.height_px]).astype(np.int32)], 1)
    covered = np.zeros_like(area)
    outline = ground.astype(np.float32).reshape(-1, 1, 2)
    speeds = []
    for vehicle in found:
        x0, y0, x1, y1 = vehicle["box"]
        covered[round(y1 - (y1 - y0) / 3) : round(y1), round(x0) : round(x1)] = 1
        if cv2.pointPolygonTest(outline, tuple(map(float, vehicle["ground_m"])), False) >= 0:
            speeds.append(vehicle["speed_kmh"])
    return {
        "vehicles": len(speeds),
        "speed_kmh": round(float(np.mean(speeds)), 2) if speeds else None,
        "occupancy": round(float(np.count_nonzero(covered & area) / np.count_nonzero(area)), 3),
    }


def jam_intervals(states: Sequence[dict[str, Any]], fps: float) -> list[tuple[float, float]]:
    """Spans (from s, to s) in which the zone is slow and dense, both taken as means over SMOOTHING_S."""
    half = round(SMOOTHING_S * fps / 2)
    flags = []
    for i in range(len(states)):
        window = states[max(0, i - half) : i + half + 1]
        speeds = [s["speed_kmh"] for s in window if s["speed_kmh"] is not None]
        dense = float(np.mean([s["occupancy"] for s in window])) > JAM_ABOVE_OCCUPANCY
        flags.append(bool(speeds) and dense and float(np.mean(speeds)) < JAM_BELOW_KMH)
    edges = np.flatnonzero(np.diff([False, *flags, False]))
    return [(float(a) / fps, float(b) / fps) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _camera_truth(camera: Camera) -> dict[str, Any]:
    def rows(matrix: np.ndarray) -> list[Any]:
        return [[float(f"{v:.12g}") for v in row] for row in np.atleast_2d(matrix)]

    return {
        "position_m": list(camera.position_m),
        "mount_height_m": camera.position_m[2],
        "intrinsics": rows(camera.intrinsics),
        "rotation": rows(camera.rotation),
        "translation_m": rows(camera.translation)[0],
        "matrix": rows(camera.matrix),
        "distortion": [0.0] * 5,
        "ground_to_pixel": rows(camera.ground_to_pixel),
        "pixel_to_ground": rows(camera.pixel_to_ground),
    }


def describe(scene: Scene) -> dict[str, Any]:
    """The whole truth of a scene, ready for JSON."""
    frames, camera = drive(scene), scene.camera
    zone = zone_polygon(scene)
    found = [frame_truth(vehicles, camera) for vehicles in frames]
    states = [zone_state(vehicles, zone, camera, np.array(scene.zone_ground_m)) for vehicles in found]
    shown = {vehicle["track"] for vehicles in found for vehicle in vehicles}
    models = {v.track: fleet.BY_NAME[v.model] for vehicles in frames for v in vehicles if v.track in shown}
    return {
        "schema": SCHEMA_VERSION,
        "scene": scene.name,
        "seed": scene.seed,
        "renderer": RENDERER_VERSION,
        "fps": scene.fps,
        "frame_count": scene.frames,
        "width_px": camera.width_px,
        "height_px": camera.height_px,
        "camera": _camera_truth(camera),
        "zones": [{
            "name": ZONE_NAME, "kind": "roadway",
            "polygon": [[round(float(x), 4), round(float(y), 4)] for x, y in zone],
            "ground_m": [list(point) for point in scene.zone_ground_m],
        }],
        "incidents": [
            {"kind": "jam", "zone": ZONE_NAME, "from_s": a, "to_s": b} for a, b in jam_intervals(states, scene.fps)
        ],
        "tracks": [
            {"track": track, "class": model.kind, "model": model.name, "length_m": model.length_m}
            for track, model in sorted(models.items(), key=lambda item: item[0])
        ],
        "frames": [
            {"time_s": time_s, "zones": {ZONE_NAME: state}, "vehicles": vehicles}
            for time_s, state, vehicles in zip(scene.times_s, states, found, strict=True)
        ],
    }  # fmt: skip
