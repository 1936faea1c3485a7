"""`cameras:` — one fixed view each."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from contract.ids import ZoneId
from contract.kinds import Purpose
from contract.settings.incidents import IncidentsSection
from contract.settings.quantities import TimeZone
from contract.settings.section import Section
from contract.settings.zones import Polygon, ZoneSection


class InputSection(Section):
    """One stream of the camera."""

    url: Annotated[str, Field(title="URL", description="rtsp://user:${PASSWORD}@host/path; secrets from outside.")]
    roles: Annotated[
        tuple[Literal["watch", "evidence"], ...], Field(title="Roles", description="What the stream serves.")
    ] = ("watch", "evidence")
    transport: Annotated[Literal["tcp", "udp"], Field(title="Transport", description="How RTP travels.")] = "tcp"


class LocationSection(Section):
    """Where the camera stands, WGS 84."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class CameraSection(Section):
    """One camera."""

    name: Annotated[str, Field(title="Name", description="For people.", max_length=120)] = ""
    enabled: Annotated[bool, Field(title="Enabled", description="false: known, but not opened.")] = True
    inputs: Annotated[tuple[InputSection, ...], Field(title="Inputs", description="Streams of this camera.")] = ()
    location: Annotated[LocationSection | None, Field(title="Location")] = None
    time_zone: Annotated[
        TimeZone | None, Field(title="Time zone", description="Of schedules and permits; the box's where left out.")
    ] = None
    purpose: Annotated[
        tuple[Purpose, ...] | None, Field(title="Purpose", description="What this camera may serve (UU 27/2022).")
    ] = None
    calibration: Annotated[
        Path | None, Field(title="Calibration", description="File of `sigap-calibrate fit`; without it no km/h.")
    ] = None
    zones: Annotated[dict[ZoneId, ZoneSection], Field(title="Zones")] = {}
    incidents: Annotated[IncidentsSection, Field(title="Incidents")] = IncidentsSection()
    privacy_masks: Annotated[
        tuple[Polygon, ...], Field(title="Privacy masks", description="Windows and doors: black in every evidence.")
    ] = ()

    def input_for(self, role: Literal["watch", "evidence"]) -> InputSection:
        """The first stream with that role; the first of all where none has it."""
        return next((stream for stream in self.inputs if role in stream.roles), self.inputs[0])
