"""What a box tells of itself: heartbeat, what it is made of, the state of each camera."""

from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints

from contract.desired import Refusal, Version
from contract.events import Location, Place
from contract.ids import CameraId, Epoch, Name, Sha256, ZoneId
from contract.kinds import BoxState, CameraState, Purpose, ZoneKind
from contract.wire import Instant, Wire

Text = Annotated[str, StringConstraints(max_length=300)]


class BoxStatus(Wire):
    """Heartbeat, retained; the last will is `state: offline` alone. Offline means no heartbeat for three intervals."""

    state: BoxState
    boxtime: Instant | None = None
    interval_s: Annotated[float, Field(gt=0)] | None = None
    epoch: Epoch | None = None
    last_seq: Annotated[int, Field(ge=0)] | None = None
    acked_seq: Annotated[int, Field(ge=0)] | None = None
    outbox_age_s: Annotated[float, Field(ge=0)] | None = None
    config: Text | None = None
    desired: Annotated[Version | None, Field(description="in force; missing: the box's own file alone")] = None
    refused: Annotated[Refusal | None, Field(description="the last one that came, where it was not taken")] = None


class ZoneInfo(Wire):
    """A zone as drawn, points in 0–1 of width and height."""

    id: ZoneId
    kind: ZoneKind
    place: Place | None = None
    points: tuple[tuple[float, float], ...]


class CameraInfo(Wire):
    """A camera as configured; never a URL, never a credential."""

    id: CameraId
    name: Text
    location: Location | None = None
    zones: tuple[ZoneInfo, ...] = ()
    purpose: tuple[Purpose, ...] | None = None
    config: Annotated[str | None, Field(max_length=40, description="digest of `settings`")] = None
    settings: Annotated[
        dict[str, JsonValue] | None, Field(description="settings.camera.CameraSettings in force; of the box's version")
    ] = None


class BoxInfo(Wire):
    """What the box is made of, retained."""

    site: Text
    software: Text
    models: dict[Name, Sha256]
    cameras: tuple[CameraInfo, ...]
    certificate_until: Annotated[Instant | None, Field(description="last moment of the box's certificate")] = None


class CameraStatus(Wire):
    """State of one camera, retained."""

    state: CameraState
    since: Instant
    reason: Text
