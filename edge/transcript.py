"""The steps of an analysed recording as the CloudEvents a box would have sent."""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from contract.events import EpisodeEvent
from edge.config.cameras import CameraSection
from edge.incidents.lifecycle import EpisodeStep
from edge.report import EVENT_TYPES, episode_data, instant


def transcript(
    steps: Sequence[EpisodeStep],
    *,
    box: str,
    camera: CameraSection,
    models: Mapping[str, str],
    config: str,
    recording: str,
) -> list[EpisodeEvent]:
    """The events, in order, on the recording's own clock: the same input gives the same text. No evidence is kept.

    Args:
        box: id that stands in for the box.
        recording: what was analysed and how; the epoch follows from it.
    """
    epoch = hashlib.sha256(f"{box}:{config}:{recording}".encode()).hexdigest()[:16]
    return [
        EpisodeEvent.make(
            type=EVENT_TYPES[step.phase],
            box=box,
            camera=step.camera,
            episode=UUID(step.episode),
            epoch=epoch,
            seq=seq,
            time=instant(step.time),
            boxtime=instant(step.time),
            data=episode_data(step, camera, models=models, config=config),
        )
        for seq, step in enumerate(steps, start=1)
    ]
