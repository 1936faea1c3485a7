"""Hiding faces, number plates and private places in a picture.

What is hidden becomes a mosaic whose cells are at least a third as wide as the box they hide a part of: no smaller than
a head or a plate. Where boxes overlap, the coarsest mosaic wins. Nothing finer than a cell is left, in however many
pictures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.picture import Image
from models.boxes import areas
from models.detections import Detections

Polygon = Sequence[tuple[float, float]]
"""Points in 0–1 of width and height."""

SCORE_FLOOR = 0.1
"""A doubtful box costs some of the picture when it is masked, and a face when it is not."""
LARGE_FLOOR = 0.35
LARGE_PERSON_FLOOR = 0.2
LARGE_SHARE = (0.03, 0.10)
"""Detectors see large things best: a box this large (shares of the picture) with a low score is nothing, but hides the
street that the picture is to show. Between the two shares the floor rises from SCORE_FLOOR, less for people: a face is
worth more of the picture than a plate (docs/decisions/0007)."""
MARGIN = 0.05
"""Share of the box by which a hidden part is extended beyond it: detectors cut hair and bumpers."""
LEAST_CELL_PX = 8
CELLS_ACROSS = 3
"""A head is about a third of a person's box wide, a plate a quarter of a car's and a third of a motorcycle's."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of a box that are hidden, as shares of its height from its top; at least some share of its width."""

    top: float
    bottom: float
    least_of_width: float = 0.0


_HEAD = _Part(-MARGIN, 0.35, least_of_width=0.7)  # of someone cut off by the picture's edge, the head is a larger part
_PLATE = _Part(0.55, 1 + MARGIN)
_NOTHING = _Part(0.0, 0.0)  # who sells or buys is a person, and hidden as one
# Bicycles have no plates, but motorcycles are taken for them.
HIDDEN: dict[str, _Part] = {
    **dict.fromkeys(("person", "rider"), _HEAD),
    **dict.fromkeys(("bicycle", "motorcycle", "car", "van", "bus", "truck"), _PLATE),
    "vendor": _NOTHING,
}
"""What is hidden of each class a detector may name."""


@dataclass(frozen=True, slots=True)
class MaskedPicture:
    """A picture fit to leave the box. Only `mask` makes one.

    Attributes:
        image: height × width × 3, BGR.
        hidden: height × width, True where it was painted over.
    """

    image: Image = field(repr=False)
    hidden: NDArray[np.bool_] = field(repr=False)


def mask(image: Image, detections: Detections, private_zones: Sequence[Polygon] = ()) -> MaskedPicture:
    """Paints over the top 35 % of every person, the lower 45 % of every vehicle, and private zones (black).

    Args:
        image: height × width × 3, BGR; stays as it is.
        detections: everything a detector found in it, down to SCORE_FLOOR at least; pixels of this image.
        private_zones: each of three points or more.

    Raises:
        ValueError: a detection's class is not in HIDDEN, so nobody has decided what of it to hide.
    """
    height, width = image.shape[:2]
    cells = np.zeros((height, width), np.int32)
    for part, cell in _parts(detections[_believed(detections, height * width)], width=width, height=height):
        cells[part] = np.maximum(cells[part], cell)
    masked = image.copy()
    for cell in np.unique(cells[cells > 0]).tolist():
        masked[cells == cell] = _mosaic(image, cell)[cells == cell]
    private = _drawn(private_zones, height, width)
    masked[private] = 0
    return MaskedPicture(masked, private | (cells > 0))


def _believed(detections: Detections, picture_area: int) -> NDArray[np.bool_]:
    low, high = LARGE_SHARE
    doubt = np.clip((areas(detections.boxes) / picture_area - low) / (high - low), 0, 1)
    heads = [HIDDEN.get(label) is _HEAD for label in detections.labels()]
    rise = np.where(heads, LARGE_PERSON_FLOOR, LARGE_FLOOR) - SCORE_FLOOR
    # Scores are float32: 0.1 of a detector is a little more than ours.
    return np.asarray(detections.scores >= (SCORE_FLOOR + doubt * rise).astype(np.float32))


def _parts(detections: Detections, width: int, height: int) -> Iterator[tuple[tuple[slice, slice], int]]:
    """Hidden parts (rows, columns) in whole pixels, rounded outwards, inside the picture; the mosaic's cell of each."""
    for (x1, y1, x2, y2), label in zip(detections.boxes.tolist(), detections.labels(), strict=True):
        part = HIDDEN.get(label)
        if part is None:
            raise ValueError(f"nothing says what to hide of a {label!r}; add it to HIDDEN in {__name__}")
        aside = MARGIN * (x2 - x1)
        left, right = max(0, int(np.floor(x1 - aside))), min(width, int(np.ceil(x2 + aside)))
        top = max(0, int(np.floor(y1 + part.top * (y2 - y1))))
        extent = max(part.bottom * (y2 - y1), min(part.least_of_width * (x2 - x1), y2 - y1))
        bottom = min(height, int(np.ceil(y1 + extent)))
        if left < right and top < bottom:
            yield (slice(top, bottom), slice(left, right)), _cell(x2 - x1)


def _cell(box_width: float) -> int:
    """The least power of two that is large enough: few sizes, and all grids begin in the same corner."""
    least = max(float(LEAST_CELL_PX), box_width / CELLS_ACROSS)
    return int(2 ** np.ceil(np.log2(least)))


def _mosaic(image: Image, cell: int) -> Image:
    """The whole picture, each cell in its mean colour."""
    height, width = image.shape[:2]
    padded = cv2.copyMakeBorder(image, 0, -height % cell, 0, -width % cell, cv2.BORDER_REPLICATE)
    rows, columns = padded.shape[0] // cell, padded.shape[1] // cell
    colours = cv2.resize(padded, (columns, rows), interpolation=cv2.INTER_AREA)
    mosaic = cv2.resize(colours, (padded.shape[1], padded.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(mosaic[:height, :width], np.uint8)


def _drawn(zones: Sequence[Polygon], height: int, width: int) -> NDArray[np.bool_]:
    canvas = np.zeros((height, width), np.uint8)
    for zone in zones:
        points = np.rint(np.asarray(zone, np.float64) * (width, height)).astype(np.int32)
        if points.shape[0] < 3:
            raise ValueError(f"a private zone has {points.shape[0]} points; it takes three or more")
        cv2.fillPoly(canvas, [points], 1)
        cv2.polylines(canvas, [points], isClosed=True, color=1, thickness=3)  # so that rounding uncovers no edge
    return canvas.astype(np.bool_)
