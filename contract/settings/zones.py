"""`zones:` — polygons in a camera's view."""

from typing import Annotated

from pydantic import Field

from contract.events import Place
from contract.ids import ZoneId
from contract.kinds import ZoneKind
from contract.settings.section import Section

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Point = tuple[Share, Share]
Polygon = Annotated[tuple[Point, ...], Field(min_length=3, max_length=64)]


class ZoneSection(Section):
    """One zone."""

    kind: Annotated[ZoneKind, Field(title="Kind", description="What the polygon stands for.")]
    place: Annotated[
        Place | None, Field(title="Place", description='Street and direction, "jl-sudirman:utara": where a crew goes.')
    ] = None
    points: Annotated[Polygon, Field(title="Points", description="x, y in 0–1 of the picture's width and height.")]


Zones = Annotated[
    tuple[ZoneId, ...], Field(title="Zones", description="Ids of this camera's zones to watch.", min_length=1)
]


class ZonedSection(Section):
    """A kind that is looked for in zones."""

    zones: Zones
