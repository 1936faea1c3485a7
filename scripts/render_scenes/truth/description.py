"""The truth of a whole scene, as the JSON beside its video. Described in sample_videos/README.md.

Raise SCHEMA_VERSION whenever a reader would have to change.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scripts.render_scenes import RENDERER_VERSION
from scripts.render_scenes.bodies import catalogue
from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.moment import Moment
from scripts.render_scenes.place.relief import LOWEST_M
from scripts.render_scenes.scenes.scene import Scene, Zone
from scripts.render_scenes.truth import incidents, water
from scripts.render_scenes.truth.frame import Seen, camera_at, look

SCHEMA_VERSION = 2
KINDS = {model.name: model.kind for model in catalogue.MODELS}


def describe(scene: Scene) -> dict[str, Any]:
    """The whole truth, ready for JSON."""
    moments = scene.story.moments(scene)
    told = [frame(scene, moment) for moment in moments]
    states = {zone.name: [record["zones"][zone.name] for record in told] for zone in scene.zones}
    shown = {thing["track"] for record in told for thing in record["objects"]}
    models = {actor.track: actor.model for moment in moments for actor in moment.actors if actor.track in shown}
    return {
        "schema": SCHEMA_VERSION,
        "scene": scene.name,
        "seed": scene.seed,
        "renderer": RENDERER_VERSION,
        "fps": scene.fps,
        "frame_count": scene.frames,
        "width_px": scene.camera.width_px,
        "height_px": scene.camera.height_px,
        "light": scene.weather.light,
        "camera": camera_record(scene.camera),
        "zones": [zone_record(zone, scene.camera) for zone in scene.zones],
        "incidents": incidents.of_scene(scene, moments, states, KINDS),
        "tracks": [
            {
                "track": track,
                "class": KINDS[model],
                "model": model,
                "length_m": round(catalogue.BY_NAME[model].length_m, 2),
            }
            for track, model in sorted(models.items())
        ],
        "frames": told,
    }


def frame(scene: Scene, moment: Moment) -> dict[str, Any]:
    """One frame: what happens around, each zone's state, everything the picture shows."""
    seen, _ = look(scene, moment)
    told: dict[str, Any] = {"time_s": moment.time_s}
    if moment.signals:
        told["signals"] = moment.signals
    if moment.rain or moment.wet:
        told |= {"rain": round(moment.rain, 3), "wet": round(moment.wet, 3)}
    if moment.water_m > LOWEST_M:
        told["water_level_m"] = round(moment.water_m, 4)
    fault = incidents.fault_of(moment.camera)
    if fault:
        told["camera_fault"] = fault
    camera = camera_at(scene, moment)
    if camera != scene.camera:
        told["camera"] = {"rotation": rows(camera.rotation)}
    told["zones"] = {zone.name: zone_state(scene, moment, zone, seen) for zone in scene.zones}
    told["objects"] = [thing.record() for thing in seen]
    return told


def zone_state(scene: Scene, moment: Moment, zone: Zone, seen: Sequence[Seen]) -> dict[str, Any]:
    """Vehicles standing in the zone, their mean speed, the zone's occupancy; for roadways also the water.

    Occupancy is the share of the zone under the lower thirds of the vehicles' boxes.
    """
    camera = camera_at(scene, moment)
    area, covered = water.zone_mask(zone, camera), np.zeros((camera.height_px, camera.width_px), bool)
    speeds = []
    for thing in seen:
        if KINDS[thing.actor.model] not in incidents.VEHICLES:
            continue
        x0, y0, x1, y1 = thing.box
        covered[round(y1 - (y1 - y0) / 3) : round(y1), round(x0) : round(x1)] = True
        if incidents.inside(thing.actor, zone):
            speeds.append(thing.actor.speed_ms * 3.6)
    state: dict[str, Any] = {
        "vehicles": len(speeds),
        "speed_kmh": round(float(np.mean(speeds)), 2) if speeds else None,
        "occupancy": round(float((covered & area).sum() / max(1, area.sum())), 3),
    }
    if zone.kind == "roadway":
        state["water"] = water.in_zone(scene, moment, zone)
    return state


def zone_record(zone: Zone, camera: Camera) -> dict[str, Any]:
    polygon = [[round(float(x), 4), round(float(y), 4)] for x, y in water.outline(zone, camera)]
    return {"name": zone.name, "kind": zone.kind, "polygon": polygon, "ground_m": [list(p) for p in zone.ground_m]}


def rows(matrix: np.ndarray) -> list[Any]:
    return [[float(f"{v:.12g}") for v in row] for row in np.atleast_2d(matrix)]


def camera_record(camera: Camera) -> dict[str, Any]:
    return {
        "position_m": list(camera.position_m),
        "mount_height_m": camera.position_m[2],
        "intrinsics": rows(camera.intrinsics),
        "rotation": rows(camera.rotation),
        "translation_m": rows(camera.translation)[0],
        "matrix": rows(camera.matrix),
        "distortion": list(camera.distortion),
        "ground_to_pixel": rows(camera.ground_to_pixel),
        "pixel_to_ground": rows(camera.pixel_to_ground),
    }


def write(scene: Scene, path: Path) -> None:
    """One line a frame, so that a change of the truth can be read as a difference; whole or not at all."""
    described = describe(scene)
    frames = ",\n".join(json.dumps(record, separators=(",", ":")) for record in described.pop("frames"))
    tracks = ",\n".join(json.dumps(track, separators=(",", ":")) for track in described.pop("tracks"))
    head = json.dumps(described, indent=1)[:-2]
    part = path.with_name(f".{path.name}.part")
    part.write_text(f'{head},\n "tracks": [\n{tracks}\n ],\n "frames": [\n{frames}\n ]\n}}\n')
    part.replace(path)
