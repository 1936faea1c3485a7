"""A ground plane from points known both in the picture and on the ground."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibration.geodesy import LonLat
from calibration.ground import CalibrationError, GroundPlane, Points, as_points

TOLERANCE_M = 1.0
"""A point further than this from where the others put it is taken for a mistake."""
LEAST_SPREAD = 0.01
"""Points are on one line when they reach aside from it by less than this share of its length."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted plane with what it was fitted to and how well.

    Attributes:
        plane: the ground plane.
        pixels: [n, 2].
        metres: [n, 2], where the points were said to be.
        residuals_m: [n], metres on the ground between that and where the plane puts their pixels.
        used: bool [n], False for points left out as mistakes.
    """

    plane: GroundPlane
    pixels: Points
    metres: Points
    residuals_m: NDArray[np.float64]
    used: NDArray[np.bool_]

    @property
    def rms_m(self) -> float:
        """Root mean square of the residuals of the points used, metres; with four points always about 0."""
        return float(np.sqrt(np.mean(self.residuals_m[self.used] ** 2)))


def fit_metres(pixels: ArrayLike, metres: ArrayLike, width: int, height: int, tolerance_m: float = TOLERANCE_M) -> Fit:
    """The plane that puts these pixels at these metres.

    Four points fix it exactly; with more, RANSAC leaves out those off by more than `tolerance_m` and least squares
    spreads the rest of the error.

    Args:
        pixels: [n, 2], n ≥ 4, inside the picture.
        metres: [n, 2], any flat grid: one's own, or UTM.
        width: of the picture, pixels.
        height: of the picture, pixels.
        tolerance_m: metres on the ground.

    Raises:
        CalibrationError: fewer than four points, points on one line or on one spot, points that no view of a plane can
            show so, or fewer than four that agree.
    """
    image, ground = as_points(pixels), as_points(metres)
    _require_points(image, ground, width, height)
    offset = ground.mean(axis=0)
    local = ground - offset
    _require_area(image, local)
    method = cv2.RANSAC if len(image) > 4 else 0
    homography, mask = cv2.findHomography(image, local, method, tolerance_m)
    if homography is None or not np.isfinite(homography).all():
        raise CalibrationError("no plane fits these points: check that each pixel stands beside its own place")
    used = np.asarray(mask, bool).ravel()
    _require_agreement(used, tolerance_m)
    _require_area(image[used], local[used])
    plane = GroundPlane(
        _facing(homography.astype(np.float64), image[used]), width, height, (float(offset[0]), float(offset[1]))
    )
    gaps = np.linalg.norm(plane.to_ground(image) - ground, axis=1)
    return Fit(plane, image, ground, np.where(np.isnan(gaps), np.inf, gaps), used)


def fit_lonlat(pixels: ArrayLike, lonlat: ArrayLike, width: int, height: int, tolerance_m: float = TOLERANCE_M) -> Fit:
    """The same from longitude and latitude in degrees; metres are then east and north of the points' middle.

    Raises:
        CalibrationError: as `fit_metres`; or the points turn the other way round on the map than in the picture, as
            when longitude and latitude are swapped.
    """
    degrees = as_points(lonlat)
    if not len(degrees):
        raise CalibrationError("0 points: at least four are needed")
    try:
        for lon, lat in degrees:
            LonLat(float(lon), float(lat))
        middle = degrees.mean(axis=0)
        origin = LonLat(round(float(middle[0]), 7), round(float(middle[1]), 7))
    except ValueError as error:
        raise CalibrationError(str(error)) from error
    fit = fit_metres(pixels, origin.metres(degrees), width, height, tolerance_m)
    # Pixels count downwards and a map counts northwards: seen from above the ground, one mirrors the other.
    if np.linalg.det(fit.plane.homography) > 0:
        raise CalibrationError("the points are mirrored between picture and map: are longitude and latitude swapped?")
    plane = GroundPlane(fit.plane.homography, width, height, fit.plane.offset_m, origin)
    return Fit(plane, fit.pixels, fit.metres, fit.residuals_m, fit.used)


def _require_points(image: Points, ground: Points, width: int, height: int) -> None:
    if len(image) != len(ground):
        raise CalibrationError(f"{len(image)} pixels but {len(ground)} places: they come in pairs")
    if len(image) < 4:
        raise CalibrationError(f"{len(image)} points: at least four are needed, better six to ten")
    if not (np.isfinite(image).all() and np.isfinite(ground).all()):
        raise CalibrationError("a coordinate is not a finite number")
    outside = ((image < 0) | (image > [width, height])).any(axis=1)
    if outside.any():
        row = int(outside.argmax())
        raise CalibrationError(f"point {row + 1} at {image[row].tolist()} is outside the {width} × {height} px picture")


def _require_area(image: Points, ground: Points) -> None:
    """Raises CalibrationError where all points, or all but one, are on a line: then many planes fit."""
    for points, where in ((image, "in the picture"), (ground, "on the ground")):
        for left_out in range(len(points)):
            rest = np.delete(points, left_out, axis=0)
            long, short = np.linalg.svd(rest - rest.mean(axis=0), compute_uv=False)
            if short <= LEAST_SPREAD * long:
                raise CalibrationError(
                    f"{len(rest)} of {len(points)} points lie on one line {where}: add points beside it, such as on "
                    "the other kerb"
                )


def _require_agreement(used: NDArray[np.bool_], tolerance_m: float) -> None:
    if used.sum() < max(4, 0.6 * len(used)):
        raise CalibrationError(
            f"only {used.sum()} of {len(used)} points agree within {tolerance_m} m: check that each pixel stands "
            "beside its own place, and that all are on the ground"
        )


def _facing(homography: NDArray[np.float64], image: Points) -> NDArray[np.float64]:
    """The homography with the sign that makes w > 0 at the points.

    Raises:
        CalibrationError: w changes its sign among them: the horizon would run between points that are on the ground.
    """
    w = image @ homography[2, :2] + homography[2, 2]
    if (w > 0).all():
        return homography
    if (w < 0).all():
        return -homography
    raise CalibrationError(
        "the points are folded: no camera can see them in this arrangement; check their order and signs, and that none "
        "is above the horizon"
    )
