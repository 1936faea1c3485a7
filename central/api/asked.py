"""Filters that several lists share."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor
from typing import Annotated, Self

from django.db.models import Q
from ninja import Schema
from pydantic import AwareDatetime, Field, StringConstraints

from central.api.problems import invalid
from central.desks.publicity import COARSE_DECIMALS
from central.incidents.kinds import Kind
from contract.kinds import IncidentKind

BOX_PATTERN = r"^-?\d{1,3}(\.\d{1,20})?(,-?\d{1,3}(\.\d{1,20})?){3}$"
CURSOR_PATTERN = r"^[A-Za-z0-9_-]{1,120}$"

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]


class Paging(Schema):
    """Which part of a list."""

    limit: int = Field(100, ge=1, le=500, description="Rows on a page")
    cursor: str | None = Field(
        None,
        pattern=CURSOR_PATTERN,
        description="From `next` of the page before; the other parameters stay as they were",
    )


class Filters(Paging):
    """What lists of things with a kind, a place and changes can be narrowed to."""

    kind: list[IncidentKind] = Field([], description="Repeat it for several", max_length=10)
    bbox: str | None = Field(
        None, pattern=BOX_PATTERN, description="west,south,east,north in degrees", examples=["106.6,-6.4,107.0,-6.0"]
    )
    updated_since: AwareDatetime | None = Field(
        None,
        description="Only what changed then or later, in the order of its last change, earliest first: begin the "
        "next round at the last one you were given. With its zone, for example 2026-03-02T05:00:00Z",
    )


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds in degrees, all included."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, text: str) -> Self:
        """From the query.

        Raises:
            Problem: no such box on the globe.
        """
        box = cls(*(float(part) for part in text.split(",")))
        if not (-180 <= box.west <= box.east <= 180 and -90 <= box.south <= box.north <= 90):
            raise invalid("query.bbox", "west,south,east,north in degrees, west ≤ east and south ≤ north")
        return box

    def holds(self) -> Q:
        """Of rows with lat and lon."""
        return Q(lon__gte=self.west, lon__lte=self.east, lat__gte=self.south, lat__lte=self.north)

    def coarsely(self, decimals: int) -> "Box":
        """Holds exactly the places whose *rounded* position this box holds: by asking for ever smaller boxes nobody
        learns more than the rounded position tells."""
        scale = 10**decimals

        def low(value: float) -> float:
            return (ceil(round(value * scale, 6)) - 0.5) / scale

        def high(value: float) -> float:
            return (floor(round(value * scale, 6)) + 0.5) / scale

        return Box(low(self.west), low(self.south), high(self.east), high(self.north))


def in_box(text: str | None, *, exactly: bool) -> Q:
    """Rows with kind, lat and lon that are in the box; `exactly` for staff, the public knows vending coarsely."""
    if text is None:
        return Q()
    box = Box.read(text)
    if exactly:
        return box.holds()
    coarse = Q(kind=Kind.VENDING.value) & box.coarsely(COARSE_DECIMALS).holds()
    return coarse | (~Q(kind=Kind.VENDING.value) & box.holds())


def of_kinds(kinds: list[IncidentKind]) -> Q:
    """All of them when none is named."""
    return Q(kind__in=[kind.value for kind in kinds]) if kinds else Q()


def checked_since(since: datetime | None) -> datetime | None:
    """The moment itself.

    Raises:
        Problem: beyond what databases keep.
    """
    if since is not None and not 1900 <= since.year <= 2900:
        raise invalid("query.updated_since", "between the years 1900 and 2900")
    return since
