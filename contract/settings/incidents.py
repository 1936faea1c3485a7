"""`incidents:` — what to look for in which zones, and of the camera itself."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from contract.kinds import IncidentKind
from contract.settings.camera_fault import CameraFaultSection
from contract.settings.flood import FloodSection
from contract.settings.quantities import Duration
from contract.settings.section import Section
from contract.settings.standing import ParkingSection, VendingSection
from contract.settings.zones import Share, ZonedSection


class JamSection(ZonedSection):
    """Traffic that neither flows nor is a queue at a red light."""

    min_duration: Annotated[
        Duration, Field(title="Minimum duration", description="Longer than one signal cycle, or every red is a jam.")
    ] = 120.0
    speed_below_kmh: Annotated[
        float, Field(title="Speed", description="Space-mean speed, where the camera is calibrated.", gt=0, le=60)
    ] = 10.0
    speed_below_lengths_s: Annotated[
        float, Field(title="Speed, uncalibrated", description="Vehicle lengths a second; 0.6 is about 10 km/h.", gt=0)
    ] = 0.6
    occupancy_above: Annotated[
        Share, Field(title="Occupancy", description="Share of the zone under vehicle footprints.")
    ] = 0.25
    hold: Annotated[
        Duration, Field(title="Hold", description="So long must it flow again before the episode closes.")
    ] = 60.0


class IncidentsSection(Section):
    """Kinds looked for on one camera."""

    jam: JamSection | None = None
    flood: FloodSection | None = None
    vending: VendingSection | None = None
    parking: ParkingSection | None = None
    camera_fault: CameraFaultSection | None = None

    def wanted(self) -> Iterator[tuple[IncidentKind, ZonedSection]]:
        """The kinds that are looked for in zones."""
        for name in type(self).model_fields:
            section = getattr(self, name)
            if isinstance(section, ZonedSection):
                yield IncidentKind(name), section

    def about(self, kind: IncidentKind) -> tuple[str, ...]:
        """The zones in which a kind is looked for; for camera faults, the faults."""
        if kind is IncidentKind.CAMERA_FAULT:
            return tuple(fault.value for fault in self.camera_fault.faults) if self.camera_fault else ()
        return next((section.zones for wanted, section in self.wanted() if wanted is kind), ())
