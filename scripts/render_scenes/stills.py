"""Random training stills with their labels: one picture, one truth, two masks each. Drawing them needs Blender."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np

from scripts.render_scenes import jobs, lens
from scripts.render_scenes.bodies import catalogue
from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.moment import Actor
from scripts.render_scenes.scenes.random_still import View, random_scene
from scripts.render_scenes.truth import coco
from scripts.render_scenes.truth.frame import camera_at

SAMPLES = 10
COMPRESSION = (45, 92)  # JPEG qualities, as of cheap and good cameras
LEAST_PX = 12.0
"""A thing that a still is chosen for stands at least so tall in it."""


def name_of(seed: int) -> str:
    return f"still_{seed:06d}"


def seeds_of(text: str) -> list[int]:
    """The seeds of a list such as `0-103,126-143,1003`.

    Raises:
        ValueError: it is no such list.
    """
    seeds: list[int] = []
    for part in text.split(","):
        if not re.fullmatch(r"\d+(-\d+)?", part):
            raise ValueError(f"{part!r} is no seed and no range of seeds: write 7 or 0-103")
        first, _, last = part.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds


def seeds_showing(kind: str, first: int, count: int, view: View = "mast") -> list[int]:
    """The first so many seeds from `first` whose scenes have something of this kind before the camera.

    Raises:
        ValueError: nothing is of this kind.
    """
    if kind not in catalogue.KINDS:
        raise ValueError(f"nothing in a still is a {kind!r}; there are {', '.join(catalogue.KINDS)}")
    seeds: list[int] = []
    seed = first
    while len(seeds) < count:
        scene, moment = random_scene(seed, view)
        camera = camera_at(scene, moment)
        if any(catalogue.BY_NAME[actor.model].kind == kind and _stands_in(camera, actor) for actor in moment.actors):
            seeds.append(seed)
        seed += 1
    return seeds


def _stands_in(camera: Camera, actor: Actor) -> bool:
    """Whether an actor's foot and head lie in the picture, far enough apart; something may still hide it."""
    top_m = actor.z_m + catalogue.BY_NAME[actor.model].height_m
    ends = np.array([[actor.x_m, actor.y_m, actor.z_m], [actor.x_m, actor.y_m, top_m]])
    pixels, depths = camera.project(ends)
    inside = (pixels >= 0).all() and (pixels < [camera.width_px, camera.height_px]).all()
    return bool((depths > 0).all() and inside and pixels[0, 1] - pixels[1, 1] >= LEAST_PX)


def make(folder: Path, seeds: list[int], workers: int, samples: int = SAMPLES, view: View = "mast") -> float:
    """Draw the stills that are missing in `folder` and write `instances.json`; returns seconds for each new one."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [folder / f"{name_of(seed)}.json" for seed in seeds]
    words = ["draw-stills", "--out", str(folder), "--workers", str(workers), "--samples", str(samples), "--view", view]
    seconds = jobs.share_out("stills", words, wanted, seeds, workers=workers, batch=jobs.STILLS_A_PROCESS)
    coco.export(folder)
    return seconds


def draw(folder: Path, seeds: list[int], threads: int, samples: int, view: View = "mast") -> None:
    """Draw these stills one after the other; the truth is written last and says that a still is complete."""
    from scripts.render_scenes.drawing import worker  # noqa: PLC0415 - only a process that draws needs bpy

    for seed in seeds:
        name = name_of(seed)
        scene, moment = random_scene(seed, view)
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
