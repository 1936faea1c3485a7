"""Watching one camera: what it sees, what that means, and how to look next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calibration.ground import GroundPlane
from contract.kinds import ZoneKind
from edge.config.cameras import CameraSection
from edge.incidents import jam
from edge.incidents.jam import JamSettings
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, Subject, lose, step
from edge.perception.observation import LookKind, Observation
from edge.perception.perceive import Perception
from edge.perception.zone import Zone
from edge.picture import Picture
from models.detector import Detector

GLANCE_EVERY_S = 2.0
STARE_AGAIN_S = 2.0
"""Between two stares while something is suspected or fading."""
CONFIRMED_EVERY_S = 5.0
DENSE_STARE_EVERY_S = 4.0
"""Dense but flowing: how soon to make sure again that it flows."""
IDLE_STARE_EVERY_S = 180.0
"""Now and then a stare although nothing is dense: it teaches the view and where cars are parked."""
DENSE_SHARE = 0.6
"""A glance this near the occupancy threshold asks for a stare: one picture of a few crops sees fewer vehicles."""
STARE_SPAN_S = 2.5
STARE_FPS = 6.0


@dataclass(frozen=True, slots=True)
class Wish:
    """The look that a camera wants next.

    Attributes:
        kind: glance or stare.
        after_s: seconds after its last look.
        span_s: how much of the past a stare should cover.
        fps: how many pictures a second a stare should have.
    """

    kind: LookKind
    after_s: float
    span_s: float = STARE_SPAN_S
    fps: float = STARE_FPS


class CameraWatch:
    """One camera's perception and incidents. Not thread-safe: one thread looks at one camera at a time.

    Example:
        >>> from models.detections import Detections
        >>> from models.detector import STREET_CLASSES, ScriptedDetector
        >>> blind = ScriptedDetector(lambda image: Detections.empty(STREET_CLASSES))
        >>> road = Zone("road", ((0, 0), (1, 0), (1, 1), (0, 1)))
        >>> watch = CameraWatch("north", [road], blind, JamSettings(zones=("road",)))
        >>> watch.wants().kind.value
        'stare'
    """

    def __init__(
        self,
        camera: str,
        zones: Sequence[Zone],
        detector: Detector,
        jam_settings: JamSettings | None,
        *,
        ground: GroundPlane | None = None,
        states: Mapping[tuple[str, str], EpisodeState] | None = None,
    ) -> None:
        """Begins to watch.

        Args:
            camera: the camera's id.
            zones: the zones that incidents of this camera speak of; others cost time and are ignored.
            detector: of vehicles and people.
            jam_settings: None when jams are not looked for.
            ground: the road in metres, where the camera is calibrated.
            states: where each (kind, zone) stood, to go on after a restart.

        Raises:
            ValueError: the settings name a zone that is not there.
        """
        watched = set(jam_settings.zones) if jam_settings else set()
        missing = watched - {zone.id for zone in zones}
        if missing:
            raise ValueError(f"camera {camera}: jam is to be watched in {', '.join(sorted(missing))}, but no such zone")
        self._camera = camera
        self._jam = jam_settings
        self._perception = Perception(camera, [zone for zone in zones if zone.id in watched], detector, ground)
        self._states: dict[tuple[str, str], EpisodeState] = {
            (jam.KIND, zone.id): EpisodeState() for zone in zones if zone.id in watched
        }
        for key, state in (states or {}).items():
            if key in self._states:
                self._states[key] = state
        self._last: Observation | None = None
        self._stared: float | None = None

    @property
    def states(self) -> Mapping[tuple[str, str], EpisodeState]:
        """Where each (kind, zone) stands."""
        return dict(self._states)

    def glance(self, picture: Picture) -> Observation:
        """Looks at one picture."""
        return self._perception.glance(picture)

    def stare(self, pictures: Sequence[Picture]) -> Observation:
        """Looks at a few seconds of pictures, oldest first.

        Raises:
            ValueError: no picture, or pictures of different sizes.
        """
        return self._perception.stare(pictures)

    def judge(self, observation: Observation) -> list[EpisodeStep]:
        """What the observation changes, in the order of the zones."""
        steps: list[EpisodeStep] = []
        if self._jam is not None:
            for zone in self._jam.zones:
                key = (jam.KIND, zone)
                state = self._states[key]
                verdict = jam.judge(observation, zone, self._jam, state.began)
                subject = Subject(self._camera, *key)
                self._states[key], taken = step(
                    subject, state, verdict, observation.time, self._jam.timing, since=observation.since
                )
                steps.extend(taken)
        self._last = observation
        if observation.kind is LookKind.STARE:
            self._stared = observation.time
        return steps

    def wants(self) -> Wish:
        """The next look: closer and sooner the more is at stake."""
        if self._last is None or self._stared is None or self._last.time - self._stared >= IDLE_STARE_EVERY_S:
            return Wish(LookKind.STARE, 0.0 if self._last is None else GLANCE_EVERY_S)
        stages = {state.stage for state in self._states.values()}
        fading = any(state.open and state.gone is not None for state in self._states.values())
        if fading or stages & {Stage.SUSPECTED, Stage.CLEARING}:
            return Wish(LookKind.STARE, STARE_AGAIN_S)
        if Stage.CONFIRMED in stages:
            return Wish(LookKind.STARE, CONFIRMED_EVERY_S)
        if self._last.kind is LookKind.GLANCE and self._looks_dense(self._last):
            return Wish(LookKind.STARE, max(0.0, self._stared + DENSE_STARE_EVERY_S - self._last.time))
        return Wish(LookKind.GLANCE, GLANCE_EVERY_S)

    def close_lost(self, time: float, why: str) -> list[EpisodeStep]:
        """Closes every open episode as lost: the camera or its zones are no longer watched."""
        steps: list[EpisodeStep] = []
        for key, state in self._states.items():
            self._states[key], taken = lose(Subject(self._camera, *key), state, time, why)
            steps.extend(taken)
        return steps

    def _looks_dense(self, observation: Observation) -> bool:
        assert self._jam is not None
        threshold = DENSE_SHARE * self._jam.occupancy_above
        return any(traffic.occupancy >= threshold for traffic in observation.traffic if traffic.zone in self._jam.zones)


def watch_for(
    camera: str,
    section: CameraSection,
    detector: Detector,
    ground: GroundPlane | None = None,
    states: Mapping[tuple[str, str], EpisodeState] | None = None,
) -> CameraWatch:
    """The watch that a camera's section of the configuration asks for."""
    zones = [Zone(zone_id, zone.points) for zone_id, zone in section.zones.items() if zone.kind is ZoneKind.ROADWAY]
    wanted = section.incidents.jam
    settings = None
    if wanted is not None:
        settings = JamSettings(
            zones=wanted.zones,
            occupancy_above=wanted.occupancy_above,
            speed_below_kmh=wanted.speed_below_kmh,
            speed_below_lengths_s=wanted.speed_below_lengths_s,
            min_duration_s=wanted.min_duration,
            hold_s=wanted.hold,
        )
    return CameraWatch(camera, zones, detector, settings, ground=ground, states=states)
