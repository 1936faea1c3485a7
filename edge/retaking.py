"""What of a camera goes on when another version of its settings is taken over."""

from collections.abc import Mapping

from contract.kinds import CameraFault, IncidentKind
from edge.changing import Decision
from edge.config.cameras import CameraSection
from edge.config.document import Configuration
from edge.incidents.camera_fault import FROM_THE_USUAL_VIEW
from edge.incidents.lifecycle import EpisodeState
from edge.watch import Key


def rewatched(before: Decision, after: Decision, camera: str) -> bool:
    """Whether anything of this camera changed, so that it has to be watched anew."""
    if after.networks is not before.networks:
        return True
    old, new = before.configuration, after.configuration
    return old.settings_of(camera) != new.settings_of(camera) or old.permits.get(camera, ()) != new.permits.get(
        camera, ()
    )


def same_sight(before: Decision, after: Decision, camera: str) -> bool:
    """Whether a camera is looked at as before, so that its eyes may go on with what they have learned: how it usually
    looks, its roads when dry, its perspective, where vehicles are parked. Thresholds and permits are not theirs."""
    return after.networks is before.networks and _sight(before.configuration, camera) == _sight(
        after.configuration, camera
    )


def _sight(configuration: Configuration, camera: str) -> tuple[object, ...]:
    """All that its eyes are made of, the networks aside."""
    settings = configuration.settings_of(camera)
    flood = settings.incidents.flood
    watched = {kind: settings.incidents.about(kind) for kind in IncidentKind}
    return settings.zones, settings.calibration, watched, () if flood is None else flood.water_references


def kept_states(
    states: Mapping[Key, EpisodeState], before: CameraSection, after: CameraSection, *, view_known: bool
) -> dict[Key, EpisodeState]:
    """Where the subjects stand that are still what they were: of zones whose outline stayed, and of the camera's own
    faults. A kind's thresholds may have changed: the same place is judged by the new ones from now on.

    Args:
        states: of the watch that ends.
        before: its section.
        after: the one that follows.
        view_known: whether the camera's usual view is remembered over the change; faults seen against it end otherwise.
    """
    return {key: state for key, state in states.items() if _stays(key, before, after, view_known)}


def _stays(key: Key, before: CameraSection, after: CameraSection, view_known: bool) -> bool:
    kind, about = key
    if about not in after.incidents.about(IncidentKind(kind)):
        return False
    if kind == IncidentKind.CAMERA_FAULT:
        return view_known or CameraFault(about) not in FROM_THE_USUAL_VIEW
    old, new = before.zones.get(about), after.zones.get(about)
    return old is not None and new is not None and (old.kind, old.points) == (new.kind, new.points)
