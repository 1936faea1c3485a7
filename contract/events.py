"""Episode events: CloudEvents 1.0 (structured JSON), one for each step of an episode."""

import re
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from contract.evidence import SignedManifest
from contract.ids import BoxId, CameraId, Epoch, Name, Seq, Sha256, ZoneId, event_id
from contract.kinds import CameraFault, Closing, IncidentKind, Phase, Severity
from contract.wire import Instant, Wire

MAX_EVENT_BYTES = 64 * 1024
"""Far above any real event; a larger message is not one."""
MAX_DOUBT = 300

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Place = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class EventType(StrEnum):
    """The `type` attribute; the version is part of it."""

    OPENED = "id.sigap.episode.opened.v1"
    UPDATED = "id.sigap.episode.updated.v1"
    CLOSED = "id.sigap.episode.closed.v1"


class Location(Wire):
    """WGS 84 degrees; `within_m`: what is meant stands no further from there. Without it, it is the camera's place."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    within_m: Positive | None = None


class Measures(Wire):
    """What was measured, each in the unit its name carries; absent = not measured.

    `units` are selling units; `shift_share` is by how much of the picture's width a camera's view has moved.
    """

    speed_kmh: Positive | None = None
    speed_lengths_s: Positive | None = None
    occupancy: Share | None = None
    vehicles: Annotated[int, Field(ge=0)] | None = None
    queue_m: Positive | None = None
    queue_share: Share | None = None
    water_share: Share | None = None
    depth_class: Annotated[str, StringConstraints(max_length=40)] | None = None
    dwell_s: Positive | None = None
    units: Annotated[int, Field(ge=0)] | None = None
    fault: CameraFault | None = None
    shift_share: Positive | None = None
    turned_deg: Positive | None = None
    duration_s: Positive | None = None


class EpisodeData(Wire):
    """What the event says about its episode; `doubt`: why the box's permits leave it to a person."""

    kind: IncidentKind
    zone: ZoneId | None = None
    place: Place | None = None
    phase: Phase
    began: Instant
    severity: Severity
    confidence: Share
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    doubt: Annotated[str, StringConstraints(min_length=1, max_length=MAX_DOUBT)] | None = None
    closing: Closing | None = None
    measures: Measures = Measures()
    location: Location | None = None
    evidence: Annotated[tuple[SignedManifest, ...], Field(max_length=8)] = ()
    models: dict[Name, Sha256] = {}
    config: Annotated[str, StringConstraints(max_length=80)] = ""

    @property
    def about(self) -> str:
        """The zone, or which fault of the camera: with camera and kind it names the one episode that can be open."""
        return self.zone or (self.measures.fault or "")


class EpisodeEvent(Wire):
    """One step of one episode, as it travels."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: Annotated[str, StringConstraints(pattern=r"^/box/[a-z0-9_-]{1,40}/camera/[a-z0-9_-]{1,40}$")]
    type: EventType
    subject: UUID
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    epoch: Epoch
    seq: Seq
    boxtime: Instant
    data: EpisodeData

    @classmethod
    def make(
        cls,
        *,
        type: EventType,  # noqa: A002 — the attribute's name in CloudEvents
        box: str,
        camera: str,
        episode: UUID,
        epoch: str,
        seq: int,
        time: Instant,
        boxtime: Instant,
        data: EpisodeData,
    ) -> Self:
        """Fills in the attributes that follow from the others."""
        return cls(
            id=event_id(box, epoch, seq),
            source=f"/box/{box}/camera/{camera}",
            type=type,
            subject=episode,
            time=time,
            epoch=epoch,
            seq=seq,
            boxtime=boxtime,
            data=data,
        )

    @property
    def box(self) -> BoxId:
        """The box that says so."""
        return self.source.split("/")[2]

    @property
    def camera(self) -> CameraId:
        """The camera that saw it."""
        return self.source.split("/")[4]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.id != event_id(self.box, self.epoch, self.seq):
            raise ValueError(f"id {self.id} is not the one of box {self.box}, epoch {self.epoch}, seq {self.seq}")
        closed = self.type is EventType.CLOSED
        if closed != (self.data.phase is Phase.CLOSED) or closed != (self.data.closing is not None):
            raise ValueError(f"type {self.type.value}, phase {self.data.phase.value} and closing must agree")
        if self.data.began > self.time:
            raise ValueError("began lies after the time of the look that decided")
        for signed in self.data.evidence:
            if (signed.manifest.box, signed.manifest.camera) != (self.box, self.camera):
                raise ValueError(f"evidence {signed.manifest.sha256[:12]}… is of another box or camera")
        is_fault = self.data.kind is IncidentKind.CAMERA_FAULT
        if self.data.zone is None and not is_fault:
            raise ValueError(f"a {self.data.kind.value} happens in a zone; zone is missing")
        if is_fault and (self.data.zone is not None or self.data.measures.fault is None):
            raise ValueError("a camera_fault is the whole camera's: no zone, and measures.fault says which it is")
        return self


class Skipped(Wire):
    """The body of a seq whose event was replaced by a newer one before it was sent."""

    skipped: Literal[True] = True


_SKIPPED = re.compile(rb'\s*\{\s*"skipped"\s*:\s*true\s*\}\s*')


def parse_event(payload: bytes) -> EpisodeEvent | Skipped:
    """Reads the body of an event topic.

    Raises:
        ValueError: too large, not JSON, or not an event (pydantic.ValidationError names the field).
    """
    if len(payload) > MAX_EVENT_BYTES:
        raise ValueError(f"{len(payload)} bytes; an event has at most {MAX_EVENT_BYTES}")
    if _SKIPPED.fullmatch(payload):
        return Skipped()
    return EpisodeEvent.from_bytes(payload)
