"""Where on the ground a pixel lies: a plane seen by a fixed camera."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibration.geodesy import LonLat
from calibration.lens import Lens

Points = NDArray[np.float64]
"""[n, 2]: x, y in pixels, or x, y in metres."""


class CalibrationError(ValueError):
    """Points or a file from which no ground plane can be had; the text says what to change, `code` and `given` the same
    to programs that say it in another language."""

    def __init__(self, text: str, code: str = "", **given: object) -> None:
        super().__init__(text)
        self.code = code
        self.given = given


@dataclass(frozen=True, slots=True, eq=False)
class GroundPlane:
    """A flat ground as one camera sees it.

    A pixel (u, v), freed of the lens, lies at (x / w, y / w) + offset_m, where (x, y, w) = homography · (u, v, 1)
    (Hartley & Zisserman, Multiple View Geometry, 2nd ed., section 2.3). The sign of the homography is such that w > 0
    on the ground before the camera; w = 0 is the horizon.

    Attributes:
        homography: float64 [3, 3].
        width: of the picture it holds for, pixels.
        height: of the picture it holds for, pixels.
        offset_m: added to the result, so that the homography's numbers stay small where metres are of a national grid.
        origin: the place of (0, 0) where metres are east and north of it; None where metres are the user's own grid.
        lens: what bends the picture; None for a pinhole camera.

    Raises:
        CalibrationError: the homography is not [3, 3], not finite or not invertible, or a size is not positive.
    """

    homography: NDArray[np.float64]
    width: int
    height: int
    offset_m: tuple[float, float] = (0.0, 0.0)
    origin: LonLat | None = None
    lens: Lens | None = None

    def __post_init__(self) -> None:
        homography = np.array(self.homography, np.float64)
        if homography.shape != (3, 3) or not np.isfinite(homography).all():
            raise CalibrationError("a homography is nine finite numbers, [3, 3]")
        if np.linalg.matrix_rank(homography @ self._pixels_of_unit_square()) < 3:
            raise CalibrationError(
                "this homography cannot be inverted: fit it again from points that span an area", "fit.flat"
            )
        if self.width <= 0 or self.height <= 0:
            raise CalibrationError(f"a picture of {self.width} × {self.height} px does not exist")
        homography /= np.linalg.norm(homography)
        homography.setflags(write=False)
        object.__setattr__(self, "homography", homography)

    def _pixels_of_unit_square(self) -> NDArray[np.float64]:
        """Scales 0–1 up to pixels: judged in pixels, every homography looks nearly singular."""
        return np.diag([float(self.width), float(self.height), 1.0])

    def to_ground(self, points_px: ArrayLike) -> Points:
        """Metres on the ground, [n, 2]; NaN for a pixel at or above the horizon, where there is no ground."""
        straight = self._straight(as_points(points_px))
        return np.asarray(_project(self.homography, straight) + np.array(self.offset_m), np.float64)

    def to_image(self, points_m: ArrayLike) -> Points:
        """Pixels (also outside the picture), [n, 2]; NaN for a place that is not before the camera and its lens."""
        inverse = np.linalg.inv(self.homography).astype(np.float64)
        straight = _project(inverse, as_points(points_m) - np.array(self.offset_m))
        return straight if self.lens is None else self.lens.bend(straight)

    def to_lonlat(self, points_px: ArrayLike) -> Points:
        """Longitude and latitude in degrees, [n, 2]; NaN at or above the horizon.

        Raises:
            CalibrationError: the plane was fitted to metres only, so nobody knows where on Earth it is.
        """
        if self.origin is None:
            raise CalibrationError(
                "this calibration is in metres only: fit it from lon/lat points to place it on a map"
            )
        return self.origin.of_metres(self.to_ground(points_px))

    def metres_per_pixel(self, points_px: ArrayLike) -> NDArray[np.float64]:
        """How many metres of ground one pixel spans, [n]: the square root of the area it covers; NaN above the horizon.

        For a homography the area's scale is |det H| / w³; a lens divides it by the determinant of its derivative.
        """
        straight = self._straight(as_points(points_px))
        w = _depth(self.homography, straight)
        area = abs(np.linalg.det(self.homography))
        if self.lens is not None:
            area = area / np.linalg.det(self.lens.derivative(straight))
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = np.sqrt(area / w**3)
        return np.where(w > 0, scale, np.nan)

    def pixels_per_metre(self, points_px: ArrayLike) -> NDArray[np.float64]:
        """How many pixels a metre on the ground spans where it spans the most, [n]; NaN above the horizon.

        That is across the line of sight. Upright things are seen at about this scale too, however flat the view;
        `metres_per_pixel` shrinks with the ground's foreshortening and would call them much too small.

        It is the largest singular value of the derivative of pixels by metres, w · σ(w · H₂ − x · h₃) / |det H|, where
        H₂ are the first two rows and columns of H, h₃ the first two numbers of its last row, (x, w) = H · (u, v, 1);
        with a lens, of that derivative after the lens's own.
        """
        straight = self._straight(as_points(points_px))
        w = _depth(self.homography, straight)
        ground = np.isfinite(w) & (w > 0)
        w, straight = w[ground], straight[ground]
        x = straight @ self.homography[:2, :2].T + self.homography[:2, 2]
        # The adjugate of the derivative of metres by pixels has the same singular values, and is its inverse but for
        # a factor.
        a = w[:, None, None] * self.homography[:2, :2] - x[:, :, None] * self.homography[2, :2]
        derivative = np.stack([np.stack([a[:, 1, 1], -a[:, 0, 1]], 1), np.stack([-a[:, 1, 0], a[:, 0, 0]], 1)], 1)
        if self.lens is not None:
            derivative = self.lens.derivative(straight) @ derivative
        spans = np.full(len(ground), np.nan)
        largest = np.linalg.svd(derivative, compute_uv=False)[:, 0]
        spans[ground] = w * largest / abs(np.linalg.det(self.homography))
        return spans

    def resized(self, width: int, height: int) -> "GroundPlane":
        """The same plane for another picture size of the same camera, such as its second stream.

        Raises:
            CalibrationError: the proportions differ by more than 2 %: another view, or a stretched one.
        """
        if abs(width * self.height / (height * self.width) - 1) > 0.02:
            raise CalibrationError(
                f"the calibration holds for {self.width} × {self.height} px, which has other proportions than "
                f"{width} × {height} px: calibrate this stream itself"
            )
        across, down = width / self.width, height / self.height
        homography = self.homography @ np.diag([1 / across, 1 / down, 1.0])
        lens = None if self.lens is None else self.lens.scaled(across, down)
        return GroundPlane(homography, width, height, self.offset_m, self.origin, lens)

    def _straight(self, pixels: Points) -> Points:
        return pixels if self.lens is None else self.lens.straighten(pixels)


def as_points(points: ArrayLike) -> Points:
    """The same as float64 [n, 2]. Raises CalibrationError where that cannot be."""
    array = np.asarray(points, np.float64)
    if array.size == 0:
        return array.reshape(0, 2)
    if array.ndim != 2 or array.shape[1] != 2:
        raise CalibrationError(f"points must be [n, 2], not {list(array.shape)}")
    return array


def _depth(homography: NDArray[np.float64], points: Points) -> NDArray[np.float64]:
    return np.asarray(points @ homography[2, :2] + homography[2, 2], np.float64)


def _project(homography: NDArray[np.float64], points: Points) -> Points:
    w = _depth(homography, points)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        projected = (points @ homography[:2, :2].T + homography[:2, 2]) / w
    return np.where(w > 0, projected, np.nan)
