"""What a kind of incident must offer to be watched for: judging a look, and wishing for the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from contract.kinds import IncidentKind
from edge.attention.wish import Wish
from edge.incidents.lifecycle import EpisodeState, Timing
from edge.incidents.verdict import Verdict
from edge.perception.observation import Observation

States = Mapping[str, EpisodeState]
"""Where each zone (or fault) that a rule is about stands."""


class Rule(Protocol):
    """One kind on one camera. It may remember what it saw (how long a thing has stood), never what was decided."""

    @property
    def kind(self) -> IncidentKind:
        """What it looks for."""

    @property
    def about(self) -> tuple[str, ...]:
        """The zones it watches; for camera faults, the faults."""

    @property
    def timing(self) -> Timing:
        """How fast its episodes open and close."""

    def judge(self, observation: Observation, states: States) -> Mapping[str, Verdict]:
        """What a look says, by zone; one of which it cannot tell is left out. Called once for each look, in order."""

    def wish(self, now: float, states: States) -> Wish | None:
        """The look it wants next, counted from `now`, the time of the last look; None where it is content."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Time that passes without a newer picture.

    Attributes:
        time: now, epoch seconds.
        seconds: for how long there has been none.
        reason: what the camera's session says of it.
    """

    time: float
    seconds: float
    reason: str


@runtime_checkable
class HearsSilence(Rule, Protocol):
    """A rule that also judges time passing without a picture."""

    def hear(self, silence: Silence, states: States) -> Mapping[str, Verdict]:
        """What the silence says, as `judge` does of a look."""
