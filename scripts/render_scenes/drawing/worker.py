"""What one Blender process does: frames of a scene, or stills of many scenes. Imports bpy through the stage."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from scripts.render_scenes.drawing.reel import Reel
from scripts.render_scenes.drawing.stage import Stage
from scripts.render_scenes.moment import Moment
from scripts.render_scenes.scenes.scene import Scene


def draw(scene: Scene, moments: Sequence[Moment], folder: Path, numbers: Sequence[int], threads: int) -> None:
    """Draw the canvases of these frames as `NNNNN.png`; empty streets are drawn once and kept beside them."""
    scratch = folder / f"scratch-{os.getpid()}"
    scratch.mkdir(parents=True)
    with blender_muted():
        reel = Reel(Stage(scene, threads), scene, moments, folder, scratch)
        for number in numbers:
            cv2.imwrite(str(scratch / "frame.png"), reel.canvas(number))
            (scratch / "frame.png").replace(folder / f"{number:05d}.png")
    for left in scratch.iterdir():
        left.unlink()
    scratch.rmdir()


def draw_still(scene: Scene, moment: Moment, path: Path, samples: int, threads: int) -> np.ndarray:
    """Draw one canvas whole; returns the track at each of its pixels, 0 for none, (H, W) int32."""
    with blender_muted():
        stage = Stage(scene, threads)
        stage.show(moment)
        stage.render(path, samples, careful=True)
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
