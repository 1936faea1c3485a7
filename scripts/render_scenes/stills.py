"""Random training stills with their labels: one picture, one truth, two masks each. Drawing them needs Blender."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from scripts.render_scenes import jobs, lens
from scripts.render_scenes.scenes.random_still import random_scene
from scripts.render_scenes.truth import coco

SAMPLES = 10
COMPRESSION = (45, 92)  # JPEG qualities, as of cheap and good cameras


def name_of(seed: int) -> str:
    return f"still_{seed:06d}"


def make(folder: Path, seeds: list[int], workers: int, samples: int = SAMPLES) -> float:
    """Draw the stills that are missing in `folder` and write `instances.json`; returns seconds for each new one."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [folder / f"{name_of(seed)}.json" for seed in seeds]
    words = ["draw-stills", "--out", str(folder), "--workers", str(workers), "--samples", str(samples)]
    seconds = jobs.share_out("stills", words, wanted, seeds, workers=workers, batch=jobs.STILLS_A_PROCESS)
    coco.export(folder)
    return seconds


def draw(folder: Path, seeds: list[int], threads: int, samples: int) -> None:
    """Draw these stills one after the other; the truth is written last and says that a still is complete."""
    from scripts.render_scenes.drawing import worker  # noqa: PLC0415 - only a process that draws needs bpy

    for seed in seeds:
        name = name_of(seed)
        scene, moment = random_scene(seed)
        canvas = folder / f".{name}.png"
        identities = worker.draw_still(scene, moment, canvas, samples, threads)
        drawn = cv2.imread(str(canvas))
        if drawn is None:
            raise OSError(f"{canvas} is not a readable picture; is the disk full?")
        picture = lens.finish(drawn, scene, moment, 0)
        quality = int(np.random.default_rng((seed, 41)).integers(*COMPRESSION))
        cv2.imwrite(str(folder / f"{name}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        coco.write_still(scene, moment, lens.through_lens(identities, scene.camera, exact=True), folder, name)
        canvas.unlink()
