"""`flood:` — when water on a roadway is a flood, and by which marks its depth is read."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from contract.sentences import Unfit
from contract.settings.quantities import Duration
from contract.settings.section import Section
from contract.settings.zones import Point, ZonedSection


class WaterReferenceSection(Section):
    """A mark of known height in the view, by which depth is read."""

    points: Annotated[
        tuple[Point, ...],
        Field(title="Points", description="Where it is seen: x, y in 0–1 of the picture.", min_length=1, max_length=64),
    ]
    height_cm: Annotated[float, Field(title="Height", description="Over the road's lowest place.", gt=0, le=1000)]


class FloodSection(ZonedSection):
    """Water that stands or runs on a roadway."""

    min_duration: Annotated[
        Duration, Field(title="Minimum duration", description="So long must there be water before it is a flood.")
    ] = 180.0
    water_share: Annotated[
        float, Field(title="Water", description="Share of the visible zone under water.", gt=0, le=1)
    ] = 0.3
    flood_above: Annotated[
        float | None,
        Field(
            title="Flood",
            description="Probability that the view shows a flood; left out: as the network's card says.",
            gt=0,
            lt=1,
        ),
    ] = None
    hold: Annotated[
        Duration, Field(title="Hold", description="So long must it be dry again before the episode closes.")
    ] = 300.0
    water_references: Annotated[
        tuple[WaterReferenceSection, ...],
        Field(title="References", description="Kerbs, walls or gauges by which depth is read."),
    ] = ()
    depth_classes: Annotated[
        tuple[float, ...], Field(title="Depth classes", description="Bounds between them, cm, rising.", min_length=1)
    ] = (10.0, 30.0, 70.0, 150.0)

    @field_validator("depth_classes")
    @classmethod
    def _rising(cls, bounds: tuple[float, ...]) -> tuple[float, ...]:
        if not all(low < high for low, high in pairwise((0.0, *bounds))):
            raise Unfit("bounds of depth must rise, from above 0: [10, 30, 70, 150]", "depth_classes")
        return bounds
