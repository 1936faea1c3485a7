"""Watching one camera: what it sees, what that means, and how to look next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contract.kinds import IncidentKind, Sight
from edge.attention.wish import Wish, Wishes
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, Subject, lose, step
from edge.incidents.rule import HearsSilence, Rule, Silence, States
from edge.incidents.verdict import Verdict
from edge.perception.eyes import Eyes
from edge.perception.observation import LookKind, Observation
from edge.picture import Picture

NOTHING_WANTED = Wish(LookKind.GLANCE, 10.0)
"""A camera without incidents is only kept in view."""

Key = tuple[str, str]
"""Kind, and the zone or fault it is about."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer to whether a problem is there."""

    sight: Sight
    reason: str
    measures: Mapping[str, float | str] = field(default_factory=dict)


class CameraWatch:
    """One camera's eyes and incidents. Not thread-safe: one thread looks at one camera at a time.

    Attributes:
        eyes: what looks at its pictures.
    """

    def __init__(
        self, camera: str, eyes: Eyes, rules: Sequence[Rule], states: Mapping[Key, EpisodeState] | None = None
    ) -> None:
        """Begins to watch.

        Args:
            camera: the camera's id.
            eyes: what looks at its pictures.
            rules: one a kind, in the order in which their steps are told.
            states: where each (kind, zone or fault) stood, to go on after a restart.
        """
        self._camera = camera
        self.eyes = eyes
        self._rules = tuple(rules)
        self._states: dict[Key, EpisodeState] = {
            (rule.kind.value, about): (states or {}).get((rule.kind.value, about), EpisodeState())
            for rule in self._rules
            for about in rule.about
        }
        self._verdicts: dict[Key, Verdict] = {}
        self._last: float | None = None
        self._wishes = Wishes()

    @property
    def states(self) -> Mapping[Key, EpisodeState]:
        """Where each (kind, zone or fault) stands."""
        return dict(self._states)

    def look(self, wish: Wish, pictures: Sequence[Picture]) -> Observation:
        """What there is to see: in the newest picture for a glance, in all of them, oldest first, for a stare.

        Raises:
            ValueError: no picture, or pictures of different sizes.
        """
        observation = self.eyes.look(wish.kind, pictures, water=wish.water)
        self._wishes.met_by(wish)
        return observation

    def judge(self, observation: Observation) -> list[EpisodeStep]:
        """What the observation changes. While the camera is blind, only its own faults are judged: the rest waits."""
        steps: list[EpisodeStep] = []
        self._verdicts.clear()
        blind = False
        for rule in sorted(self._rules, key=lambda rule: rule.kind is not IncidentKind.CAMERA_FAULT):
            is_fault = rule.kind is IncidentKind.CAMERA_FAULT
            verdicts = {} if blind and not is_fault else rule.judge(observation, self._states_of(rule))
            steps.extend(self._judge(rule, verdicts, observation.time, observation.since))
            self._verdicts |= {(rule.kind.value, about): verdict for about, verdict in verdicts.items()}
            blind = blind or (is_fault and self._blinds(rule, verdicts))
        self._last = observation.time
        return steps

    def hear(self, silence: Silence) -> list[EpisodeStep]:
        """What changes because no picture comes."""
        steps: list[EpisodeStep] = []
        for rule in self._rules:
            if isinstance(rule, HearsSilence):
                steps.extend(self._judge(rule, rule.hear(silence, self._states_of(rule)), silence.time))
        return steps

    def wants(self) -> Wish:
        """The next look: closer and sooner the more is at stake."""
        now = self._last or 0.0
        wish = self._wishes.next(now, [rule.wish(now, self._states_of(rule)) for rule in self._rules], NOTHING_WANTED)
        return wish if self._last is not None else replace(wish, after_s=0.0)

    def sight(self, kind: IncidentKind, about: str) -> Seen:
        """Whether a problem is there, by the newest look and by what the looks before it decided."""
        key = (kind.value, about)
        state, verdict = self._states.get(key), self._verdicts.get(key)
        if state is None:
            return Seen(Sight.UNKNOWN, f"This camera does not watch for {kind.value} there")
        if verdict is None:
            return Seen(Sight.UNKNOWN, "The newest look could not tell")
        if verdict.present != state.open:  # one look is not enough: a red light's queue would send a complaint back
            return Seen(Sight.UNKNOWN, f"{verdict.reason}; not for long enough to be sure", verdict.measures)
        return Seen(Sight.PRESENT if state.open else Sight.GONE, verdict.reason, verdict.measures)

    def close_lost(self, time: float, why: str, keys: Collection[Key] | None = None) -> list[EpisodeStep]:
        """Closes open episodes, all or these, as lost: nobody can tell any more whether they go on."""
        steps: list[EpisodeStep] = []
        for key, state in self._states.items():
            if keys is not None and key not in keys:
                continue
            self._states[key], taken = lose(Subject(self._camera, *key), state, time, why)
            steps.extend(taken)
        return steps

    def _judge(
        self, rule: Rule, verdicts: Mapping[str, Verdict], time: float, since: float | None = None
    ) -> list[EpisodeStep]:
        steps: list[EpisodeStep] = []
        for about in rule.about:
            key = (rule.kind.value, about)
            self._states[key], taken = step(
                Subject(self._camera, *key), self._states[key], verdicts.get(about), time, rule.timing, since=since
            )
            steps.extend(taken)
        return steps

    def _blinds(self, faults: Rule, verdicts: Mapping[str, Verdict]) -> bool:
        """Whether a fault is seen, suspected or open; one that is fading blinds only looks that cannot tell."""
        states = self._states_of(faults).items()
        return any(verdict.present for verdict in verdicts.values()) or any(
            state.stage in {Stage.SUSPECTED, Stage.CONFIRMED} or (state.open and fault not in verdicts)
            for fault, state in states
        )

    def _states_of(self, rule: Rule) -> States:
        return {about: self._states[rule.kind.value, about] for about in rule.about}
