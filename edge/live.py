"""One camera of a running box: its session's ring on one side, its watch on the other."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from edge.attention.wish import STARE_FPS, STARE_SPAN_S, Wish
from edge.cameras.decode import Decoded
from edge.cameras.session import CameraSession
from edge.config.cameras import CameraSection
from edge.incidents.lifecycle import EpisodeStep, StepPhase
from edge.incidents.rule import Silence
from edge.perception.observation import LookKind, Observation
from edge.picture import Picture
from edge.watch import CameraWatch

log = structlog.get_logger(__name__)

HEAR_EVERY_S = 2.0
"""How often a silence is judged."""


THOROUGH = Wish(LookKind.STARE, 0.0, water=True)
"""For somebody who asks."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look brought.

    Attributes:
        picture: the newest one looked at, from which evidence is made.
        film: the seconds around it, where the look changed something; for the clip.
        frames_decoded: what it cost.
    """

    picture: Picture
    observation: Observation
    steps: Sequence[EpisodeStep]
    frames_decoded: int
    film: Sequence[Picture] = ()


class LiveCamera:
    """Looks at a camera when asked to. One thread looks at a time; the session fills the ring in its own."""

    def __init__(
        self,
        camera_id: str,
        section: CameraSection,
        session: CameraSession,
        watch: CameraWatch,
        uptime: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begins to watch; `uptime` counts seconds that no correction of the clock changes."""
        self.id = camera_id
        self.section = section
        self.session = session
        self.watch = watch
        self._uptime = uptime
        self._seen = 0.0
        self._alive = self._heard = uptime()

    def rewatch(self, section: CameraSection, watch: CameraWatch) -> None:
        """Goes on with another section and watch on the same stream; on the thread that looks."""
        self.section = section
        self.watch = watch

    @property
    def wanted_after_s(self) -> float:
        """How long after the last look the camera wants the next one."""
        return self.watch.wants().after_s

    def look(self, *, closely: bool = False) -> Look | None:
        """The look the watch wishes for, or one for all there is; None where there is no newer picture than before."""
        wish = THOROUGH if closely else self.watch.wants()
        newest = self.session.ring.state().newest_time
        if newest is None or newest <= self._seen:
            return None
        if wish.kind is LookKind.GLANCE:
            decoded = self.session.glance(max_age_s=wish.after_s)
        else:
            decoded = self.session.stare(wish.span_s, wish.fps)
        if decoded.problem:
            log.warning("look failed", camera=self.id, problem=decoded.problem)
        picture = decoded.picture
        if picture is None or picture.time <= self._seen:
            return None
        self._seen = picture.time
        self._alive = self._uptime()
        observation = self.watch.look(wish, decoded.pictures)
        steps = self.watch.judge(observation)
        film, more_frames = self._film(decoded, steps)
        return Look(picture, observation, steps, decoded.frames_decoded + more_frames, film)

    def _film(self, decoded: Decoded, steps: Sequence[EpisodeStep]) -> tuple[Sequence[Picture], int]:
        """The pictures for a clip and how many frames they cost more: a glance looked at one picture only."""
        if not any(step.phase is not StepPhase.UPDATED or step.worse for step in steps):
            return (), 0
        if len(decoded.pictures) > 1:
            return decoded.pictures, 0
        around = self.session.stare(STARE_SPAN_S, STARE_FPS)
        return around.pictures, around.frames_decoded

    def hear(self, now: float) -> Sequence[EpisodeStep]:
        """What follows from there being no newer picture; cheap enough to be asked all the time.

        Args:
            now: time of day, seconds since the Unix epoch.
        """
        uptime = self._uptime()
        if uptime - self._heard < HEAR_EVERY_S:
            return ()
        self._heard = uptime
        return self.watch.hear(Silence(now, uptime - self._alive, self.session.status.reason))
