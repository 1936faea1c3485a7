"""From a step of an episode to what the event says."""

from collections.abc import Mapping
from datetime import UTC, datetime

from contract.events import MAX_DOUBT, EpisodeData, EventType, Location, Measures
from contract.kinds import Closing, IncidentKind, Phase, Severity
from edge.config.cameras import CameraSection
from edge.incidents.lifecycle import EpisodeStep, Stage, StepPhase
from edge.incidents.permits import BORDER_M

EVENT_TYPES: dict[StepPhase, EventType] = {
    StepPhase.OPENED: EventType.OPENED,
    StepPhase.UPDATED: EventType.UPDATED,
    StepPhase.CLOSED: EventType.CLOSED,
}


def instant(time_s: float) -> datetime:
    """A moment from seconds since the Unix epoch."""
    return datetime.fromtimestamp(time_s, UTC)


def episode_data(step: EpisodeStep, camera: CameraSection, *, models: Mapping[str, str], config: str) -> EpisodeData:
    """What the event of this step says.

    Args:
        step: what the incident logic decided.
        camera: its section, for the zone's place and the location. A zone that is no longer in it has no place.
        models: name → sha256 of the models that looked.
        config: version of the configuration they looked with.
    """
    kind = IncidentKind(step.kind)
    zone = camera.zones.get(step.about)
    is_fault = kind is IncidentKind.CAMERA_FAULT
    measures = {**step.measures, "fault": step.about} if is_fault else step.measures
    closed = step.phase is StepPhase.CLOSED
    return EpisodeData(
        kind=kind,
        zone=None if is_fault else step.about,
        place=zone.place if zone else None,
        phase=_phase(step),
        closing=(Closing.LOST if step.lost else Closing.CLEARED) if closed else None,
        began=instant(step.began),
        severity=Severity(step.severity),
        confidence=step.confidence,
        reason=step.reason,
        measures=Measures.model_validate(measures),
        doubt=step.doubt[:MAX_DOUBT] or None,
        location=_location(step, camera),
        models=dict(models),
        config=config,
    )


def _location(step: EpisodeStep, camera: CameraSection) -> Location | None:
    """Of what decided, where the camera can tell; else of the camera."""
    if step.spot is not None:
        lon, lat = step.spot
        return Location(lon=lon, lat=lat, within_m=BORDER_M)
    return Location(lon=camera.location.lon, lat=camera.location.lat) if camera.location else None


def _phase(step: EpisodeStep) -> Phase:
    if step.phase is StepPhase.CLOSED:
        return Phase.CLOSED
    return Phase.CLEARING if step.state.stage is Stage.CLEARING else Phase.CONFIRMED
