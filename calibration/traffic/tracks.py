"""Tracks of vehicles, as a tracker saw them, and their file.

JSON lines: first the picture, then a track a line, in any order:

    {"image": {"width": 1280, "height": 720}, "lens": {"focal_px": […], "centre_px": […], "distortion": […]}}
    {"class": "car", "times": [0.0, 0.2, …], "boxes": [[x1, y1, x2, y2], …]}

`lens` may be left out. Times are seconds on any clock; boxes are pixels of that picture, cut at its edge.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from calibration.camera_file import ImageSize, LensSection
from calibration.ground import CalibrationError
from calibration.lens import Lens

MAX_BYTES = 2**28
Box = tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One vehicle on its way.

    Attributes:
        kind: its class, such as "car"; a class that the calibration does not know is ignored there.
        times: [n] seconds, rising.
        boxes: [n, 4] pixels: left, top, right, bottom.

    Raises:
        CalibrationError: shapes that do not match, times that do not rise, boxes without area.
    """

    kind: str
    times: NDArray[np.float64]
    boxes: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.boxes.shape != (len(self.times), 4):
            raise CalibrationError(f"{len(self.times)} times need as many boxes of four numbers each")
        if not (np.diff(self.times) > 0).all():
            raise CalibrationError("the times of a track must rise")
        if not (self.boxes[:, 2:] > self.boxes[:, :2]).all():
            raise CalibrationError("a box is left, top, right, bottom, with right and bottom greater")

    @property
    def feet(self) -> NDArray[np.float64]:
        """The middles of the boxes' lower edges, [n, 2] pixels."""
        return np.stack([(self.boxes[:, 0] + self.boxes[:, 2]) / 2, self.boxes[:, 3]], axis=1)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one camera saw pass.

    Attributes:
        width: of its picture, pixels.
        height: of its picture, pixels.
        tracks: of the vehicles.
        lens: where it is known; None takes the picture for a pinhole camera's.
    """

    width: int
    height: int
    tracks: tuple[Track, ...]
    lens: Lens | None = None


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    image: ImageSize
    lens: LensSection | None = None


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: str = Field(alias="class")
    times: Annotated[list[FiniteFloat], Field(min_length=1, max_length=100_000)]
    boxes: Annotated[list[Box], Field(min_length=1, max_length=100_000)]

    @model_validator(mode="after")
    def _a_track(self) -> "_Line":
        self.track()
        return self

    def track(self) -> Track:
        return Track(self.kind, np.array(self.times, np.float64), np.array(self.boxes, np.float64).reshape(-1, 4))


Section = TypeVar("Section", _Header, _Line)


def read_traffic(path: Path) -> Traffic:
    """The tracks of a file.

    Raises:
        CalibrationError: it is missing, too large, or a line of it is not as above; the text names the line.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CalibrationError(f"{path} is larger than {MAX_BYTES} bytes: an hour of traffic is enough")
        lines = _numbered(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CalibrationError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CalibrationError(f"{path} is not UTF-8: {error}") from error
    header, *rest = [(number, line) for number, line in lines] or [(1, "")]
    first = _read(_Header, path, *header)
    tracks = tuple(_read(_Line, path, number, line).track() for number, line in rest)
    return Traffic(first.image.width, first.image.height, tracks, first.lens.lens() if first.lens else None)


def write_traffic(traffic: Traffic, path: Path) -> None:
    """Writes tracks so that `read_traffic` reads the same, to the hundredth of a pixel and the millisecond.

    Raises:
        OSError: it cannot be written there.
    """
    header: dict[str, object] = {"image": {"width": traffic.width, "height": traffic.height}}
    if traffic.lens is not None:
        header["lens"] = LensSection.of(traffic.lens).model_dump(mode="json")
    lines = [header, *(_line(track) for track in traffic.tracks)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def _line(track: Track) -> dict[str, object]:
    return {"class": track.kind, "times": track.times.round(3).tolist(), "boxes": track.boxes.round(2).tolist()}


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip())


def _read(kind: type[Section], path: Path, number: int, line: str) -> Section:
    try:
        return kind.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise CalibrationError(f"{path}, line {number} is not JSON: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'line'}: {fault['msg']}" for fault in error.errors())
        raise CalibrationError(f"{path}, line {number} is not as expected: {faults}") from error
