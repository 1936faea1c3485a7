"""Truth against drawing: do the boxes of projected vertices fit the pixels that Blender gave to the same things?

Read from a folder of stills: the boxes stand in NAME.json, Blender's pixels in NAME_tracks.png. No Blender is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

# Only what nothing hides and no edge cuts can be compared; the truth rounds the visible share to 0.01.
WHOLE_FROM = 0.995
EDGE_PX = 2.0
# Blender's box is in whole pixels, moved by up to half a pixel by the lens: on smaller sides that alone costs a tenth.
SMALLEST_PX = 24.0


@dataclass(frozen=True, slots=True)
class Fit:
    """One thing of one still: its box in the truth and around its drawn pixels (x0, y0, x1, y1 px)."""

    still: str
    track: int
    kind: str
    box: tuple[float, float, float, float]
    drawn: tuple[float, float, float, float]

    @property
    def iou(self) -> float:
        """Intersection over union of the two boxes."""
        wide = min(self.box[2], self.drawn[2]) - max(self.box[0], self.drawn[0])
        high = min(self.box[3], self.drawn[3]) - max(self.box[1], self.drawn[1])
        shared = max(0.0, wide) * max(0.0, high)
        areas = ((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in (self.box, self.drawn))
        return shared / (sum(areas) - shared)


def fits(folder: Path) -> list[Fit]:
    """Everything whole in the stills of a folder whose box has sides of at least SMALLEST_PX.

    Raises:
        SystemExit: a still lacks its tracks.
    """
    return [fit for path in sorted(folder.glob("still_*.json")) for fit in _fits_of(path)]


def sampled(found: list[Fit], count: int, seed: int = 0) -> list[Fit]:
    """`count` of them, drawn without replacement; all where there are fewer."""
    chosen = np.random.default_rng(seed).permutation(len(found))[:count]
    return [found[i] for i in sorted(chosen)]


def _fits_of(path: Path) -> Iterator[Fit]:
    told = json.loads(path.read_text())
    tracks = cv2.imread(str(path.with_name(f"{path.stem}_tracks.png")), cv2.IMREAD_UNCHANGED)
    if tracks is None:
        raise SystemExit(f"{path.stem}_tracks.png is not readable; delete {path} and render again")
    for thing in told["objects"]:
        x0, y0, x1, y1 = thing["box"]
        inside = min(x0, y0, told["width_px"] - x1, told["height_px"] - y1) >= EDGE_PX
        if thing["visible"] < WHOLE_FROM or not inside or min(x1 - x0, y1 - y0) < SMALLEST_PX:
            continue
        mine = tracks == thing["track"]
        if not mine.any():
            drawn = (0.0, 0.0, 0.0, 0.0)
        else:
            rows, columns = np.flatnonzero(mine.any(axis=1)), np.flatnonzero(mine.any(axis=0))
            drawn = (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
        yield Fit(path.stem, thing["track"], thing["class"], (x0, y0, x1, y1), drawn)
