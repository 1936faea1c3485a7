"""The canvases of a clip, one after the other: what has not changed since the last is not drawn again. No Blender.

Canvases are kept as `NNNNN.png`, empty streets beside them, so that another process can go on where one stopped.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from scripts.render_scenes.drawing.regions import (
    compose,
    empty_key,
    feathered,
    floods,
    moved,
    signal_heads,
    touched,
    water,
)
from scripts.render_scenes.moment import Moment
from scripts.render_scenes.scenes.scene import Scene

EMPTY_SAMPLES = 16
# Seen beside 4 of them, and after the recorder, 2 look the same; 1 leaves coloured blots.
SAMPLES = 2
WORTH_DRAWING_EMPTY = 16
"""Of so many frames an empty street is drawn with care; a camera that turns shows others for a frame each."""


class Painter(Protocol):
    """What a reel needs of a stage."""

    def show(self, moment: Moment, *, empty: bool = False) -> None:
        """Show a moment, or the same without anybody."""
        ...

    def render(self, path: Path, samples: int, mask: np.ndarray | None = None, *, careful: bool = False) -> np.ndarray:
        """Draw the canvas (H, W, 3) BGR into a file too, or what a mask (H, W) shows of it."""
        ...


class Reel:
    """Draws frame after frame; of one that follows the last only what has changed."""

    def __init__(self, stage: Painter, scene: Scene, moments: Sequence[Moment], folder: Path, scratch: Path) -> None:
        self._stage, self._scene, self._moments = stage, scene, moments
        self._folder, self._scratch = folder, scratch
        self._keys = [empty_key(scene, moment) for moment in moments]
        self._shared = Counter(self._keys)
        self._empties: dict[Path, np.ndarray] = {}
        self._last: tuple[int, np.ndarray] | None = None

    def canvas(self, number: int) -> np.ndarray:
        """The canvas of a frame."""
        before = self._before(number)
        follows = before is not None and self._keys[number - 1] == self._keys[number]
        drawn = self._next(number, before) if before is not None and follows else self._first(number)
        self._last = number, drawn
        return drawn

    def _before(self, number: int) -> np.ndarray | None:
        """The canvas of the frame before, also one that another process drew."""
        if self._last is not None and self._last[0] == number - 1:
            return self._last[1]
        kept = self._folder / f"{number - 1:05d}.png"
        return cv2.imread(str(kept)) if number and kept.exists() else None

    def _first(self, number: int) -> np.ndarray:
        moment, empty = self._moments[number], self._empty(number)
        if empty is None:
            self._stage.show(moment)
            return self._stage.render(self._scratch / "whole.png", SAMPLES)
        mask = self._full(moment)
        return self._drawn_over(empty, moment, mask) if mask.any() else empty

    def _next(self, number: int, before: np.ndarray) -> np.ndarray:
        scene, then, moment = self._scene, self._moments[number - 1], self._moments[number]
        tracks = moved(then, moment)
        changed = touched(scene, then, tracks) | touched(scene, moment, tracks)
        changed |= water(scene, then) | water(scene, moment)
        signals = {group for group, colour in moment.signals.items() if then.signals.get(group) != colour}
        changed |= signal_heads(scene, moment, signals)
        drawn = self._drawn_over(before, moment, changed) if changed.any() else before
        empty = self._empty(number)
        # Where nobody is any more the street shows again as it was drawn with care.
        return drawn if empty is None else np.where(feathered(self._full(moment))[..., None] > 0, drawn, empty)

    def _drawn_over(self, under: np.ndarray, moment: Moment, mask: np.ndarray) -> np.ndarray:
        self._stage.show(moment)
        drawn = self._stage.render(self._scratch / "part.png", SAMPLES, mask)
        return compose(under, drawn, feathered(mask))

    def _full(self, moment: Moment) -> np.ndarray:
        return touched(self._scene, moment) | signal_heads(self._scene, moment, moment.signals.keys())

    def _empty(self, number: int) -> np.ndarray | None:
        """The empty street of a frame; None where it is not worth drawing."""
        moment, key = self._moments[number], self._keys[number]
        if floods(moment) or self._shared[key] < WORTH_DRAWING_EMPTY:
            return None
        kept = self._folder / f"empty-{hashlib.sha256(key.encode()).hexdigest()[:8]}.png"
        if kept not in self._empties:
            if not kept.exists():
                self._stage.show(moment, empty=True)
                self._stage.render(self._scratch / "empty.png", EMPTY_SAMPLES, careful=True)
                (self._scratch / "empty.png").replace(kept)
            empty = cv2.imread(str(kept))
            if empty is None:
                raise OSError(f"{kept} is not a readable picture; delete it and render again")
            self._empties[kept] = empty
        return self._empties[kept]
