"""A camera on a mount: its lens, and the geometry between ground and picture.

World: metres, x to the right across the road, y along the road away from the mount, z up, the ground at z = 0.
Camera axes as in OpenCV: x right, y down, z forward. Pixels are continuous: (0, 0) is the picture's top left corner.
Formulas: Hartley & Zisserman, Multiple View Geometry, 2nd ed., chapters 6 (camera matrix), 8.1.1 (planes) and 7.4
(radial distortion); the lens is the Brown-Conrady model with OpenCV's order of coefficients.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np

# The canvas is drawn without a lens; this much more than the lens needs keeps its edge out of the picture.
CANVAS_SPARE_PX = 4


@dataclass(frozen=True, slots=True)
class Camera:
    """`distortion` is k1 k2 p1 p2 k3, all zero for a pinhole; `roll_deg` turns the camera about its axis."""

    width_px: int
    height_px: int
    focal_px: float
    position_m: tuple[float, float, float]
    target_m: tuple[float, float, float]
    roll_deg: float = 0.0
    distortion: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)

    @property
    def intrinsics(self) -> np.ndarray:
        """K, (3, 3); square pixels, the principal point in the middle."""
        return np.array(
            [[self.focal_px, 0.0, self.width_px / 2], [0.0, self.focal_px, self.height_px / 2], [0.0, 0.0, 1.0]]
        )

    @property
    def rotation(self) -> np.ndarray:
        """R, (3, 3), world to camera; its rows are the camera's right, down and forward in the world."""
        return _rotation(self.position_m, self.target_m, self.roll_deg)

    @property
    def translation(self) -> np.ndarray:
        """t, (3,), so that a camera point is R·world + t."""
        return -self.rotation @ np.asarray(self.position_m, dtype=float)

    @property
    def matrix(self) -> np.ndarray:
        """P = K[R|t], (3, 4), to pixels of the picture as it would be without distortion."""
        return self.intrinsics @ np.column_stack([self.rotation, self.translation])

    @property
    def ground_to_pixel(self) -> np.ndarray:
        """Homography (3, 3) from (x m, y m, 1) on the ground to undistorted pixels, scaled to a last element of 1."""
        homography = self.matrix[:, [0, 1, 3]]
        return homography / homography[2, 2]

    @property
    def pixel_to_ground(self) -> np.ndarray:
        """The inverse homography (3, 3), scaled to a last element of 1."""
        inverse = np.linalg.inv(self.ground_to_pixel)
        return inverse / inverse[2, 2]

    def turned(self, pan_deg: float, tilt_deg: float) -> Camera:
        """The camera knocked off its aim: to the right by `pan_deg` and up by `tilt_deg`."""
        if not pan_deg and not tilt_deg:
            return self
        ahead = np.subtract(self.target_m, self.position_m).astype(float)
        reach = float(np.linalg.norm(ahead))
        bearing = math.atan2(ahead[1], ahead[0]) - math.radians(pan_deg)
        rise = math.asin(ahead[2] / reach) + math.radians(tilt_deg)
        aim = (math.cos(rise) * math.cos(bearing), math.cos(rise) * math.sin(bearing), math.sin(rise))
        x, y, z = (float(p + reach * a) for p, a in zip(self.position_m, aim, strict=True))
        return replace(self, target_m=(x, y, z))

    @property
    def has_lens(self) -> bool:
        return any(self.distortion)

    @property
    def canvas(self) -> Camera:
        """The pinhole camera, larger where the lens bends inwards, whose picture holds all that this one shows."""
        if not self.has_lens:
            return self
        across, down = self.width_px, self.height_px
        xs, ys = np.linspace(0, across, 33), np.linspace(0, down, 33)
        edge = np.array([(x, y) for x in xs for y in (0, down)] + [(x, y) for y in ys for x in (0, across)])
        reach = np.abs(self.undistort(edge) - [across / 2, down / 2]).max(axis=0) + CANVAS_SPARE_PX
        width, height = (2 * math.ceil(max(half, 8.0)) for half in reach)
        return replace(self, width_px=width, height_px=height, distortion=(0.0, 0.0, 0.0, 0.0, 0.0))

    def distort(self, pixels: np.ndarray) -> np.ndarray:
        """Undistorted pixels (N, 2) to pixels of the picture. A point the lens never shows keeps its direction."""
        pixels = np.asarray(pixels, dtype=float).reshape(-1, 2)
        if not self.has_lens or not len(pixels):
            return pixels.copy()
        centre = np.array([self.width_px / 2, self.height_px / 2])
        rays = (pixels - centre) / self.focal_px
        # Far outside the picture the polynomial turns back; hold the radius where it still grows.
        radius = np.linalg.norm(rays, axis=1, keepdims=True)
        rays = rays * np.minimum(1.0, _last_growing_radius(self.distortion) / np.maximum(radius, 1e-9))
        k1, k2, p1, p2, k3 = self.distortion
        x, y = rays[:, 0], rays[:, 1]
        r2 = x * x + y * y
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        bent = np.column_stack([
            x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x),
            y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y,
        ])  # fmt: skip
        return bent * self.focal_px + centre

    def undistort(self, pixels: np.ndarray) -> np.ndarray:
        """Pixels of the picture (N, 2) to undistorted ones, to well under a hundredth of a pixel."""
        pixels = np.asarray(pixels, dtype=float).reshape(-1, 2)
        if not self.has_lens or not len(pixels):
            return pixels.copy()
        criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 200, 1e-12)
        found = cv2.undistortPointsIter(
            pixels[:, None, :], self.intrinsics, np.array(self.distortion), np.eye(3), self.intrinsics, criteria
        )
        return found[:, 0, :]

    def project(self, points_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """World points (N, 3) to pixels of the picture (N, 2), the lens included, and depths in metres (N,).

        A depth <= 0 is behind the camera and its pixel is nan.
        """
        in_camera = np.asarray(points_m, dtype=float) @ self.rotation.T + self.translation
        depth = in_camera[:, 2]
        safe = np.where(depth > 1e-6, depth, np.nan)
        centre = np.array([self.width_px / 2, self.height_px / 2])
        return self.distort(in_camera[:, :2] / safe[:, None] * self.focal_px + centre), depth


@cache
def _rotation(
    position_m: tuple[float, float, float], target_m: tuple[float, float, float], roll_deg: float
) -> np.ndarray:
    """See `Camera.rotation`; asked for so often that it is kept, not to be written to."""
    forward = np.subtract(target_m, position_m).astype(float)
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    cos, sin = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    rotation = np.stack([cos * right - sin * down, sin * right + cos * down, forward])
    rotation.setflags(write=False)
    return rotation


@cache
def _last_growing_radius(distortion: tuple[float, float, float, float, float]) -> float:
    """The radius (in focal lengths) up to which the radial polynomial grows."""
    k1, k2, _, _, k3 = distortion
    radii = np.linspace(0.0, 4.0, 4001)
    bent = radii * (1 + radii**2 * (k1 + radii**2 * (k2 + radii**2 * k3)))
    falling = np.flatnonzero(np.diff(bent) <= 0)
    return float(radii[falling[0]]) if len(falling) else 4.0


def apply_homography(homography: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Map points (N, 2) by a (3, 3) homography."""
    mapped = np.column_stack([points, np.ones(len(points))]) @ np.asarray(homography).T
    return mapped[:, :2] / mapped[:, 2:]
