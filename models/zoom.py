"""Look closer where things are small: overlapping crops of a picture, detected enlarged and merged without doubles.

A small detector misses most things under 14 px of its own input and finds them reliably only from some 24 px. A crop of
60 % of a picture's sides shows everything in it 1.67 times larger, for the price of one more inference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.boxes import Boxes, coverage, overlaps, strongest
from models.detections import Detections
from models.detector import SCORE_FLOOR, VEHICLES, Detector, Image

UNCALIBRATED_MAGNIFICATION = 5 / 3
"""Where nobody knows how large a car is: 2 × 2 crops of the frame, each 60 % of its sides."""
OVERLAP = 0.2
"""The least share of a crop that its neighbour shows too: wide enough for most cars to be whole in one of them."""
MAX_CROPS = 6
SAME_THING = 0.45
"""Intersection over union from which two boxes of one group, seen at different magnifications, are one thing."""
COVERED = 0.6
"""Share of a cut box inside a whole one from which it is a piece of it."""
BORDER = 0.015
"""A box that ends within this share of a crop's longer side from its border counts as cut (6 px of the input)."""


@dataclass(frozen=True, slots=True, order=True)
class Crop:
    """A part of a picture: pixels x1 ≤ x < x2, y1 ≤ y < y2."""

    x1: int
    y1: int
    x2: int
    y2: int

    def __post_init__(self) -> None:
        if not (0 <= self.x1 < self.x2 and 0 <= self.y1 < self.y2):
            raise ValueError(f"a crop needs 0 ≤ x1 < x2 and 0 ≤ y1 < y2, not {self}")

    def of(self, image: Image) -> Image:
        """That part of the picture (a view, not a copy).

        Raises:
            ValueError: the crop reaches beyond the picture.
        """
        height, width = image.shape[:2]
        if self.x2 > width or self.y2 > height:
            raise ValueError(f"{self} reaches beyond the picture of {width} × {height} px")
        return image[self.y1 : self.y2, self.x1 : self.x2]


def crops_for(
    width: int,
    height: int,
    zones: Sequence[ArrayLike] = (),
    magnification: float = UNCALIBRATED_MAGNIFICATION,
    at_most: int = MAX_CROPS,
) -> tuple[Crop, ...]:
    """Crops that show the zones enlarged: row by row, of one size and of the frame's own proportions.

    Args:
        width: of the frame, pixels.
        height: of the frame, pixels.
        zones: polygons [k, 2] in pixels; none means the whole frame.
        magnification: how much larger than in the whole frame things shall appear; up to 1.1 gives no crops.
        at_most: so many crops; where more were needed, they magnify less.

    Raises:
        ValueError: a size or `at_most` is not positive, or a zone is not [k, 2] with k ≥ 3.
    """
    if width <= 0 or height <= 0 or at_most <= 0:
        raise ValueError(f"width, height and at_most must be positive, not {width}, {height}, {at_most}")
    polygons = polygons_of(zones)
    left, top, right, bottom = _bounds(polygons, width, height)
    if right <= left or bottom <= top:
        return ()
    while magnification > 1.1:
        size_x, size_y = round(width / magnification), round(height / magnification)
        columns = _starts(left, right, size_x, width)
        rows = _starts(top, bottom, size_y, height)
        if len(columns) * len(rows) <= at_most:
            return tuple(Crop(x, y, x + size_x, y + size_y) for y in rows for x in columns)
        magnification -= 0.05
    return ()


def polygons_of(zones: Sequence[ArrayLike]) -> list[NDArray[np.float64]]:
    """Zones as arrays [k, 2]. Raises ValueError where one is not [k, 2] with k ≥ 3."""
    polygons = [np.asarray(zone, float) for zone in zones]
    for polygon in polygons:
        if polygon.ndim != 2 or polygon.shape[1] != 2 or len(polygon) < 3:
            raise ValueError(f"a zone is [k, 2] with at least three points, not {list(polygon.shape)}")
    return polygons


def _bounds(polygons: list[NDArray[np.float64]], width: int, height: int) -> tuple[float, float, float, float]:
    if not polygons:
        return 0, 0, width, height
    points = np.clip(np.concatenate(polygons), 0, [width, height])
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _starts(low: float, high: float, size: int, limit: int) -> list[int]:
    """Where windows of `size` start that cover low … high evenly, inside 0 … limit, overlapping by OVERLAP or more."""
    count = 1
    while size + (count - 1) * size * (1 - OVERLAP) < high - low - 1:
        count += 1
    first, last = (low, high - size) if count > 1 else ((low + high - size) / 2,) * 2
    starts = np.clip(np.linspace(first, last, count), 0, limit - size)
    return sorted({round(float(start)) for start in starts})


def detect_zoomed(
    detector: Detector,
    images: Sequence[Image],
    crops: Sequence[Sequence[Crop]],
    floor: float = SCORE_FLOOR,
    *,
    crops_alone: bool = False,
) -> list[Detections]:
    """Each whole picture and its crops, detected together and merged.

    Args:
        detector: whose answers are merged.
        images: pictures of any sizes.
        crops: for every picture its crops; an empty sequence means the whole picture alone.
        floor: the lowest score of interest.
        crops_alone: leave the whole picture out where there are crops: one inference less, and what fills more of the
            picture than a crop is seen in pieces.

    Returns one `Detections` a picture, in its pixels, strongest first; also without crops, a thing seen as two kinds of
    vehicle at once is reported once.

    Raises:
        ValueError: not one sequence of crops a picture, or a crop beyond its picture.
    """
    if len(crops) != len(images):
        raise ValueError(f"{len(images)} pictures but crops for {len(crops)}")
    frames = [Crop(0, 0, image.shape[1], image.shape[0]) for image in images]
    views = [
        [*([] if crops_alone and wanted else [frame]), *wanted] for frame, wanted in zip(frames, crops, strict=True)
    ]
    cuttings = [view.of(image) for image, group in zip(images, views, strict=True) for view in group]
    seen = iter(detector.detect(cuttings, floor))
    merged = []
    for image, group in zip(images, views, strict=True):
        parts = []
        for view in group:
            part = next(seen).shifted(view.x1, view.y1)
            parts.append((part, cut_off(part, view, image)))
        merged.append(merge(Detections.concatenate([p for p, _ in parts]), np.concatenate([c for _, c in parts])))
    return merged


def cut_off(part: Detections, crop: Crop, image: Image) -> NDArray[np.bool_]:
    """Which boxes, in the picture's pixels, end at a border of the crop that is not one of the picture: bool [n]."""
    height, width = image.shape[:2]
    margin = BORDER * max(crop.x2 - crop.x1, crop.y2 - crop.y1)
    x1, y1, x2, y2 = part.boxes.T
    left = (x1 <= crop.x1 + margin) & (crop.x1 > 0)
    top = (y1 <= crop.y1 + margin) & (crop.y1 > 0)
    right = (x2 >= crop.x2 - margin) & (crop.x2 < width)
    bottom = (y2 >= crop.y2 - margin) & (crop.y2 < height)
    result: NDArray[np.bool_] = left | top | right | bottom
    return result


def merge(seen: Detections, cut: NDArray[np.bool_]) -> Detections:
    """One box a thing, strongest first.

    Boxes compete within a group: all kinds of vehicle are one group, every other class is its own. Whole boxes come
    before cut ones, then the stronger before the weaker; a box falls when one before it overlaps it by SAME_THING, and
    a cut one also when COVERED of it lies in one before it.

    Args:
        seen: boxes of one picture from all views.
        cut: bool [n]: the box ends at the border of the view it was seen in.
    """
    groups = np.where(seen.are(*VEHICLES), len(seen.names), seen.classes)
    whole_rows, cut_rows = np.flatnonzero(~cut), np.flatnonzero(cut)
    whole = whole_rows[strongest(seen.boxes[whole_rows], seen.scores[whole_rows], groups[whole_rows], SAME_THING)]
    pieces = cut_rows[np.argsort(-seen.scores[cut_rows], kind="stable")]
    pieces = pieces[~_belongs(seen.boxes, groups, pieces, whole).any(axis=1)]
    rivalry = _belongs(seen.boxes, groups, pieces, pieces)
    kept = np.zeros(len(pieces), bool)
    for row in range(len(pieces)):
        kept[row] = not (rivalry[row] & kept).any()
    survivors = seen[np.concatenate([whole, pieces[kept]])]
    return survivors[np.argsort(-survivors.scores, kind="stable")]


def _belongs(
    boxes: Boxes, groups: NDArray[np.int64], pieces: NDArray[np.intp], others: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Which cut boxes are the same thing as, or a piece of, which others: bool [pieces, others]."""
    same = overlaps(boxes[pieces], boxes[others]) > SAME_THING
    inside = coverage(boxes[pieces], boxes[others]) > COVERED
    result: NDArray[np.bool_] = (same | inside) & (groups[pieces][:, None] == groups[others][None, :])
    return result
