"""The values that go into an outbox and come out of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contract.events import EpisodeData, EventType
from contract.kinds import IncidentKind


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an episode, before it has an epoch and a seq.

    Attributes:
        episode: the episode's id, the same in all its steps.
        time: of the look that decided.
        data: what happened; its evidence is filled in from the exhibits given with the step.
    """

    type: EventType
    camera: str
    episode: UUID
    time: datetime
    data: EpisodeData


@dataclass(frozen=True, slots=True)
class OpenEpisode:
    """What is remembered of an open episode over a restart.

    Attributes:
        about: its zone, or which fault of the camera.
        state: its judge's own JSON.
    """

    camera: str
    kind: IncidentKind
    about: str
    state: str


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An event that the centre has not acknowledged, as it goes on the wire."""

    seq: int
    body: bytes


@dataclass(frozen=True, slots=True)
class WaitingEvidence:
    """Evidence whose event is acknowledged and whose bytes are not. `place` orders them."""

    place: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """What the heartbeat tells.

    Attributes:
        waiting: events not yet acknowledged.
        evidence_waiting: pieces of evidence the centre does not have yet.
        age_s: of the oldest event that waits; 0 when none does.
        dropped: pieces of evidence and bodies of updates given up for the disk budget since the epoch began.
    """

    epoch: str
    last_seq: int
    acked_seq: int
    waiting: int
    evidence_waiting: int
    evidence_bytes: int
    body_bytes: int
    age_s: float
    dropped: int
