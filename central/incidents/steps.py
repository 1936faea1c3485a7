"""One event, as an episode takes it in. Taking in the same steps in any order, any number of times, ends the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from central.boxes.models import Camera
from central.incidents.models import Episode, Policy
from contract.events import EpisodeEvent
from contract.kinds import Phase


class ForeignStep(ValueError):  # noqa: N818 — what it is
    """The step claims an episode that belongs to another box, camera, kind or zone."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one event says; times are the centre's reading of them (never in the future)."""

    episode: UUID
    camera: Camera
    kind: str
    zone: str
    place: str
    lat: float | None
    lon: float | None
    within_m: float | None
    doubt: str
    epoch: str
    seq: int
    phase: str
    closing: str
    began: datetime
    time: datetime
    severity: int
    confidence: float
    reason: str
    measures: dict[str, Any]
    model_hashes: dict[str, str]
    config: str

    @classmethod
    def of(cls, event: EpisodeEvent, camera: Camera, received: datetime) -> "Step":
        """A box whose clock is ahead must not hold an incident open into the future: times are cut at `received`."""
        data = event.data
        lat, lon = (data.location.lat, data.location.lon) if data.location else (camera.lat, camera.lon)
        return cls(
            episode=event.subject,
            camera=camera,
            kind=data.kind.value,
            zone=data.zone or "",
            place=data.place or "",
            lat=lat,
            lon=lon,
            within_m=data.location.within_m if data.location else None,
            doubt=data.doubt or "",
            epoch=event.epoch,
            seq=event.seq,
            phase=data.phase.value,
            closing=data.closing.value if data.closing else "",
            began=min(data.began, received),
            time=min(event.time, received),
            severity=int(data.severity),
            confidence=data.confidence,
            reason=data.reason,
            measures=data.measures.model_dump(mode="json", exclude_none=True),
            model_hashes=dict(data.models),
            config=data.config,
        )

    def qualifies(self, policy: Policy) -> bool:
        """Whether it alone would make its incident count."""
        return self.confidence >= policy.min_confidence and self.severity >= policy.min_severity


def begin(step: Step, policy: Policy) -> Episode:
    """The episode after its first step to arrive, without an incident yet."""
    return Episode(
        id=step.episode,
        box_id=step.camera.box_id,
        camera=step.camera,
        kind=step.kind,
        zone=step.zone,
        place=step.place,
        lat=step.lat,
        lon=step.lon,
        within_m=step.within_m,
        doubt=step.doubt,
        epoch=step.epoch,
        last_seq=step.seq,
        phase=step.phase,
        closing=step.closing,
        began=step.began,
        seen=step.time,
        qualified=step.time if step.qualifies(policy) else None,
        severity=step.severity,
        worst_severity=step.severity,
        confidence=step.confidence,
        reason=step.reason,
        measures=step.measures,
        model_hashes=step.model_hashes,
        config=step.config,
    )


def absorb(episode: Episode, step: Step, policy: Policy) -> None:
    """Takes one more step into the episode: the newest says how things stand, extremes are kept, closed stays closed.

    Raises:
        ForeignStep: the step is not one of this episode.
    """
    _check_same(episode, step)
    episode.began = min(episode.began, step.began)
    episode.worst_severity = max(episode.worst_severity, step.severity)
    episode.confidence = max(episode.confidence, step.confidence)
    if step.qualifies(policy) and (episode.qualified is None or step.time < episode.qualified):
        episode.qualified = step.time
    closed = Phase.CLOSED.value
    if (step.phase == closed, step.seq) > (episode.phase == closed, episode.last_seq):
        episode.last_seq = step.seq
        episode.phase = step.phase
        episode.closing = step.closing
        episode.seen = step.time
        episode.severity = step.severity
        episode.doubt = step.doubt
        episode.reason = step.reason
        episode.measures = step.measures
        episode.model_hashes = step.model_hashes
        episode.config = step.config


CHANGED_BY_ABSORB = [
    "began",
    "worst_severity",
    "confidence",
    "qualified",
    "last_seq",
    "phase",
    "closing",
    "seen",
    "severity",
    "doubt",
    "reason",
    "measures",
    "model_hashes",
    "config",
]


def _check_same(episode: Episode, step: Step) -> None:
    theirs = (step.camera.pk, step.epoch, step.kind, step.zone)
    ours = (episode.camera_id, episode.epoch, episode.kind, episode.zone)
    if theirs != ours:
        raise ForeignStep(
            f"episode {episode.id} is a {episode.kind} in zone {episode.zone or '-'} of {episode.camera}; this event "
            f"says {step.kind} in zone {step.zone or '-'} of {step.camera}, epoch {step.epoch}"
        )
