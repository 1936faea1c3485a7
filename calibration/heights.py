"""How high above the ground something is, from one picture: for water, against a kerb, a wheel or a gauge.

Sources: Criminisi, Reid & Zisserman, Single View Metrology, IJCV 40, 2000 (heights from the ground plane and the
vertical vanishing point); Zhang, A Flexible New Technique for Camera Calibration, IEEE TPAMI 22, 2000 (focal length
from a plane).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibration.ground import CalibrationError, GroundPlane, Points, as_points

Array = NDArray[np.float64]

LEAST_ASIDE = 0.05
"""A plane tells the focal length when its two conditions weigh this much against one seen from straight above."""


@dataclass(frozen=True, slots=True, eq=False)
class Uprights:
    """What stands upright on a ground plane.

    Attributes:
        plane: the ground.
        matrix: [3, 4], metres (x, y before offset_m, z up from the ground) → straight pixels, up to scale.
        focal_px: of the straight picture.
    """

    plane: GroundPlane
    matrix: Array
    focal_px: float

    def height_m(self, feet_px: ArrayLike, tops_px: ArrayLike) -> Array:
        """How high above each foot on the ground the pixel above it is, [n] metres; NaN where the foot has no ground.

        A top a little aside of the vertical counts by its nearest point on it.
        """
        feet = self._local(as_points(feet_px))
        return self._above(feet, self._straight(as_points(tops_px)))

    def below(self, pixels: ArrayLike, heights_m: ArrayLike) -> Points:
        """The places on the ground, [n, 2] metres, above which these pixels are at these heights; NaN where none is."""
        points = self._straight(as_points(pixels))
        straight = np.column_stack([points, np.ones(len(points))])
        heights = np.broadcast_to(np.asarray(heights_m, np.float64), len(straight))
        ground = np.tile(self.matrix[:, [0, 1, 3]], (len(straight), 1, 1))
        ground[:, :, 2] += heights[:, None] * self.matrix[:, 2]
        x, y, w = np.linalg.solve(ground, straight[:, :, None])[:, :, 0].T
        with np.errstate(invalid="ignore", divide="ignore"):
            places = np.stack([x / w, y / w], axis=1) + self.plane.offset_m
        return np.asarray(np.where((w > 0)[:, None], places, np.nan), np.float64)

    def to_image(self, places_m: ArrayLike, heights_m: ArrayLike) -> Points:
        """Pixels of points so high above places on the ground, [n, 2]; NaN for those behind the camera."""
        local = as_points(places_m) - self.plane.offset_m
        heights = np.broadcast_to(np.asarray(heights_m, np.float64), len(local))
        points = np.column_stack([local, heights, np.ones(len(local))]) @ self.matrix.T
        with np.errstate(invalid="ignore", divide="ignore"):
            straight = np.where(points[:, 2:] > 0, points[:, :2] / points[:, 2:], np.nan)
        return straight if self.plane.lens is None else self.plane.lens.bend(straight)

    def waterline_cm(self, reference_px: tuple[float, float], reference_cm: float, waterline_px: ArrayLike) -> Array:
        """How high water stands on something upright, [n] centimetres above the ground; its foot is under water.

        Args:
            reference_px: a point of it that still shows.
            reference_cm: the height of that point above the ground: the top of a kerb, a hub, a mark of a gauge.
            waterline_px: [n, 2], where the water meets it, under that point.

        Raises:
            CalibrationError: at that height nothing before the camera is seen there.
        """
        place = self.below([reference_px], reference_cm / 100)
        if np.isnan(place).any():
            raise CalibrationError(
                f"nothing before the camera is {reference_cm:g} cm high at pixel {list(reference_px)}: check the pixel"
            )
        lines = as_points(waterline_px)
        return self._above(np.tile(place - self.plane.offset_m, (len(lines), 1)), self._straight(lines)) * 100

    def _above(self, feet: Array, tops: Array) -> Array:
        base = np.column_stack([feet, np.ones(len(feet))]) @ self.matrix[:, [0, 1, 3]].T
        # Where (base + z · up) is in the picture: of the points on that line the one nearest to the top.
        up = self.matrix[:, 2]
        start = base[:, :2] / base[:, 2:]
        way = up[:2] * base[:, 2:] - base[:, :2] * up[2]
        along = ((tops - start) * way).sum(axis=1) / (way**2).sum(axis=1)
        return np.asarray(along * base[:, 2] ** 2 / (1 - along * base[:, 2] * up[2]), np.float64)

    def _local(self, pixels: Points) -> Points:
        return np.asarray(self.plane.to_ground(pixels) - self.plane.offset_m, np.float64)

    def _straight(self, pixels: Points) -> Points:
        return pixels if self.plane.lens is None else self.plane.lens.straighten(pixels)


def uprights(plane: GroundPlane, focal_px: float | None = None) -> Uprights:
    """What stands upright on this plane, for a camera with square pixels.

    Args:
        plane: the ground; its principal point is that of its lens, or the middle of the picture.
        focal_px: focal length in pixels where it is known; else it is taken from the plane.

    Raises:
        CalibrationError: no focal length is given, and the plane, seen from straight above or inexactly, tells none.
    """
    centre = np.array(plane.lens.centre_px if plane.lens else (plane.width / 2, plane.height / 2))
    shift = np.array([[1, 0, -centre[0]], [0, 1, -centre[1]], [0, 0, 1]])
    ground = shift @ np.linalg.inv(plane.homography)
    focal = focal_px or _focal(ground)
    turned = ground / np.array([[focal], [focal], [1.0]])
    scale = np.sqrt(np.linalg.norm(turned[:, 0]) * np.linalg.norm(turned[:, 1]))
    turned = turned / scale
    up = np.cross(turned[:, 0], turned[:, 1])
    # The camera is above the ground: seen from it, the ground's upward normal points towards it.
    up = -up * np.sign(up @ turned[:, 2])
    matrix = np.column_stack([turned[:, :2], up, turned[:, 2]]) * np.array([[focal], [focal], [1.0]])
    return Uprights(plane, np.asarray(np.linalg.inv(shift) @ matrix, np.float64), float(focal))


def _focal(ground: Array) -> float:
    """From a homography metres → pixels around the principal point: its columns are orthogonal and of one length.

    Both are linear in 1 / f²: a + b / f² = 0, with a and b from the third row and from the first two.
    """
    (x1, y1, z1), (x2, y2, z2) = ground[:, :2].T
    size = np.hypot(x1, y1) * np.hypot(x2, y2)
    near = np.array([x1 * x2 + y1 * y2, x1**2 + y1**2 - x2**2 - y2**2]) / size
    far = np.array([z1 * z2, z1**2 - z2**2]) / size
    if np.hypot(*near) < LEAST_ASIDE or near @ far >= 0:
        raise CalibrationError(
            "this plane does not tell the focal length, without which heights cannot be told: give it in pixels"
        )
    return float(np.sqrt(-(near @ near) / (near @ far)))


@dataclass(frozen=True, slots=True, eq=False)
class Gauge:
    """Marks of known height on one upright thing, read without any ground plane.

    Attributes:
        pixels: [n, 2] of the marks, n ≥ 3, or 2 where it is seen from far away.
        heights_cm: [n] of them above the ground.
    """

    pixels: Points
    heights_cm: Array

    @classmethod
    def of(cls, pixels: ArrayLike, heights_cm: Sequence[float]) -> "Gauge":
        """A gauge. Raises CalibrationError where there are fewer than two marks, or two of them coincide."""
        marks, heights = as_points(pixels), np.array(heights_cm, np.float64)
        if len(marks) < 2 or len(marks) != len(heights):
            raise CalibrationError("a gauge needs the pixels of at least two marks, and the height of each")
        order = np.argsort(heights)
        gaps = np.linalg.norm(np.diff(marks[order], axis=0), axis=1)
        if (np.diff(heights[order]) <= 0).any() or (gaps < 1).any():
            raise CalibrationError("two marks of the gauge are at one height or at one pixel")
        return cls(marks[order], heights[order])

    def read_cm(self, pixels: ArrayLike) -> Array:
        """The heights, [n] centimetres, at pixels on it.

        Along a line a camera keeps cross-ratios: height is (a t + b) / (c t + 1) of the place t on it. Two marks leave
        no room for c; then heights are in proportion, which is right for something small and far away.
        """
        middle = self.pixels.mean(axis=0)
        way = self.pixels[-1] - self.pixels[0]
        t = (self.pixels - middle) @ way / (way @ way)
        wanted = (as_points(pixels) - middle) @ way / (way @ way)
        if len(t) == 2:
            return np.asarray(np.polyval(np.polyfit(t, self.heights_cm, 1), wanted), np.float64)
        rows = np.column_stack([t, np.ones_like(t), -t * self.heights_cm])
        (a, b, c), *_ = np.linalg.lstsq(rows, self.heights_cm, rcond=None)
        return np.asarray((a * wanted + b) / (c * wanted + 1), np.float64)
