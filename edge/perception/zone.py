"""A zone as perception uses it: a polygon, and its raster at a size that is cheap to count in."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

RASTER_WIDTH_PX = 320
"""Shares of a zone are counted on a raster of this width: a pixel of it is finer than any box is sharp."""

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon in a camera's view.

    Attributes:
        id: the zone's id in the configuration.
        points: corners, x and y in 0–1 of the picture's width and height.
    """

    id: str
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if len(self.points) < 3:
            raise ValueError(f"zone {self.id!r} has {len(self.points)} points; a polygon needs at least 3")
        if not all(0 <= x <= 1 and 0 <= y <= 1 for x, y in self.points):
            raise ValueError(f"zone {self.id!r}: points are shares of width and height, between 0 and 1")

    def pixels(self, width: int, height: int) -> NDArray[np.float64]:
        """Corners in pixels of a picture of this size: [k, 2]."""
        return np.asarray(self.points, float) * (width, height)


class ZoneRaster:
    """One zone on the counting raster of one picture size.

    Attributes:
        zone: whose raster it is.
        scale: raster pixels per picture pixel.
        mask: 1 inside the zone, uint8 [rows, columns].
    """

    __slots__ = ("_along", "area", "mask", "scale", "zone")

    BANDS = 12
    """Slices across the zone's long axis, for the share of its length that a queue fills."""

    def __init__(self, zone: Zone, width: int, height: int) -> None:
        self.zone = zone
        self.scale = RASTER_WIDTH_PX / width
        rows = max(1, round(height * self.scale))
        self.mask: Mask = np.zeros((rows, RASTER_WIDTH_PX), np.uint8)
        corners = np.round(zone.pixels(RASTER_WIDTH_PX, rows)).astype(np.int32)
        cv2.fillPoly(self.mask, [corners], 1)
        self.area = int(self.mask.sum())
        self._along = self._bands()

    def _bands(self) -> NDArray[np.int8]:
        """The band of every raster pixel along the zone's main axis; −1 outside."""
        bands = np.full(self.mask.shape, -1, np.int8)
        y, x = np.nonzero(self.mask)
        if len(x) < 2:
            return bands
        centred = np.stack([x - x.mean(), y - y.mean()])
        axis = np.linalg.eigh(centred @ centred.T)[1][:, -1]
        position = axis @ centred
        span = max(float(np.ptp(position)), 1e-9)
        bands[y, x] = np.minimum((position - position.min()) / span * self.BANDS, self.BANDS - 1).astype(np.int8)
        return bands

    def holds(self, x: float, y: float) -> bool:
        """Whether a picture pixel lies in the zone; one beyond the picture counts as on its border."""
        rows, columns = self.mask.shape
        row = min(max(int(y * self.scale), 0), rows - 1)
        column = min(max(int(x * self.scale), 0), columns - 1)
        return bool(self.mask[row, column])

    def footprints(self, boxes: Sequence[NDArray[np.float64]] | NDArray[np.float64]) -> Mask:
        """The raster pixels of the zone under any of these rectangles (picture pixels): uint8, 0 or 1."""
        painted = np.zeros_like(self.mask)
        for x1, y1, x2, y2 in boxes:
            cv2.rectangle(
                painted,
                (round(float(x1) * self.scale), round(float(y1) * self.scale)),
                (round(float(x2) * self.scale), round(float(y2) * self.scale)),
                1,
                thickness=-1,
            )
        return painted & self.mask

    def share(self, painted: Mask) -> float:
        """Share of the zone that is painted, 0–1."""
        return float(painted.sum()) / self.area if self.area else 0.0

    def length_share(self, painted: Mask) -> float:
        """Share of the zone's length with something painted on it, 0–1."""
        reached = np.unique(self._along[painted > 0])
        return float((reached >= 0).sum()) / self.BANDS
