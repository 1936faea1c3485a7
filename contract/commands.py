"""What the centre asks of a box, and what the box answers.

A command is published again until its answer comes or its time is over; the same id twice is the same question, and has
the same answer.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter

from contract.events import Measures
from contract.evidence import SignedManifest
from contract.ids import CameraId, Name, Sha256, ZoneId
from contract.kinds import IncidentKind, Sight
from contract.wire import Instant, Wire

MAX_COMMAND_BYTES = 16 * 1024


class LookAgain(Wire):
    """Is this problem still there? Answered after a new, thorough look.

    `fault` is of a camera_fault only, which has no zone; after `until` nobody waits for the answer any more.
    """

    action: Literal["look"] = "look"
    id: UUID
    camera: CameraId
    kind: IncidentKind
    zone: ZoneId | None = None
    fault: str | None = None
    until: Instant

    @property
    def about(self) -> str:
        """The zone, or which fault of the camera."""
        return self.zone or self.fault or ""


class LookReply(Wire):
    """What the look showed. `time` is of its newest picture, or of the answer where there was no picture."""

    action: Literal["look"] = "look"
    id: UUID
    camera: CameraId
    sight: Sight
    time: Instant
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    measures: Measures = Measures()
    evidence: Annotated[tuple[SignedManifest, ...], Field(max_length=2)] = ()
    models: dict[Name, Sha256] = {}
    config: Annotated[str, StringConstraints(max_length=80)] = ""


class TakeStill(Wire):
    """A masked still of now, for a page where somebody draws or wants to see. After `until` nobody waits any more."""

    action: Literal["still"] = "still"
    id: UUID
    camera: CameraId
    until: Instant


class StillReply(Wire):
    """The still, which follows as evidence; without one, `reason` says why there is none."""

    action: Literal["still"]
    id: UUID
    camera: CameraId
    time: Instant
    reason: Annotated[str, StringConstraints(max_length=500)] = ""
    evidence: Annotated[tuple[SignedManifest, ...], Field(max_length=1)] = ()
    config: Annotated[str, StringConstraints(max_length=80)] = ""


Command = LookAgain | TakeStill
Reply = LookReply | StillReply
_COMMAND: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="action")])
_REPLY: TypeAdapter[Reply] = TypeAdapter(Annotated[StillReply | LookReply, Field(union_mode="left_to_right")])


def read_command(payload: bytes) -> Command:
    """Raises ValueError where it is too large, or pydantic.ValidationError where it is no command that is known."""
    if len(payload) > MAX_COMMAND_BYTES:
        raise ValueError(f"{len(payload)} bytes; a command has at most {MAX_COMMAND_BYTES}")
    return _COMMAND.validate_json(payload)


def read_reply(payload: bytes) -> Reply:
    """Raises pydantic.ValidationError. A box of before stills were taken does not say which command it answers."""
    return _REPLY.validate_json(payload)
