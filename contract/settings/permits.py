"""Permits as the centre sends them: places that a decree (SK) designates for selling, on the map or in one view."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from contract.ids import CameraId
from contract.schedule import ALWAYS
from contract.sentences import Unfit
from contract.settings.quantities import Hours, TimeZone
from contract.settings.section import Section
from contract.settings.zones import Polygon

Degrees = tuple[
    Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)],
    Annotated[float, Field(ge=-85, le=85, allow_inf_nan=False)],
]
"""Longitude, latitude; WGS 84."""


class DesiredPermit(Section):
    """One designated place; as a polygon on the map, which every calibrated camera finds in its view by itself, or as a
    polygon in the view of one camera."""

    sk: Annotated[str, Field(title="SK", description="Number of the decree.", min_length=1, max_length=80)]
    lonlat: Annotated[
        tuple[Degrees, ...] | None,
        Field(title="On the map", description="Corners: longitude, latitude.", min_length=3, max_length=64),
    ] = None
    camera: Annotated[CameraId | None, Field(title="Camera", description="In whose view `points` are.")] = None
    points: Annotated[
        Polygon | None, Field(title="In the view", description="x, y in 0–1 of the picture's width and height.")
    ] = None
    valid_from: Annotated[date, Field(title="Valid from", description="The first day, local date.")]
    valid_to: Annotated[date, Field(title="Valid to", description="The last day; void from the day after.")]
    hours: Annotated[Hours, Field(title="Hours", description="When selling is allowed there, local time.")] = ALWAYS
    capacity: Annotated[int | None, Field(title="Capacity", description="Units that may stand there.", ge=1)] = None
    time_zone: Annotated[
        TimeZone | None, Field(title="Time zone", description="Of days and hours; the camera's where left out.")
    ] = None

    @model_validator(mode="after")
    def _somewhere_and_sometime(self) -> Self:
        if self.valid_to < self.valid_from:
            text = f"valid_to {self.valid_to} lies before valid_from {self.valid_from}"
            raise Unfit(text, "valid_to", first=str(self.valid_from), last=str(self.valid_to))
        in_a_view = self.camera is not None and self.points is not None
        in_no_view = self.camera is None and self.points is None
        if not ((self.lonlat is None and in_a_view) or (self.lonlat is not None and in_no_view)):
            raise ValueError("a permit has either lonlat, or camera and points")
        return self
