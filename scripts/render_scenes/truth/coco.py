"""Labels of training stills: a truth and two masks beside each picture, and one COCO file for all of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from scripts.render_scenes import RENDERER_VERSION
from scripts.render_scenes.bodies.catalogue import KINDS
from scripts.render_scenes.moment import Moment
from scripts.render_scenes.scenes.scene import Scene
from scripts.render_scenes.truth import water
from scripts.render_scenes.truth.description import SCHEMA_VERSION, camera_record, frame

# Less than this of a thing, or smaller, cannot be asked of a detector: it is labelled as a region to ignore.
LEAST_VISIBLE, SMALLEST_PX = 0.15, 8.0


def write_still(scene: Scene, moment: Moment, tracks: np.ndarray, folder: Path, name: str) -> None:
    """NAME_tracks.png (16 bit, the track at each pixel), NAME_water.png (8 bit, 255 is water), NAME.json last."""
    cv2.imwrite(str(folder / f"{name}_tracks.png"), tracks.astype(np.uint16))
    mask = water.visible_mask(scene, moment, tracks)
    cv2.imwrite(str(folder / f"{name}_water.png"), mask.astype(np.uint8) * 255)
    told = {
        "schema": SCHEMA_VERSION,
        "renderer": RENDERER_VERSION,
        "seed": scene.seed,
        "width_px": scene.camera.width_px,
        "height_px": scene.camera.height_px,
        "light": scene.weather.light,
        "camera": camera_record(scene.camera),
        **frame(scene, moment),
    }
    part = folder / f".{name}.json.part"
    part.write_text(json.dumps(told))
    part.replace(folder / f"{name}.json")


def export(folder: Path) -> Path:
    """Gather the stills of a folder into `instances.json` (COCO detection format) and return its path."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, path in enumerate(sorted(folder.glob("still_*.json")), start=1):
        told = json.loads(path.read_text())
        images.append({"id": number, "file_name": f"{path.stem}.jpg", "width": told["width_px"],
                       "height": told["height_px"]})  # fmt: skip
        tracks = cv2.imread(str(folder / f"{path.stem}_tracks.png"), cv2.IMREAD_UNCHANGED)
        if tracks is None:
            raise SystemExit(f"{folder / path.stem}_tracks.png is not readable; delete {path.name} and render again")
        area = Counter(tracks.ravel().tolist())
        for thing in told["objects"]:
            x0, y0, x1, y1 = thing["visible_box"]
            unclear = thing["visible"] < LEAST_VISIBLE or min(x1 - x0, y1 - y0) < SMALLEST_PX
            annotations.append({
                "id": len(annotations) + 1,
                "image_id": number,
                "category_id": KINDS.index(thing["class"]) + 1,
                "bbox": [x0, y0, x1 - x0, y1 - y0],
                "area": area.get(thing["track"], 0),
                "iscrowd": int(unclear),
                "visible": thing["visible"],
                "track": thing["track"],
            })  # fmt: skip
    categories = [{"id": number, "name": kind, "supercategory": "street"} for number, kind in enumerate(KINDS, start=1)]
    path = folder / "instances.json"
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))
    return path
