"""A picture fitted into a network's input: scaled, never stretched, padded to whole cells."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from models.detector import Image


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How pictures of one size go into the network: at the upper left, black to the right and below.

    Attributes:
        width: of the network's input, pixels.
        height: of the network's input, pixels.
        inner_width: the part of it that the picture fills.
        inner_height: the part of it that the picture fills.
        scale_x: input pixels per picture pixel.
        scale_y: the same downwards; differs from `scale_x` by rounding only.
    """

    width: int
    height: int
    inner_width: int
    inner_height: int
    scale_x: float
    scale_y: float

    @classmethod
    def fit(cls, width: int, height: int, side: int, multiple: int) -> "Letterbox":
        """For pictures of width × height: the longer side becomes `side`, both are padded up to `multiple`.

        Padding only to whole cells, not to a square, saves a third of the work on 16:9 pictures.
        """
        scale = side / max(width, height)
        inner_width, inner_height = max(1, round(width * scale)), max(1, round(height * scale))
        return cls(
            _padded(inner_width, multiple),
            _padded(inner_height, multiple),
            inner_width,
            inner_height,
            inner_width / width,
            inner_height / height,
        )

    @classmethod
    @lru_cache(maxsize=256)  # a box sees pictures and crops of a few sizes, again and again
    def filling(cls, width: int, height: int, side: int, multiple: int) -> "Letterbox":
        """For pictures of width × height: as large as an input of no more pixels than a square of `side` allows.

        Fitted into the square itself, a picture of 16:9 would use 0.6 of the pixels that the network may see.
        """
        cells = (side // multiple) ** 2
        columns = range(1, cells + 1)
        scale = max(min(n * multiple / width, cells // n * multiple / height) for n in columns)
        return cls.fit(width, height, max(1, int(max(width, height) * scale + 1e-6)), multiple)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the input: pictures with equal shapes share a batch."""
        return self.height, self.width

    def place(self, image: Image, padding: int = 0) -> Image:
        """The picture as the network gets it: uint8 [height, width, 3], `padding` (a grey level) around it."""
        # Linear sampling skips pixels beyond a factor of two and lets small things flicker; averaging whole blocks
        # first prevents that, and takes a quarter of the time of one averaging resize.
        factor = 1
        while min(image.shape[1] / self.inner_width, image.shape[0] / self.inner_height) >= 2 * factor:
            factor *= 2
        if factor > 1:
            size = (image.shape[1] // factor, image.shape[0] // factor)
            image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        inner = cv2.resize(image, (self.inner_width, self.inner_height), interpolation=cv2.INTER_LINEAR)
        canvas = np.full((self.height, self.width, 3), padding, np.uint8)
        canvas[: self.inner_height, : self.inner_width] = inner
        return canvas


def _padded(length: int, multiple: int) -> int:
    return -(-length // multiple) * multiple
