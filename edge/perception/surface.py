"""What a road looks like whatever the light's strength: its pattern of edges, and its colour."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.picture import Image

WIDTH_PX = 160
"""Coarse enough that a camera's slight sway moves nothing by a pixel."""
NIGHT_GREY = 48
"""Median grey (of 255) under which it is night."""
COLOURLESS = 8
"""Nearly all pixels' largest and smallest channel differ by less: the camera looks by infrared."""
LOCAL_PX = 8.0
"""Grey is taken relative to its mean this far around (standard deviation of a Gaussian)."""
SMOOTH_PX = 0.7
CHROMA_SMOOTH_PX = 1.5
GREY_FLOOR = 8.0
"""Added to grey and to channels before they are divided: the dark has no colour and no edges, only noise."""

Plane = NDArray[np.float32]


class Light(StrEnum):
    """By what light a picture was taken; the same road looks different by another."""

    DAY = "day"
    NIGHT = "night"
    INFRARED = "infrared"

    @classmethod
    def of(cls, image: Image) -> "Light":
        """Of a picture of any size."""
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        spread = image.max(axis=2) - image.min(axis=2)
        if np.percentile(spread, 95) < COLOURLESS:
            return cls.INFRARED
        return cls.NIGHT if np.median(grey) < NIGHT_GREY else cls.DAY


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """One picture's features at a width of `WIDTH_PX`.

    Attributes:
        light: by which it was taken.
        edges: [2, rows, columns], gradients along x and y of the grey relative to its surroundings, 1/pixel.
        chroma: [2, rows, columns], logarithms of red over green and of blue over green.
    """

    light: Light
    edges: Plane
    chroma: Plane

    @classmethod
    def of(cls, image: Image) -> Self:
        """Of a picture [height, width, 3]."""
        rows = max(1, round(image.shape[0] * WIDTH_PX / image.shape[1]))
        small = cv2.resize(image, (WIDTH_PX, rows), interpolation=cv2.INTER_AREA)
        values = small.astype(np.float32)
        grey = cv2.cvtColor(values, cv2.COLOR_BGR2GRAY)
        relative = grey / (cv2.GaussianBlur(grey, (0, 0), LOCAL_PX) + GREY_FLOOR)
        smooth = cv2.GaussianBlur(relative, (0, 0), SMOOTH_PX)
        edges = [cv2.Sobel(smooth, cv2.CV_32F, dx, 1 - dx, scale=1 / 8) for dx in (1, 0)]
        blue, green, red = cv2.split(cv2.GaussianBlur(values, (0, 0), CHROMA_SMOOTH_PX) + GREY_FLOOR)
        chroma = [np.log(red / green), np.log(blue / green)]
        return cls(
            Light.of(np.asarray(small, np.uint8)),
            np.stack(edges).astype(np.float32),
            np.stack(chroma).astype(np.float32),
        )
