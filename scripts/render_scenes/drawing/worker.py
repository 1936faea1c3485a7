"""What one Blender process does: frames of a scene, or stills of many scenes. Imports bpy through the stage."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from scripts.render_scenes.drawing.regions import compose, empty_key, regions, touched
from scripts.render_scenes.drawing.stage import Stage
from scripts.render_scenes.moment import Moment
from scripts.render_scenes.scenes.scene import Scene

EMPTY_SAMPLES = 64
ACTOR_SAMPLES = 4
# By night the sensor's noise covers that of the drawing, and each sample costs twice as much.
WHOLE_SAMPLES, DARK_SAMPLES = 4, 3


def draw(scene: Scene, moments: Sequence[Moment], folder: Path, numbers: Sequence[int], threads: int) -> None:
    """Draw the canvases of these frames as `NNNNN.png`; empty streets are drawn once and kept beside them."""
    scratch = folder / f"scratch-{os.getpid()}"
    scratch.mkdir(parents=True)
    with blender_muted():
        stage = Stage(scene, threads)
        for number in numbers:
            canvas = _canvas(stage, scene, moments[number], folder, scratch)
            cv2.imwrite(str(scratch / "frame.png"), canvas)
            (scratch / "frame.png").replace(folder / f"{number:05d}.png")
    for left in scratch.iterdir():
        left.unlink()
    scratch.rmdir()


def _canvas(stage: Stage, scene: Scene, moment: Moment, folder: Path, scratch: Path) -> np.ndarray:
    key = empty_key(scene, moment)
    if key is None:
        stage.show(moment)
        dark = scene.weather.light in ("dusk", "night")
        return stage.render(scratch / "whole.png", DARK_SAMPLES if dark else WHOLE_SAMPLES)
    kept = folder / f"empty-{hashlib.sha256(key.encode()).hexdigest()[:8]}.png"
    if not kept.exists():
        stage.show(moment, empty=True)
        stage.render(scratch / "empty.png", EMPTY_SAMPLES)
        (scratch / "empty.png").replace(kept)
    empty = cv2.imread(str(kept))
    if empty is None:
        raise OSError(f"{kept} is not a readable picture; delete it and render again")
    mask = touched(scene, moment)
    if not mask.any():
        return empty
    stage.show(moment)
    drawn = [(region, stage.render(scratch / "part.png", ACTOR_SAMPLES, region)) for region in regions(mask)]
    return compose(empty, drawn, mask)


def draw_still(scene: Scene, moment: Moment, path: Path, samples: int, threads: int) -> np.ndarray:
    """Draw one canvas whole; returns the track at each of its pixels, 0 for none, (H, W) int32."""
    with blender_muted():
        stage = Stage(scene, threads)
        stage.show(moment)
        stage.render(path, samples)
        scratch = path.with_name(f"{path.stem}-ids.png")
        identities = stage.identities(scratch)
        scratch.unlink()
    return identities


@contextlib.contextmanager
def blender_muted() -> Iterator[None]:
    """Send what Blender's C code prints for every picture to nowhere; errors still reach stderr."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
