"""Parts of pictures as the network gets them, with their labels moved along: scale, place, mirror, mosaic. No torch."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from models.boxes import areas
from models.detector import Image
from models.training.street.recipe import CLASSES, Augmentation
from models.training.street.samples import Labels

LEAST_LEFT = 0.35
"""Share of a thing that a view must still show before the network is asked for it."""
RARE = {"vendor": 2.0, "motorcycle": 1.5, "bicycle": 1.5, "bus": 1.5, "truck": 1.5}
"""How much more often than a car a view is made around a thing of such a class."""


@dataclass(frozen=True, slots=True)
class Framing:
    """How a picture lies in a view: scaled, its upper left corner at (−left, −top) of a black canvas, pixels."""

    scale_x: float
    scale_y: float
    left: float
    top: float
    height: int
    width: int


def view(
    image: Image, labels: Labels, size: tuple[int, int], how: Augmentation, rng: np.random.Generator
) -> tuple[Image, Labels]:
    """One view of a picture, uint8 [height, width, 3] for a size (height, width), and its labels."""
    if rng.random() < how.whole:
        scale, left, top = _fitting(image, size) * rng.uniform(0.9, 1.0), 0.0, 0.0
    else:
        scale, left, top = _around_something(image, labels, size, how, rng)
    stretch = float(np.exp(rng.uniform(-0.12, 0.12)))
    framing = Framing(scale * stretch, scale / stretch, left, top, *size)
    shown, moved = placed(image, framing), moved_labels(labels, framing, how.least_px)
    if rng.random() < how.mirror:
        shown, moved = np.ascontiguousarray(shown[:, ::-1]), mirrored(moved, size[1])
    return shown, moved


def mosaic(
    parts: Sequence[tuple[Image, Labels]], size: tuple[int, int], how: Augmentation, rng: np.random.Generator
) -> tuple[Image, Labels]:
    """Four views side by side, meeting at a random point."""
    height, width = size
    row, column = round(height * rng.uniform(0.3, 0.7)), round(width * rng.uniform(0.3, 0.7))
    canvas = np.zeros((height, width, 3), np.uint8)
    found = []
    corners = ((0, 0, row, column), (0, column, row, width), (row, 0, height, column), (row, column, height, width))
    for (image, labels), (top, left, bottom, right) in zip(parts, corners, strict=True):
        shown, moved = view(image, labels, (bottom - top, right - left), how, rng)
        canvas[top:bottom, left:right] = shown
        shift = np.array([left, top, left, top], np.float32)
        found.append(Labels(moved.boxes + shift, moved.classes, moved.ignored + shift, moved.ignored_for))
    return canvas, Labels.joined(found)


def placed(image: Image, framing: Framing) -> Image:
    """The picture in its view: uint8 [height, width, 3]."""
    scale_x, scale_y = framing.scale_x, framing.scale_y
    # Linear sampling skips pixels beyond a factor of two: average whole blocks first, as the product does.
    factor = 1
    while min(1 / scale_x, 1 / scale_y) >= 2 * factor:
        factor *= 2
    if factor > 1:
        small = (max(1, image.shape[1] // factor), max(1, image.shape[0] // factor))
        scale_x, scale_y = scale_x * image.shape[1] / small[0], scale_y * image.shape[0] / small[1]
        image = np.asarray(cv2.resize(image, small, interpolation=cv2.INTER_AREA), np.uint8)
    # Pixel centres lie at half pixels: (x + ½) · scale − ½.
    matrix = np.array(
        [[scale_x, 0, scale_x / 2 - 0.5 - framing.left], [0, scale_y, scale_y / 2 - 0.5 - framing.top]], np.float64
    )
    size = (framing.width, framing.height)
    return np.asarray(cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)


def moved_labels(labels: Labels, framing: Framing, least_px: float) -> Labels:
    """Labels in the view's pixels, cut at its border; what is too small or mostly outside becomes one to ignore."""
    scale = np.array([framing.scale_x, framing.scale_y] * 2, np.float32)
    shift = np.array([framing.left, framing.top] * 2, np.float32)
    limit = np.array([framing.width, framing.height] * 2, np.float32)
    whole = labels.boxes * scale - shift
    cut = np.clip(whole, 0, limit)
    area, before = areas(cut), np.maximum(areas(whole), 1e-6)
    inside = (cut[:, 2:] > cut[:, :2]).all(axis=1)
    clear = inside & (np.sqrt(area) >= least_px) & (area >= LEAST_LEFT * before)
    unclear = inside & ~clear
    regions = np.clip(labels.ignored * scale - shift, 0, limit)
    there = (regions[:, 2:] > regions[:, :2]).all(axis=1)
    everything = np.ones((int(unclear.sum()), len(CLASSES)), bool)
    return Labels(
        cut[clear],
        labels.classes[clear],
        np.concatenate([regions[there], cut[unclear]]),
        np.concatenate([labels.ignored_for[there], everything]),
    )


def mirrored(labels: Labels, width: int) -> Labels:
    """Left and right exchanged."""

    def flipped(boxes: np.ndarray) -> np.ndarray:
        return np.stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]], axis=1)

    return Labels(flipped(labels.boxes), labels.classes, flipped(labels.ignored), labels.ignored_for)


def _fitting(image: Image, size: tuple[int, int]) -> float:
    height, width = image.shape[:2]
    return float(min(size[0] / height, size[1] / width))


def _around_something(
    image: Image, labels: Labels, size: tuple[int, int], how: Augmentation, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Scale and upper left corner of a view that shows a drawn thing at a drawn size; some place, without things."""
    whole = _fitting(image, size)
    size_px = np.exp(rng.uniform(*np.log(how.object_px)))
    if len(labels.boxes):
        chance = np.array([RARE.get(CLASSES[kind], 1.0) for kind in labels.classes])
        box = labels.boxes[rng.choice(len(chance), p=chance / chance.sum())]
        thing_px = max(1.0, float(np.sqrt((box[2] - box[0]) * (box[3] - box[1]))))
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        wanted = size_px / thing_px
    else:
        x, y = rng.uniform(0, image.shape[1]), rng.uniform(0, image.shape[0])
        wanted = whole * float(np.exp(rng.uniform(-0.5, 1.2)))
    height, width = size
    # At least 0.6 of what fills the view: more black border would be computed for nothing.
    least = 0.6 * max(height / image.shape[0], width / image.shape[1])
    scale = float(np.clip(wanted, least, max(how.most_enlarged, least)))
    corner = []
    for place, length, room in ((x, image.shape[1], width), (y, image.shape[0], height)):
        spare = length * scale - room
        start = place * scale - rng.uniform(0.15, 0.85) * room
        corner.append(float(np.clip(start, min(0.0, spare), max(0.0, spare))))
    return scale, corner[0], corner[1]
