"""A drawn road in all weathers, and a network of water that knows what it draws: this very brown is water."""

from functools import cache

import cv2
import numpy as np

from edge.perception.observation import LookKind, Observation
from edge.perception.zone import Zone
from edge.picture import Image, Picture
from models.detections import Detections
from models.detector import STREET_CLASSES
from models.water import WaterSeen
from models.water_network import ScriptedWater

WIDTH, HEIGHT = 640, 360
ROAD = Zone("road", ((0.2, 0.3), (0.8, 0.3), (1, 1), (0, 1)))
BROWN = (70, 110, 140)


@cache
def _dry() -> Image:
    random = np.random.default_rng(3)
    coarse = random.integers(90, 130, (HEIGHT // 8, WIDTH // 8), np.uint8)
    image = cv2.cvtColor(cv2.resize(coarse, (WIDTH, HEIGHT)), cv2.COLOR_GRAY2BGR)
    image[: HEIGHT // 4] = (200, 150, 110)  # sky
    for x in (200, 320, 440):
        for y in range(120, HEIGHT, 60):
            cv2.line(image, (x, y), (x, y + 30), (235, 235, 235), 6)
    return np.asarray(image, np.uint8)


def _noisy(image: np.ndarray, seed: int) -> Image:
    noise = np.random.default_rng(seed).normal(0, 2, image.shape)
    return np.asarray(np.clip(image + noise, 0, 255), np.uint8)


def dry(seed: int = 0) -> Image:
    """By day; every seed has its own noise."""
    return _noisy(_dry(), seed)


def wet(seed: int = 0) -> Image:
    """Darker, and shining where the sky is mirrored."""
    shine = cv2.GaussianBlur(np.random.default_rng(5).integers(0, 60, (HEIGHT, WIDTH), np.uint8), (0, 0), 20)
    return _noisy(_dry() * 0.55 + shine[:, :, None], seed)


def flooded(share: float = 1.0, seed: int = 0) -> Image:
    """Brown water from the left over a share of the picture's width, all of its ground."""
    image = _dry().copy()
    image[HEIGHT // 4 :, : round(share * WIDTH)] = BROWN
    return _noisy(image, seed)


def shaded(share: float, seed: int = 0) -> Image:
    """In sunlight, with the hard shadow of a house over the left share of the picture's width."""
    image = _dry().astype(float)
    image[:, : round(share * WIDTH)] *= 0.45
    return _noisy(image, seed)


def by_night(image: Image) -> Image:
    """The same in the light of one lamp at the right."""
    lamp = np.linspace(0.05, 0.3, WIDTH)[None, :, None]
    return np.asarray(image * lamp, np.uint8)


def find_water(image: Image) -> WaterSeen:
    """The brown."""
    small = cv2.resize(image, (WIDTH // 4, HEIGHT // 4), interpolation=cv2.INTER_AREA).astype(int)
    brown = np.abs(small - BROWN).max(axis=2) < 12
    return WaterSeen(brown.astype(np.float32), flood=0.9 if brown.mean() > 0.1 else 0.1, above=0.5)


def everywhere(image: Image) -> WaterSeen:
    """A network that is sure of a flood in every picture."""
    return WaterSeen(np.ones((HEIGHT // 4, WIDTH // 4), np.float32), flood=0.9, above=0.5)


def honest() -> ScriptedWater:
    """Sees all water there is and nothing else."""
    return ScriptedWater(find_water)


def looked(image: Image, time: float, *boxes: tuple[float, float, float, float]) -> tuple[Picture, Observation]:
    """A picture, and a look at it that saw lorries in these boxes."""
    lorries = Detections(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.full(len(boxes), 0.9, np.float32),
        np.full(len(boxes), STREET_CLASSES.index("truck"), np.int64),
        STREET_CLASSES,
    )
    size = (image.shape[1], image.shape[0])
    return Picture("north", time, image), Observation("north", LookKind.GLANCE, time, time, lorries, size=size)
