"""The files of a calibration: points that somebody measured, and the fitted camera.

Points (`sigap-calibrate fit` reads them), each with `metres` or each with `lonlat`:

    {"image": {"width": 1280, "height": 720},
     "points": [{"pixel": [412, 380], "lonlat": [106.1139, -2.1291], "note": "corner of the zebra crossing"}, …],
     "tolerance_m": 1.0,
     "lens": {"focal_px": [1010, 1010], "centre_px": [640, 360], "distortion": [k1, k2, p1, p2, k3]}}    where known

Camera (`sigap-calibrate fit` writes it, the box and the editor read it):

    {"version": 1,
     "image": {"width": 1280, "height": 720},
     "homography": [[…], […], […]],     straight pixel → metres, before offset_m is added; w > 0 before the camera
     "lens": null,                         as above, given or fitted; null for a pinhole: every pixel is straight
     "offset_m": [x, y],
     "origin": {"lon": …, "lat": …},    where metres (0, 0) is; null where metres are a grid of the user's own
     "rms_m": 0.12,                        of the points; null where traffic told the camera
     "pinhole_rms_m": null,                what it was before a lens was fitted
     "points": [{"pixel": […], "metres": […], "residual_m": 0.08, "used": true}, …],
     "traffic": {"vehicles": 80, "speed_error": 0.06, "lane_width_m": null}}    null where points were measured
"""

import json
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from calibration.fitting import TOLERANCE_M, Fit, fit_lonlat, fit_metres
from calibration.geodesy import LonLat
from calibration.ground import CalibrationError, GroundPlane
from calibration.lens import Lens

MAX_BYTES = 2**20
Pair = tuple[FiniteFloat, FiniteFloat]
Row = tuple[FiniteFloat, FiniteFloat, FiniteFloat]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ImageSize(_Section):
    """Of the picture in which the pixels were taken."""

    width: int = Field(gt=0, le=100_000)
    height: int = Field(gt=0, le=100_000)


class LensSection(_Section):
    """What bends the picture: OpenCV's camera matrix and its k1 k2 p1 p2 k3."""

    focal_px: Annotated[Pair, Field(description="across, down")]
    centre_px: Pair
    distortion: tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat]

    @model_validator(mode="after")
    def _a_lens(self) -> "LensSection":
        self.lens()
        return self

    @classmethod
    def of(cls, lens: Lens) -> "LensSection":
        """The section that says so."""
        return cls(focal_px=lens.focal_px, centre_px=lens.centre_px, distortion=lens.distortion)

    def lens(self) -> Lens:
        """The lens."""
        return Lens(self.focal_px, self.centre_px, self.distortion)


class Point(_Section):
    """One place, in the picture and on the ground."""

    pixel: Pair
    metres: Pair | None = None
    lonlat: Pair | None = None
    note: str = ""

    @model_validator(mode="after")
    def _one_place(self) -> "Point":
        if (self.metres is None) == (self.lonlat is None):
            raise ValueError("a point needs either metres [x, y] or lonlat [lon, lat]")
        return self


class PointsFile(_Section):
    """What somebody measured."""

    image: ImageSize
    points: Annotated[tuple[Point, ...], Field(max_length=1000)]
    tolerance_m: float = Field(default=TOLERANCE_M, gt=0, allow_inf_nan=False)
    lens: LensSection | None = Field(default=None, description="where it is known; else looked for from 8 points on")

    def fit(self) -> Fit:
        """The plane through these points.

        Raises:
            CalibrationError: see `fit_metres`; or some points have metres and others lonlat.
        """
        pixels = [point.pixel for point in self.points]
        size = (self.image.width, self.image.height)
        lens = self.lens.lens() if self.lens else None
        lonlat = [point.lonlat for point in self.points if point.lonlat is not None]
        if not lonlat:
            return fit_metres(pixels, [point.metres or () for point in self.points], *size, self.tolerance_m, lens=lens)
        if len(lonlat) < len(pixels):
            raise CalibrationError(
                "some points have metres and others lonlat: give all of them the same way", "fit.mixed"
            )
        return fit_lonlat(pixels, lonlat, *size, self.tolerance_m, lens=lens)


class FittedPoint(_Section):
    """A point and how far the plane misses it."""

    pixel: Pair
    metres: Pair
    residual_m: FiniteFloat | None = Field(description="null where the plane sees no ground at this pixel")
    used: bool


class Origin(_Section):
    """Degrees, WGS 84."""

    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-85, le=85)


class TrafficSection(_Section):
    """Says that no points were measured: the camera was told by the traffic that it saw."""

    vehicles: int = Field(gt=0)
    speed_error: float = Field(
        gt=0, allow_inf_nan=False, description="standard deviation of speeds, as a share of them"
    )
    lane_width_m: float | None = Field(default=None, gt=0, allow_inf_nan=False)


class CameraFile(_Section):
    """A fitted camera."""

    version: Literal[1] = 1
    image: ImageSize
    homography: tuple[Row, Row, Row]
    lens: LensSection | None = None
    offset_m: Pair = (0.0, 0.0)
    origin: Origin | None = None
    rms_m: float | None = Field(ge=0, allow_inf_nan=False)
    pinhole_rms_m: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    points: tuple[FittedPoint, ...] = ()
    traffic: TrafficSection | None = None

    @classmethod
    def of(cls, fit: Fit) -> "CameraFile":
        """What to keep of a fit."""
        points = tuple(
            FittedPoint(pixel=pixel, metres=metres, residual_m=gap if np.isfinite(gap) else None, used=used)
            for pixel, metres, gap, used in zip(
                fit.pixels.tolist(), fit.metres.tolist(), fit.residuals_m.tolist(), fit.used.tolist(), strict=True
            )
        )
        return cls.of_plane(fit.plane).model_copy(
            update={"rms_m": fit.rms_m, "pinhole_rms_m": fit.pinhole_rms_m, "points": points}
        )

    @classmethod
    def of_plane(cls, plane: GroundPlane, traffic: TrafficSection | None = None) -> "CameraFile":
        """A plane that no measured points tell."""
        rows = plane.homography.tolist()
        return cls(
            image=ImageSize(width=plane.width, height=plane.height),
            homography=(tuple(rows[0]), tuple(rows[1]), tuple(rows[2])),
            lens=LensSection.of(plane.lens) if plane.lens else None,
            offset_m=plane.offset_m,
            origin=Origin(lon=plane.origin.lon, lat=plane.origin.lat) if plane.origin else None,
            rms_m=None,
            traffic=traffic,
        )

    def plane(self) -> GroundPlane:
        """The ground plane. Raises CalibrationError where the homography is none."""
        origin = LonLat(self.origin.lon, self.origin.lat) if self.origin else None
        lens = self.lens.lens() if self.lens else None
        return GroundPlane(np.array(self.homography), self.image.width, self.image.height, self.offset_m, origin, lens)


File = TypeVar("File", CameraFile, PointsFile)


def save(fit: Fit, path: Path) -> None:
    """Write the camera file of a fit."""
    write(CameraFile.of(fit), path)


def write(camera: CameraFile, path: Path) -> None:
    """Write a camera file."""
    path.write_text(camera.model_dump_json(indent=2) + "\n", encoding="utf-8")


def load(path: Path) -> GroundPlane:
    """The ground plane of a camera file.

    Raises:
        CalibrationError: the file is missing, unreadable or not a camera file.
    """
    return read_camera(path).plane()


def read_camera(path: Path) -> CameraFile:
    """The camera file itself. Raises CalibrationError as `load`."""
    return _read(path, CameraFile)


def read_points(path: Path) -> PointsFile:
    """The points file. Raises CalibrationError where it is missing, unreadable or not one."""
    return _read(path, PointsFile)


def _read(path: Path, kind: type[File]) -> File:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CalibrationError(f"{path} is larger than {MAX_BYTES} bytes: not a calibration file")
        return kind.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CalibrationError(f"{path} cannot be read: {error.strerror}") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CalibrationError(f"{path} is not JSON: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors())
        raise CalibrationError(f"{path} is not as expected: {faults}") from error
