"""Batches of views. One is a function of seed and step alone, so a stopped training goes on with the very next."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from models.detector import Image
from models.training.street import views
from models.training.street.recipe import CLASSES, VENDOR, Recipe
from models.training.street.samples import Labels, Sample
from models.training.street.weather import weathered

EMPTY_SHARE = 0.3
"""How often a picture without anything to find is drawn, against one with."""
CACHED_PICTURES = 1200
"""Decoded pictures that a loading process keeps: about 900 MB."""


class UnreadablePictureError(Exception):
    """A picture of the training set cannot be read; the text names it."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A data set and how often it is drawn."""

    name: str
    share: float
    samples: Sequence[Sample]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Pictures uint8 [batch, height, width, 3], BGR, the same ones before the weather came, and the labels of each."""

    images: Image
    clear: Image
    labels: tuple[Labels, ...]


class Batches:
    """`batches[step]`: the batch of this step, made anew each time it is asked for.

    Raises:
        ValueError: no source has a sample.
    """

    def __init__(self, sources: Sequence[Source], recipe: Recipe) -> None:
        self.sources = [source for source in sources if source.samples and source.share > 0]
        if not self.sources:
            raise ValueError("there is nothing to train on: give a folder of stills, shared data or pseudo-labels")
        self._recipe = recipe
        self._shares = _normalised([source.share for source in self.sources])
        self._chances = [
            _normalised([self._chance(sample.labels) for sample in source.samples]) for source in self.sources
        ]

    def _chance(self, labels: Labels) -> float:
        if not len(labels.boxes):
            return EMPTY_SHARE
        return self._recipe.vendor_pictures if CLASSES.index(VENDOR) in labels.classes else 1.0

    def __getitem__(self, step: int) -> Batch:
        # OpenCV's own threads only get in the way of those that train.
        cv2.setNumThreads(0)
        rng = np.random.default_rng([self._recipe.seed, step])
        chances = _normalised([share for _, _, share in self._recipe.sizes])
        height, width, _ = self._recipe.sizes[int(rng.choice(len(chances), p=chances))]
        count = max(1, round(self._recipe.batch_pixels / (height * width)))
        made = [self._view((height, width), np.random.default_rng([self._recipe.seed, step, n])) for n in range(count)]
        images, clear, labels = zip(*made, strict=True)
        return Batch(np.stack(images), np.stack(clear), labels)

    def _view(self, size: tuple[int, int], rng: np.random.Generator) -> tuple[Image, Image, Labels]:
        how = self._recipe.augmentation
        if rng.random() < how.mosaic:
            shown, labels = views.mosaic([self._drawn(rng) for _ in range(4)], size, how, rng)
        else:
            shown, labels = views.view(*self._drawn(rng), size, how, rng)
        return weathered(shown, how, rng), shown, labels

    def _drawn(self, rng: np.random.Generator) -> tuple[Image, Labels]:
        source = int(rng.choice(len(self.sources), p=self._shares))
        samples = self.sources[source].samples
        sample = samples[int(rng.choice(len(samples), p=self._chances[source]))]
        return read(sample.picture), sample.labels


@lru_cache(CACHED_PICTURES)
def read(path: Path) -> Image:
    """A picture file, uint8 BGR, kept in memory for a while: do not write into it.

    Raises:
        UnreadablePictureError: there is no such picture, or it is damaged.
    """
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise UnreadablePictureError(f"{path} is missing or no picture: restore it, or remove its labels")
    return np.asarray(image, np.uint8)


def _normalised(shares: Sequence[float]) -> np.ndarray:
    chances = np.asarray(shares, np.float64)
    return np.asarray(chances / chances.sum())
