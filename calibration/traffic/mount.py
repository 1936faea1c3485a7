"""A camera on its pole: where it looks, and what it makes of a point above the road."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mount:
    """A pinhole camera with square pixels above a flat road.

    Metres are x to the right across the road and y along it, away from the camera, whose foot is (0, 0).

    Attributes:
        focal_px: focal length.
        centre_px: the principal point.
        height_m: of the camera above the road.
        tilt: of its axis below the horizontal, radians.
        roll: of the picture about its axis, clockwise, radians.
        heading: of the road, to the right of where the camera looks, radians.
    """

    focal_px: float
    centre_px: tuple[float, float]
    height_m: float
    tilt: float
    roll: float
    heading: float

    def axes(self) -> Array:
        """Across the road, along it, and up, as rows in the camera's coordinates (x right, y down, z ahead)."""
        sine, cosine = np.sin(self.tilt), np.cos(self.tilt)
        lean, level = np.sin(self.roll), np.cos(self.roll)
        roll = np.array([[level, -lean, 0], [lean, level, 0], [0, 0, 1]])
        right, ahead, up = roll @ [1, 0, 0], roll @ [0, -sine, cosine], roll @ [0, -cosine, -sine]
        turn, keep = np.sin(self.heading), np.cos(self.heading)
        rows = np.stack([keep * right - turn * ahead, turn * right + keep * ahead, up])
        return np.asarray(rows, np.float64)

    def homography(self) -> Array:
        """Straight pixels → metres, [3, 3], with w > 0 below the horizon."""
        across, along, up = self.axes()
        focal, (column, row) = self.focal_px, self.centre_px
        rays = np.array([[1 / focal, 0, -column / focal], [0, 1 / focal, -row / focal], [0, 0, 1]])
        return np.asarray(np.stack([self.height_m * across, self.height_m * along, -up]) @ rays, np.float64)

    def to_ground(self, pixels: Array, least: float = 1e-3) -> Array:
        """Metres [..., 2] of straight pixels [..., 2].

        What is above the horizon, or less than `least` (a tangent) below it, is put so far below it.
        """
        across, along, up = self.axes()
        rays = np.concatenate([(pixels - self.centre_px) / self.focal_px, np.ones((*pixels.shape[:-1], 1))], axis=-1)
        fall = np.maximum(-(rays @ up), least)
        return np.asarray(
            self.height_m * np.stack([rays @ across, rays @ along], axis=-1) / fall[..., None], np.float64
        )

    def to_image(self, points: Array) -> Array:
        """Straight pixels [..., 2] of points [..., 3] in metres: across, along, above the road."""
        seen = (points - [0.0, 0.0, self.height_m]) @ self.axes()
        depth = np.maximum(seen[..., 2:], 0.05)
        return np.asarray(self.focal_px * seen[..., :2] / depth + self.centre_px, np.float64)

    def course(self, pixels: Array) -> Array:
        """The direction, [n, 2] of length 1, in which something that drives along the road crosses straight pixels."""
        along = self.axes()[1]
        rays = (pixels - self.centre_px) / self.focal_px
        ways = along[:2] - rays * along[2]
        return np.asarray(ways / np.maximum(np.hypot(*ways.T), 1e-12)[:, None], np.float64)
