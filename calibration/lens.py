"""How a lens bends the picture of a pinhole camera."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NEWTON_STEPS = 30
CONVERGED = 1e-9
"""In focal lengths: far under a thousandth of a pixel."""


@dataclass(frozen=True, slots=True)
class Lens:
    """The Brown-Conrady model with OpenCV's coefficients.

    A *straight* pixel is one of the picture as a pinhole camera with the same focal length and centre would show it.
    Source: Brown, Close-Range Camera Calibration, Photogrammetric Engineering 37 (1971); OpenCV, camera calibration.

    Attributes:
        focal_px: across and down.
        centre_px: the principal point.
        distortion: k1 k2 p1 p2 k3, for rays in focal lengths.

    Raises:
        ValueError: a number is not finite, or a focal length is not positive.
    """

    focal_px: tuple[float, float]
    centre_px: tuple[float, float]
    distortion: tuple[float, float, float, float, float]

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (*self.focal_px, *self.centre_px, *self.distortion))):
            raise ValueError("a number of the lens is not finite")
        if min(self.focal_px) <= 0:
            raise ValueError("a focal length is in pixels and greater than 0")

    @property
    def draws_straight(self) -> bool:
        """Whether it bends nothing."""
        return not any(self.distortion)

    def straighten(self, pixels: Array) -> Array:
        """Pixels of the picture → straight pixels, [n, 2]; NaN for those beyond what this lens can show.

        The model has no inverse in closed form: Newton's method, from within, along which the radius only grows.
        """
        if self.draws_straight:
            return pixels
        bent = (pixels - self.centre_px) / self.focal_px
        rays = bent * np.minimum(1.0, 0.99 * self._reach() / np.maximum(np.hypot(*bent.T), 1e-12))[:, None]
        with np.errstate(all="ignore"):
            for _ in range(NEWTON_STEPS):
                rays = rays - _solved(self._slopes(rays), self._bent(rays) - bent)
            missed = np.abs(self._bent(rays) - bent).max(axis=1, initial=0.0)
        shown = (missed < CONVERGED) & (np.hypot(*rays.T) < self._reach())
        return np.where(shown[:, None], rays * self.focal_px + self.centre_px, np.nan)

    def bend(self, straight: Array) -> Array:
        """Straight pixels → pixels of the picture, [n, 2]; NaN for those at or beyond what this lens can show."""
        if self.draws_straight:
            return straight
        rays = (straight - self.centre_px) / self.focal_px
        shown = np.hypot(*rays.T) < self._reach()
        with np.errstate(over="ignore", invalid="ignore"):
            return np.where(shown[:, None], self._bent(rays) * self.focal_px + self.centre_px, np.nan)

    def derivative(self, straight: Array) -> Array:
        """Of the picture's pixels by straight pixels, [n, 2, 2]."""
        slopes = self._slopes((straight - self.centre_px) / self.focal_px)
        focal = np.array(self.focal_px)
        return np.asarray(slopes * focal[:, None] / focal, np.float64)

    def scaled(self, across: float, down: float) -> "Lens":
        """The same lens before a picture so many times as wide and as high."""
        (fx, fy), (cx, cy) = self.focal_px, self.centre_px
        return Lens((fx * across, fy * down), (cx * across, cy * down), self.distortion)

    def _bent(self, rays: Array) -> Array:
        k1, k2, p1, p2, k3 = self.distortion
        x, y = rays.T
        r2 = x * x + y * y
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        across = x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)
        down = y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y
        return np.stack([across, down], axis=1)

    def _slopes(self, rays: Array) -> Array:
        k1, k2, p1, p2, k3 = self.distortion
        x, y = rays.T
        r2 = x * x + y * y
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        growth = 2 * (k1 + r2 * (2 * k2 + r2 * 3 * k3))
        mixed = x * y * growth + 2 * (p1 * x + p2 * y)
        across = radial + x * x * growth + 2 * p1 * y + 6 * p2 * x
        down = radial + y * y * growth + 6 * p1 * y + 2 * p2 * x
        return np.stack([np.stack([across, mixed], axis=1), np.stack([mixed, down], axis=1)], axis=1)

    def _reach(self) -> float:
        """The radius in focal lengths from which on the polynomial turns back."""
        k1, k2, _, _, k3 = self.distortion
        # Where d(r · radial)/dr = 1 + 3 k1 r² + 5 k2 r⁴ + 7 k3 r⁶ is 0, as a polynomial of 1 / r².
        turns = np.roots([1.0, 3 * k1, 5 * k2, 7 * k3])
        nearest = max((root.real for root in turns if abs(root.imag) < 1e-12), default=0.0)
        return 1 / math.sqrt(nearest) if nearest > 0 else math.inf


def _solved(matrices: Array, sides: Array) -> Array:
    """[n, 2, 2] and [n, 2] → [n, 2]; not finite where a matrix is singular, which numpy would raise for all of them."""
    (a, b), (c, d) = np.moveaxis(matrices, 0, -1)
    u, v = sides.T
    return np.asarray(np.stack([d * u - b * v, a * v - c * u], axis=1) / (a * d - b * c)[:, None], np.float64)
