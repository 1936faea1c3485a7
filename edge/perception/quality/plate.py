"""A picture made small enough to be judged as a picture in a millisecond or two."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.picture import Image

FINE_WIDTH = 640
"""Pixels; wider pictures are shrunk to it before their fine detail is measured."""
COARSE_WIDTH = 80
"""Pixels: so few that sensor noise and a slight blur vanish and the layout of the view remains."""
GRID = (10, 6)
"""Columns and rows of blocks in which a view is judged."""
EDGE_SHARE = 0.03
"""Of the picture's contrast, for one coarse pixel: a weaker edge counts by its strength, a stronger one by its
direction alone."""
LEAST_EDGE = 0.3
"""Grey levels: what noise still makes of edges in the coarse picture."""
MOST_NOISE = 3.0
"""Grey levels of the Laplacian: more in the flattest blocks is not noise but a view without flat blocks."""

Grid = NDArray[np.float32]
"""One number a block, [rows, columns]."""
Field = NDArray[np.float32]
"""Direction of the brightness gradient, [height, width, 2], length 0 (flat) to 1 (a clear edge)."""


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """What of one picture is looked at.

    Attributes:
        grey: uint8 [height, width], at most `FINE_WIDTH` wide.
        coarse: the same at `COARSE_WIDTH`, float32, grey levels.
        field: normalised gradient of `coarse` (orientation correlation; Fitch et al., BMVC 2002): the same edge under
            another light keeps its direction.
        gradient: mean gradient of each block, grey levels a coarse pixel.
        detail: mean absolute Laplacian of `grey` in each block, its noise taken out, grey levels.
        light: mean grey of each block, 0–1.
        colour: mean spread of the colour channels, 0–1; about 0 at night under infra-red.
    """

    grey: NDArray[np.uint8]
    coarse: NDArray[np.float32]
    field: Field
    gradient: Grid
    detail: Grid
    light: Grid
    colour: float

    @classmethod
    def of(cls, image: Image) -> Self:
        """From a picture, [height, width, 3] BGR."""
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
        height, width = grey.shape
        if width > FINE_WIDTH:
            size = (FINE_WIDTH, max(GRID[1], round(height * FINE_WIDTH / width)))
            grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
        size = (COARSE_WIDTH, max(GRID[1], round(height * COARSE_WIDTH / width)))
        coarse = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.float32)
        across = cv2.Sobel(coarse, cv2.CV_32F, 1, 0, scale=1 / 8)
        down = cv2.Sobel(coarse, cv2.CV_32F, 0, 1, scale=1 / 8)
        strength = cv2.magnitude(across, down)
        weak = max(EDGE_SHARE * float(coarse.std()), LEAST_EDGE)
        field = cv2.merge((across, down)) / np.sqrt(strength**2 + weak**2)[..., None]
        sparse = image[::16, ::16]
        return cls(
            grey, coarse, np.asarray(field, np.float32), blocks(np.asarray(strength, np.float32)), _detail(grey),
            blocks(coarse / np.float32(255)), float(np.ptp(sparse, axis=2).mean()) / 255,
        )  # fmt: skip


def blocks(values: NDArray[np.float32]) -> Grid:
    """The mean in each block of the grid."""
    return np.asarray(cv2.resize(values, GRID, interpolation=cv2.INTER_AREA), np.float32)


def _detail(grey: NDArray[np.uint8]) -> Grid:
    """Fine detail of each block above the noise, which is what the flattest blocks show."""
    edges = cv2.convertScaleAbs(cv2.Laplacian(grey, cv2.CV_16S))
    found = blocks(np.asarray(edges, np.float32))
    noise = min(float(np.quantile(found, 0.05)), MOST_NOISE)
    return np.asarray(np.maximum(found - noise, 0.0), np.float32)
