"""What the centre asks of a box, and what the box answers.

A command is published again until its answer comes or its time is over; the same id twice is the same question, and has
the same answer.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

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

    id: UUID
    camera: CameraId
    sight: Sight
    time: Instant
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    measures: Measures = Measures()
    evidence: Annotated[tuple[SignedManifest, ...], Field(max_length=2)] = ()
    models: dict[Name, Sha256] = {}
    config: Annotated[str, StringConstraints(max_length=80)] = ""
