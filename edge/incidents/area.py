"""Where on the ground a thing stands, and whether that is inside a polygon."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.ground import CalibrationError, GroundPlane
from edge.perception.observation import Box
from edge.perception.zone import Zone

FOOTPRINT_SHARE = 1 / 3
"""The part of a box's height that lies on the ground, counted from below, as for the occupancy of a road."""
SAMPLES = (5, 3)
"""Points across and along a footprint at which it is asked for where it lies."""

Point = tuple[float, float]


def middle_of(box: Box) -> Point:
    """The middle of a thing's footprint, pixels."""
    x1, y1, x2, y2 = box
    return (x1 + x2) / 2, y2 - FOOTPRINT_SHARE * (y2 - y1) / 2


class Area:
    """A polygon of a camera's view, for pictures of one size."""

    def __init__(self, points: Sequence[Point], size: tuple[int, int], ground: GroundPlane | None = None) -> None:
        """Prepares to be asked.

        Args:
            points: corners, x and y in 0–1 of the picture's width and height.
            size: width and height of the pictures, pixels.
            ground: of pictures of this size, where the camera is calibrated.
        """
        corners = np.asarray(points, float) * size
        self._pixels = corners.astype(np.float32)
        self._ground = ground
        metres = np.full((1, 2), np.nan) if ground is None else ground.to_ground(corners)
        self._origin = metres[0]  # a float32 is precise near it, also where metres are of a national grid
        self._metres = (metres - self._origin).astype(np.float32) if np.isfinite(metres).all() else None

    def holds(self, box: Box) -> bool:
        """Whether a thing stands inside: the middle of its footprint does, or most of it."""
        if self.inside_px(middle_of(box)) >= 0:
            return True
        x1, y1, x2, y2 = box
        columns = np.linspace(x1, x2, SAMPLES[0])
        rows = np.linspace(y2 - FOOTPRINT_SHARE * (y2 - y1), y2, SAMPLES[1])
        inside = [self.inside_px((float(x), float(y))) >= 0 for x in columns for y in rows]
        return 2 * sum(inside) > len(inside)

    def inside_px(self, point: Point) -> float:
        """How far inside the outline a place lies, pixels; below 0 outside."""
        return float(cv2.pointPolygonTest(self._pixels, point, measureDist=True))

    def inside_m(self, point: Point) -> float | None:
        """The same in metres on the ground; None where the camera is not calibrated or cannot tell there."""
        if self._ground is None or self._metres is None:
            return None
        place = self._ground.to_ground([point])[0]
        if not np.isfinite(place).all():
            return None
        x, y = place - self._origin
        return float(cv2.pointPolygonTest(self._metres, (float(x), float(y)), measureDist=True))


@dataclass(frozen=True, slots=True)
class GroundZone:
    """A polygon on the ground, whether or not it lies in the picture.

    Attributes:
        id: as of a `Zone`.
        metres: corners, x and y as the camera's calibration counts them.
    """

    id: str
    metres: tuple[Point, ...]


class GroundArea(Area):
    """A polygon on the ground as one camera asks about it: where the camera sees no ground, nothing is inside."""

    def __init__(self, metres: Sequence[Point], ground: GroundPlane) -> None:
        """Prepares to be asked; `ground` is of pictures of the size in which it will be asked."""
        self._ground = ground
        self._origin = np.asarray(metres[0], float)
        self._metres = (np.asarray(metres, float) - self._origin).astype(np.float32)

    def inside_m(self, point: Point) -> float:
        """How far inside the outline a place lies, metres; below 0 outside."""
        deep = super().inside_m(point)
        return -np.inf if deep is None else deep

    def inside_px(self, point: Point) -> float:
        """Whether it is inside: as far as can be, or as far outside. In pixels there is no outline."""
        return float(np.copysign(np.inf, self.inside_m(point)))


class Areas:
    """Zones of one camera, for pictures of whatever size comes."""

    def __init__(self, zones: Iterable[Zone | GroundZone], ground: GroundPlane | None = None) -> None:
        self._zones = tuple(zones)
        self._ground = ground
        self._size = (0, 0)
        self._areas: dict[str, Area] = {}

    def of(self, size: tuple[int, int]) -> Mapping[str, Area]:
        """Zone id → its area.

        Raises:
            CalibrationError: the calibration is for pictures of other proportions.
        """
        if size != self._size:
            ground = None if self._ground is None else self._ground.resized(*size)
            self._areas = {zone.id: _area(zone, size, ground) for zone in self._zones}
            self._size = size
        return self._areas


def _area(zone: Zone | GroundZone, size: tuple[int, int], ground: GroundPlane | None) -> Area:
    if isinstance(zone, Zone):
        return Area(zone.points, size, ground)
    if ground is None:
        raise CalibrationError(f"{zone.id} is a place on the ground, and this camera has no calibration")
    return GroundArea(zone.metres, ground)
