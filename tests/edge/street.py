"""A drawn street with a detector that knows what it draws: red boxes with a pattern are cars, in crops as well."""

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.picture import Picture
from models.detections import Detections
from models.detector import STREET_CLASSES, Image, ScriptedDetector

WIDTH, HEIGHT = 640, 360
Cars = Sequence[tuple[float, float]]
"""Upper left corners of the cars, pixels."""
CAR_PX = (60, 48)


def _texture(seed: int, width: int, height: int, low: int, high: int) -> NDArray[np.uint8]:
    coarse = np.random.default_rng(seed).integers(low, high, (height // 6 + 1, width // 6 + 1), np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


@cache
def _ground(scene: int) -> Image:
    low, high = (70, 150) if scene == 1 else (170, 250)
    return np.repeat(_texture(scene, WIDTH, HEIGHT, low, high)[:, :, None], 3, axis=2)


@cache
def _car(number: int) -> Image:
    body = _texture(100 + number, *CAR_PX, 0, 90)
    return np.dstack([body, body, np.full_like(body, 255)])


def _place(image: Image, patch: Image, x: float, y: float) -> None:
    """Draws a patch at a place between pixels; what lies outside the picture is cut."""
    left, top = int(np.floor(x)), int(np.floor(y))
    shift = np.array([[1.0, 0.0, x - left], [0.0, 1.0, y - top]])
    height, width = patch.shape[0] + 1, patch.shape[1] + 1
    drawn = cv2.warpAffine(patch, shift, (width, height))
    x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + width, WIDTH), min(top + height, HEIGHT)
    if x1 < x2 and y1 < y2:
        seen = drawn[y1 - top : y2 - top, x1 - left : x2 - left]
        solid = seen[..., 2] > 127
        image[y1:y2, x1:x2][solid] = seen[solid]


def draw(cars: Cars, *, scene: int = 1, shake: tuple[float, float] = (0.0, 0.0)) -> Image:
    """The street with cars on it; `scene` chooses another street, `shake` moves the camera by pixels."""
    image = _ground(scene).copy()
    for number, (x, y) in enumerate(cars):
        _place(image, _car(number), x, y)
    if shake == (0.0, 0.0):
        return image
    moved = np.array([[1.0, 0.0, shake[0]], [0.0, 1.0, shake[1]]])
    return np.asarray(cv2.warpAffine(image, moved, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT), np.uint8)


def find(image: Image) -> Detections:
    """The red boxes."""
    red = (image[..., 2] > 200) & (image[..., 1] < 120) & (image[..., 0] < 120)
    count, _, stats, _ = cv2.connectedComponentsWithStats(red.astype(np.uint8))
    boxes = [(x, y, x + w, y + h) for x, y, w, h, area in stats[1:count] if area > 60]
    return Detections(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.full(len(boxes), 0.9, np.float32),
        np.full(len(boxes), STREET_CLASSES.index("car"), np.int64),
        STREET_CLASSES,
    )


def detector() -> ScriptedDetector:
    """Sees every car."""
    return ScriptedDetector(find)


def film(
    start: Cars,
    speed_px_s: Sequence[tuple[float, float]],
    *,
    seconds: float = 2.0,
    fps: float = 8.0,
    since: float = 0.0,
    sway_px: float = 0.0,
) -> list[Picture]:
    """Pictures of cars that drive at constant speed, by a camera that sways so much."""
    pictures = []
    for number in range(round(seconds * fps) + 1):
        time = number / fps
        cars = [(x + vx * time, y + vy * time) for (x, y), (vx, vy) in zip(start, speed_px_s, strict=True)]
        sway = (sway_px * np.sin(3 * time), sway_px * np.cos(4 * time) - sway_px)
        pictures.append(Picture("north", since + time, draw(cars, shake=sway)))
    return pictures
