"""Writes the steps of episodes into the outbox, with the masked picture of the moment."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contract.evidence import MediaType, SignedManifest
from contract.kinds import EvidenceRole
from edge.config.cameras import CameraSection
from edge.evidence.clip import LEAST_PICTURES, clip_size, make_clip, mask_film
from edge.evidence.exhibit import Exhibit, make_exhibit
from edge.evidence.masking import SCORE_FLOOR, mask
from edge.evidence.still import make_still
from edge.identity import BoxKey
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, StepPhase, Subject, lose
from edge.outbox import Outbox, Step
from edge.picture import Picture
from edge.report import EVENT_TYPES, episode_data, instant
from models.detections import Detections
from models.detector import Detector
from models.zoom import crops_for, detect_zoomed

_ROLES: dict[StepPhase, EvidenceRole] = {
    StepPhase.OPENED: EvidenceRole.OPENED,
    StepPhase.CLOSED: EvidenceRole.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Recorder:
    """What every record of this box carries.

    Attributes:
        detector: finds what must be masked, once more and with zoom: an event is rare and a face must not slip through.
        models: name → sha256, as told in events and manifests.
        config: version of the configuration.
    """

    outbox: Outbox
    box: str
    key: BoxKey
    detector: Detector
    models: Mapping[str, str]
    config: str

    def record(
        self,
        camera_id: str,
        camera: CameraSection,
        step: EpisodeStep,
        picture: Picture | None,
        now: datetime,
        *,
        film: Sequence[Picture] = (),
    ) -> None:
        """State, event and evidence in one transaction of the outbox.

        Args:
            camera_id: whose episode it is.
            camera: its section.
            step: what happened to it.
            picture: the newest one of the look that decided; without it the event has no evidence.
            now: the box's clock.
            film: the seconds around it, of one size and in order; too few are no clip.
        """
        role = EvidenceRole.WORST if step.worse else _ROLES.get(step.phase)
        evidence: tuple[Exhibit, ...] = ()
        if picture is not None and role is not None:
            evidence = (self._still(camera_id, camera, picture, role),)
            if len(film) >= LEAST_PICTURES:
                evidence = (*evidence, self._clip(camera_id, camera, film, role))
        self.outbox.record(
            Step(
                type=EVENT_TYPES[step.phase],
                camera=camera_id,
                episode=UUID(step.episode),
                time=instant(step.time),
                data=episode_data(step, camera, models=self.models, config=self.config),
            ),
            state=json.dumps(step.state.to_json()) if step.state.open else None,
            evidence=evidence,
            now=now,
        )

    def exhibit(self, camera_id: str, camera: CameraSection, picture: Picture) -> tuple[SignedManifest, ...]:
        """A masked still for somebody who asked, kept to be sent; empty where the disk has no room."""
        kept = self.outbox.keep(camera_id, [self._still(camera_id, camera, picture, EvidenceRole.ASKED)])
        return tuple(exhibit.signed for exhibit in kept)

    def resume(self, camera_id: str) -> dict[tuple[str, str], EpisodeState]:
        """The open episodes of a camera, by kind and zone or fault, as the last run of the box left them."""
        return {
            (episode.kind.value, episode.about): EpisodeState.from_json(json.loads(episode.state))
            for episode in self.outbox.open_episodes()
            if episode.camera == camera_id
        }

    def close_unwatched(self, cameras: Mapping[str, CameraSection], now: datetime) -> None:
        """Closes, as lost, open episodes that nobody watches any more: their camera or zone left the configuration."""
        for episode in self.outbox.open_episodes():
            section = cameras.get(episode.camera)
            if section and episode.about in section.incidents.about(episode.kind):
                continue
            state = EpisodeState.from_json(json.loads(episode.state))
            subject = Subject(episode.camera, episode.kind.value, episode.about)
            _, steps = lose(subject, state, now.timestamp(), "the camera or zone is no longer watched")
            for step in steps:
                self.record(episode.camera, section or CameraSection(), step, None, now)

    def _still(self, camera_id: str, camera: CameraSection, picture: Picture, role: EvidenceRole) -> Exhibit:
        (found,) = self._found([picture])
        masked = mask(picture.image, found, camera.privacy_masks)
        still = make_still(masked, caption=_caption(camera_id, picture.time))
        return self._exhibit(camera_id, still, "image/jpeg", picture.time, role)

    def _clip(self, camera_id: str, camera: CameraSection, film: Sequence[Picture], role: EvidenceRole) -> Exhibit:
        small = [clip_size(picture) for picture in film]
        masked = mask_film(small, self._found(small), camera.privacy_masks)
        times = [picture.time for picture in film]
        clip = make_clip(masked, times, caption=_caption(camera_id, times[0]))
        return self._exhibit(camera_id, clip, "video/mp4", times[0], role)

    def _found(self, pictures: Sequence[Picture]) -> list[Detections]:
        """What must be masked: with zoom, for an event is rare and a face must not slip through."""
        crops = [crops_for(picture.width, picture.height) for picture in pictures]
        return detect_zoomed(self.detector, [picture.image for picture in pictures], crops, floor=SCORE_FLOOR)

    def _exhibit(
        self, camera_id: str, content: bytes, media_type: MediaType, time: float, role: EvidenceRole
    ) -> Exhibit:
        return make_exhibit(
            content,
            key=self.key.private,
            box=self.box,
            camera=camera_id,
            time=instant(time),
            role=role,
            models=dict(self.models),
            config=self.config,
            media_type=media_type,
        )


def _caption(camera_id: str, time: float) -> str:
    return f"{camera_id}  {instant(time):%Y-%m-%d %H:%M:%S} UTC"
