"""Stills as `scripts/render_scenes` writes them, drawn without a renderer: blocks on noise."""

import json
from pathlib import Path

import cv2
import numpy as np

from models.training.street.recipe import CLASSES


def draw(folder: Path, count: int, width: int = 160, height: int = 96) -> Path:
    """`still_000000.jpg` and `.json` and so on; every third thing is hidden."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        rng = np.random.default_rng(number)
        image = rng.integers(60, 120, (height, width, 3), np.uint8)
        things = []
        for track in range(6):
            kind = int(rng.integers(len(CLASSES)))
            w, h = rng.uniform(10, 40, 2)
            x, y = rng.uniform(0, width - w), rng.uniform(0, height - h)
            cv2.rectangle(image, (int(x), int(y)), (int(x + w), int(y + h)), (30 * kind, 255 - 30 * kind, 255), -1)
            box = [round(v, 1) for v in (x, y, x + w, y + h)]
            visible = 0.1 if track % 3 == 2 else 0.9
            things.append({"track": track, "class": CLASSES[kind], "box": box, "visible": visible, "visible_box": box})
        cv2.imwrite(str(folder / f"still_{number:06d}.jpg"), image)
        (folder / f"still_{number:06d}.json").write_text(json.dumps({"objects": things}))
    return folder
