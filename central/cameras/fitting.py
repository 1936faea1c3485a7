"""A ground plane fitted while somebody clicks: what the editor draws and says of it."""

from typing import Any

from pydantic import ValidationError

from calibration.camera_file import CameraFile, PointsFile
from calibration.ground import CalibrationError, GroundPlane
from calibration.picture import grid_lines
from central.boxes.desired.saying import sentence_in_words
from contract.sentences import Sentence
from contract.settings.explaining import dotted, explain

MAX_POINTS = 60
"""Nobody clicks more, and the fit of a lens costs time for each."""


class NoFit(ValueError):  # noqa: N818 — what it is
    """Points through which no plane goes; the text says, in the reader's language, what to change."""

    def __init__(self, sentence: Sentence, place: str = "") -> None:
        said = sentence_in_words(sentence)
        super().__init__(f"{place}: {said}" if place else said)


def fitted(values: Any) -> dict[str, Any]:
    """The camera file of these points, and its grid in shares of the picture's width and height.

    Raises:
        NoFit: not points, or none that a plane goes through.
    """
    try:
        points = PointsFile.model_validate(values)
        if len(points.points) > MAX_POINTS:
            text = f"{len(points.points)} points: {MAX_POINTS} are enough"
            raise NoFit(Sentence(text, "fit.many", {"count": len(points.points), "most": MAX_POINTS}))
        camera = CameraFile.of(points.fit())
        return {"calibration": camera.model_dump(mode="json"), "grid": grid_of(camera.plane())}
    except ValidationError as error:
        place, text = explain(PointsFile, error.errors()[0])
        raise NoFit(text, dotted(place)) from error
    except CalibrationError as error:
        raise NoFit(Sentence.of(error)) from error


def grid_of(plane: GroundPlane) -> list[dict[str, Any]]:
    """Lines every 1, 5 and 10 m; none where the plane shows no ground nearby."""
    size = (plane.width, plane.height)
    try:
        return [{"step": step, "points": (line / size).round(4).tolist()} for step, line in grid_lines(plane)]
    except CalibrationError:
        return []


def stored_grid(calibration: Any) -> list[dict[str, Any]]:
    """Of a calibration as it was decided or reported; none where it cannot be read."""
    try:
        return [] if calibration is None else grid_of(CameraFile.model_validate(calibration).plane())
    except (ValidationError, CalibrationError):
        return []


def clicked(calibration: Any) -> list[dict[str, Any]]:
    """The points a calibration was fitted to, with their places, to go on from. None for one in metres of its own."""
    try:
        camera = CameraFile.model_validate(calibration)
        plane = camera.plane()
    except (ValidationError, CalibrationError):
        return []
    if plane.origin is None or not camera.points:
        return []
    import numpy as np  # noqa: PLC0415

    places = plane.origin.of_metres(np.array([point.metres for point in camera.points]))
    size = (camera.image.width, camera.image.height)
    return [
        {"pixel": [point.pixel[0] / size[0], point.pixel[1] / size[1]], "lonlat": place}
        for point, place in zip(camera.points, places.round(8).tolist(), strict=True)
    ]
