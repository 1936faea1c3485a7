"""`vending:` and `parking:` — things that stand where they may not."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from contract.schedule import ALWAYS
from contract.sentences import Unfit
from contract.settings.quantities import Duration, Hours
from contract.settings.section import Section
from contract.settings.zones import Polygon, ZonedSection

Schedule = Annotated[
    Hours, Field(title="Schedule", description="Hours in which it is forbidden, local time: Mon-Fri 06:00-22:00.")
]


class PermitSection(Section):
    """A place that a decree designates for selling or for parking."""

    sk: Annotated[str, Field(title="SK", description="Number of the decree.", min_length=1, max_length=80)]
    points: Annotated[Polygon, Field(title="Points", description="x, y in 0–1 of the picture's width and height.")]
    valid_from: Annotated[date, Field(title="Valid from", description="The first day, local date.")]
    valid_to: Annotated[date, Field(title="Valid to", description="The last day; void from the day after.")]
    hours: Annotated[Hours, Field(title="Hours", description="When it is allowed there, local time.")] = ALWAYS
    capacity: Annotated[
        int | None, Field(title="Capacity", description="Units or vehicles that may stand there.", ge=1)
    ] = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to < self.valid_from:
            text = f"valid_to {self.valid_to} lies before valid_from {self.valid_from}"
            raise Unfit(text, "valid_to", first=str(self.valid_from), last=str(self.valid_to))
        return self


class ParkingSection(ZonedSection):
    """Vehicles that stand in no_parking zones."""

    dwell: Annotated[
        Duration, Field(title="Dwell", description="So long must a vehicle stand; longer than a red light or a bus.")
    ] = 300.0
    hold: Annotated[
        Duration, Field(title="Hold", description="So long must the zone be free before the episode closes.")
    ] = 60.0
    schedule: Schedule = ALWAYS
    vehicles: Annotated[
        tuple[Literal["car", "bus", "truck", "motorcycle"], ...],
        Field(title="Vehicles", description="Classes that count.", min_length=1),
    ] = ("car", "bus", "truck")
    permits: Annotated[
        tuple[PermitSection, ...], Field(title="Permits", description="Places where parking is allowed all the same.")
    ] = ()


class VendingSection(ZonedSection):
    """Selling units in no_vending zones."""

    dwell: Annotated[Duration, Field(title="Dwell", description="So long must a unit stand, attended to.")] = 600.0
    hold: Annotated[
        Duration, Field(title="Hold", description="So long must the zone be free before the episode closes.")
    ] = 120.0
    schedule: Schedule = ALWAYS
    permits: Annotated[
        tuple[PermitSection, ...], Field(title="Permits", description="Places where selling is allowed all the same.")
    ] = ()
