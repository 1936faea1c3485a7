"""A pinhole camera on a mount, and its plane-to-picture geometry.

World: metres, x to the right across the road, y along the road away from the mount, z up, the ground at z = 0.
Camera axes as in OpenCV: x right, y down, z forward. Pixels are continuous: (0, 0) is the picture's top left corner.
Formulas: Hartley & Zisserman, Multiple View Geometry, 2nd ed., chapters 6 (camera matrix) and 8.1.1 (planes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Camera:
    width_px: int
    height_px: int
    focal_px: float
    position_m: tuple[float, float, float]
    target_m: tuple[float, float, float]

    @property
    def intrinsics(self) -> np.ndarray:
        """K, (3, 3); square pixels, the principal point in the middle."""
        return np.array(
            [[self.focal_px, 0.0, self.width_px / 2], [0.0, self.focal_px, self.height_px / 2], [0.0, 0.0, 1.0]]
        )

    @property
    def rotation(self) -> np.ndarray:
        """R, (3, 3), world to camera; its rows are the camera's right, down and forward in the world."""
        forward = np.subtract(self.target_m, self.position_m).astype(float)
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        return np.stack([right, np.cross(forward, right), forward])

    @property
    def translation(self) -> np.ndarray:
        """t, (3,), so that a camera point is R·world + t."""
        return -self.rotation @ np.asarray(self.position_m, dtype=float)

    @property
    def matrix(self) -> np.ndarray:
        """P = K[R|t], (3, 4)."""
        return self.intrinsics @ np.column_stack([self.rotation, self.translation])

    @property
    def ground_to_pixel(self) -> np.ndarray:
        """Homography (3, 3) from (x m, y m, 1) on the ground to the picture, scaled to a last element of 1."""
        homography = self.matrix[:, [0, 1, 3]]
        return homography / homography[2, 2]

    @property
    def pixel_to_ground(self) -> np.ndarray:
        """The inverse homography (3, 3), scaled to a last element of 1."""
        inverse = np.linalg.inv(self.ground_to_pixel)
        return inverse / inverse[2, 2]

    def project(self, points_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """World points (N, 3) to pixels (N, 2) and depths in metres (N,); a depth <= 0 is behind the camera."""
        in_camera = np.asarray(points_m, dtype=float) @ self.rotation.T + self.translation
        depth = in_camera[:, 2]
        safe = np.where(depth > 1e-6, depth, np.nan)
        centre = np.array([self.width_px / 2, self.height_px / 2])
        return in_camera[:, :2] / safe[:, None] * self.focal_px + centre, depth


def apply_homography(homography: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Map points (N, 2) by a (3, 3) homography."""
    mapped = np.column_stack([points, np.ones(len(points))]) @ np.asarray(homography).T
    return mapped[:, :2] / mapped[:, 2:]
