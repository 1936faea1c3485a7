"""A ground plane from points known both in the picture and on the ground."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibration.geodesy import LonLat
from calibration.ground import CalibrationError, GroundPlane, Points, as_points
from calibration.lens import Lens
from calibration.refining import misses, refined

TOLERANCE_M = 1.0
"""A point further than this from where the others put it is taken for a mistake."""
LEAST_SPREAD = 0.01
"""Points are on one line when they reach aside from it by less than this share of its length."""
LENS_POINTS = 8
"""A plane and one coefficient of a lens are nine unknowns: six points would let noise pass for a lens."""
LENS_F = 12.25
"""The F value that a lens must reach: the 1 % point of F(1, 7), for eight points; stricter than 1 % for more."""
LENS_RANGE = (-0.44, 0.3)
"""Of k1 at a focal length of one picture width: beyond it some corner of the picture would have no ray."""
LEAST_NOISE = 0.01
"""Nobody clicks better than a tenth of the usual: with exact points, arithmetic would pass for a lens."""
OUTLIER = 4.0
"""What a point that is left out counts, in standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted plane with what it was fitted to and how well.

    Attributes:
        plane: the ground plane.
        pixels: [n, 2].
        metres: [n, 2], where the points were said to be.
        residuals_m: [n], metres on the ground between that and where the plane puts their pixels.
        used: bool [n], False for points left out as mistakes.
        pinhole_rms_m: the RMS before a lens was fitted to the points; None where none was.
    """

    plane: GroundPlane
    pixels: Points
    metres: Points
    residuals_m: NDArray[np.float64]
    used: NDArray[np.bool_]
    pinhole_rms_m: float | None = None

    @property
    def rms_m(self) -> float:
        """Root mean square of the residuals of the points used, metres; with four points always about 0."""
        return float(np.sqrt(np.mean(self.residuals_m[self.used] ** 2)))


def fit_metres(
    pixels: ArrayLike,
    metres: ArrayLike,
    width: int,
    height: int,
    tolerance_m: float = TOLERANCE_M,
    *,
    lens: Lens | None = None,
) -> Fit:
    """The plane that puts these pixels at these metres.

    Four points fix it exactly; with more, RANSAC leaves out those off by more than `tolerance_m` and weighted least
    squares spread the rest of the error. With eight or more and no lens given, the first coefficient of a lens around
    the middle of the picture is fitted too, and kept where it lowers the residuals significantly (F test); its focal
    length is nominal, since one view of a plane hardly tells it.

    Args:
        pixels: [n, 2], n ≥ 4, inside the picture.
        metres: [n, 2], any flat grid: one's own, or UTM.
        width: of the picture, pixels.
        height: of the picture, pixels.
        tolerance_m: metres on the ground.
        lens: where it is known, from the maker or a chessboard.

    Raises:
        CalibrationError: fewer than four points, points on one line or on one spot, points that no view of a plane can
            show so, or fewer than four that agree.
    """
    image, ground = as_points(pixels), as_points(metres)
    _require_points(image, ground, width, height)

    def through(lens: Lens | None) -> Fit:
        return _fit_through(lens, image, ground, (width, height), tolerance_m)

    if lens is not None or len(image) < LENS_POINTS:
        return through(lens)
    return _with_lens(through, width, height)


def _fit_through(lens: Lens | None, image: Points, ground: Points, size: tuple[int, int], tolerance_m: float) -> Fit:
    """The plane behind this lens."""
    straight = image if lens is None else lens.straighten(image)
    if np.isnan(straight).any():
        row = int(np.isnan(straight).any(axis=1).argmax())
        text = f"point {row + 1} at {image[row].tolist()} is beyond what this lens can show"
        raise CalibrationError(text, "fit.beyond_lens", point=row + 1)
    offset = ground.mean(axis=0)
    local = ground - offset
    _require_area(straight, local)
    method = cv2.RANSAC if len(straight) > 4 else 0
    homography, mask = cv2.findHomography(straight, local, method, tolerance_m)
    if homography is None or not np.isfinite(homography).all():
        text = "no plane fits these points: check that each pixel stands beside its own place"
        raise CalibrationError(text, "fit.none")
    used = np.asarray(mask, bool).ravel()
    _require_agreement(used, tolerance_m)
    _require_area(straight[used], local[used])
    closest = refined(homography.astype(np.float64), straight[used], local[used])
    facing = _facing(closest, straight[used])
    plane = GroundPlane(facing, *size, (float(offset[0]), float(offset[1])), lens=lens)
    gaps = np.linalg.norm(plane.to_ground(image) - ground, axis=1)
    return Fit(plane, image, ground, np.where(np.isnan(gaps), np.inf, gaps), used)


def _with_lens(through: Callable[[Lens | None], Fit], width: int, height: int) -> Fit:
    """The fit through the k1 that lowers the residuals the most, or without one where that is not significant."""

    def misfit(fit: Fit) -> float:
        straight = fit.pixels if fit.plane.lens is None else fit.plane.lens.straighten(fit.pixels)
        squares = (misses(fit.plane.homography, straight, fit.metres - fit.plane.offset_m) ** 2).sum(axis=1)
        return float(np.where(fit.used, squares, OUTLIER**2).sum())

    def bent(k1: float) -> Fit | None:
        try:
            lens = Lens((width, width), (width / 2, height / 2), (k1, 0.0, 0.0, 0.0, 0.0))
            return through(lens)
        except CalibrationError:
            return None  # so bent a picture has no plane through the points

    candidates = np.linspace(*LENS_RANGE, 20)
    spacing = float(candidates[1] - candidates[0])
    for step in (spacing / 5, spacing / 25):
        fits = {float(k1): fit for k1 in candidates if (fit := bent(float(k1))) is not None}
        if not fits:
            return through(None)
        best = min(fits, key=lambda k1: misfit(fits[k1]))
        candidates = np.clip(best + step * np.arange(-4, 5), *LENS_RANGE)
    lensed = fits[best]
    try:
        pinhole = through(None)
    except CalibrationError:
        return lensed  # only behind a lens do the points agree
    used = int(lensed.used.sum())
    noise = (misfit(lensed) - OUTLIER**2 * (~lensed.used).sum()) / (2 * used - 9) + LEAST_NOISE
    if used < LENS_POINTS or misfit(pinhole) - misfit(lensed) < LENS_F * noise:
        return pinhole
    return replace(lensed, pinhole_rms_m=pinhole.rms_m)


def fit_lonlat(
    pixels: ArrayLike,
    lonlat: ArrayLike,
    width: int,
    height: int,
    tolerance_m: float = TOLERANCE_M,
    *,
    lens: Lens | None = None,
) -> Fit:
    """The same from longitude and latitude in degrees; metres are then east and north of the points' middle.

    Raises:
        CalibrationError: as `fit_metres`; or the points turn the other way round on the map than in the picture, as
            when longitude and latitude are swapped.
    """
    degrees = as_points(lonlat)
    if not len(degrees):
        raise CalibrationError("0 points: at least four are needed", "fit.few", count=0)
    try:
        for lon, lat in degrees:
            LonLat(float(lon), float(lat))
        middle = degrees.mean(axis=0)
        origin = LonLat(round(float(middle[0]), 7), round(float(middle[1]), 7))
    except ValueError as error:
        raise CalibrationError(str(error)) from error
    fit = fit_metres(pixels, origin.metres(degrees), width, height, tolerance_m, lens=lens)
    # Pixels count downwards and a map counts northwards: seen from above the ground, one mirrors the other.
    if np.linalg.det(fit.plane.homography) > 0:
        text = "the points are mirrored between picture and map: are longitude and latitude swapped?"
        raise CalibrationError(text, "fit.mirrored")
    return replace(fit, plane=replace(fit.plane, origin=origin))


def _require_points(image: Points, ground: Points, width: int, height: int) -> None:
    if len(image) != len(ground):
        raise CalibrationError(f"{len(image)} pixels but {len(ground)} places: they come in pairs")
    if len(image) < 4:
        text = f"{len(image)} points: at least four are needed, better six to ten"
        raise CalibrationError(text, "fit.few", count=len(image))
    if not (np.isfinite(image).all() and np.isfinite(ground).all()):
        raise CalibrationError("a coordinate is not a finite number")
    outside = ((image < 0) | (image > [width, height])).any(axis=1)
    if outside.any():
        row = int(outside.argmax())
        text = f"point {row + 1} at {image[row].tolist()} is outside the {width} × {height} px picture"
        raise CalibrationError(text, "fit.outside", point=row + 1)


def _require_area(image: Points, ground: Points) -> None:
    """Raises CalibrationError where all points, or all but one, are on a line: then many planes fit."""
    for points, where, code in (
        (image, "in the picture", "fit.line_in_picture"),
        (ground, "on the ground", "fit.line_on_ground"),
    ):
        for left_out in range(len(points)):
            rest = np.delete(points, left_out, axis=0)
            long, short = np.linalg.svd(rest - rest.mean(axis=0), compute_uv=False)
            if short <= LEAST_SPREAD * long:
                raise CalibrationError(
                    f"{len(rest)} of {len(points)} points lie on one line {where}: add points beside it, such as on "
                    "the other kerb",
                    code,
                    count=len(rest),
                    all=len(points),
                )


def _require_agreement(used: NDArray[np.bool_], tolerance_m: float) -> None:
    if used.sum() < max(4, 0.6 * len(used)):
        raise CalibrationError(
            f"only {used.sum()} of {len(used)} points agree within {tolerance_m} m: check that each pixel stands "
            "beside its own place, and that all are on the ground",
            "fit.disagree",
            count=int(used.sum()),
            all=len(used),
            metres=tolerance_m,
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
        "is above the horizon",
        "fit.folded",
    )
