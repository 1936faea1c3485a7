"""The life of an episode, the same for every kind: idle → suspected → confirmed → clearing → idle.

A problem opens an episode when k of the last n looks show it and it has lasted its minimum duration, with a look that
may open one (`Verdict.opens`). It closes when it has been gone for the hold; seen again within the hold, the same
episode goes on. Looks that cannot tell change nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self, cast
from uuid import NAMESPACE_URL, uuid5

from edge.incidents.verdict import Verdict


class Stage(StrEnum):
    """Where a subject stands."""

    IDLE = "idle"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    CLEARING = "clearing"


@dataclass(frozen=True, slots=True)
class Timing:
    """How fast a kind opens and closes.

    Attributes:
        min_duration_s: a problem must have lasted so long before it opens an episode.
        hold_s: so long must it be gone before the episode closes.
        looks: n, how many of the newest looks are weighed.
        needed: k, how many of these must show the problem: fewer, and a suspicion is dropped or an episode clears.
        away_s: a suspicion is dropped, too, when the newest look does not show the problem and the last one that did is
            so long ago.
        gap_s: after so long without a look that could tell, a suspicion is no longer one; open episodes stay open.
        update_every_s: an open episode is reported no more often than this, unless it gets worse.
        per_look_s: while something is suspected, a look after a longer pause stands for all of it and counts once for
            each so many seconds begun: or else looks far apart are weighed by number, whatever lay between them.
    """

    min_duration_s: float = 120.0
    hold_s: float = 60.0
    looks: int = 5
    needed: int = 3
    away_s: float = math.inf
    gap_s: float = 60.0
    update_every_s: float = 60.0
    per_look_s: float = math.inf

    def __post_init__(self) -> None:
        if not 1 <= self.needed <= self.looks:
            raise ValueError(f"needed must be 1 to looks, not {self.needed} of {self.looks}")
        if min(self.min_duration_s, self.hold_s, self.gap_s, self.update_every_s) < 0:
            raise ValueError(f"durations cannot be negative: {self}")
        if not self.per_look_s > 0:
            raise ValueError(f"per_look_s must be positive: {self}")

    def counts(self, pause_s: float) -> int:
        """How many looks one counts for that comes so long after the one before."""
        return max(1, min(self.looks, math.ceil(pause_s / self.per_look_s)))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a life cycle is about; there is at most one open episode a subject.

    Attributes:
        camera: the camera's id.
        kind: of incident.
        about: the zone's id; for a camera fault, which fault.
    """

    camera: str
    kind: str
    about: str

    def episode(self, began: float) -> str:
        """The id of this subject's episode with this onset: the same for the same inputs, after a restart too."""
        return str(uuid5(NAMESPACE_URL, f"sigap:episode:{self.camera}:{self.kind}:{self.about}:{began:.6f}"))


@dataclass(frozen=True, slots=True)
class EpisodeState:
    """Where one subject stands: all a restarted box needs to go on.

    Attributes:
        stage: see `Stage`.
        since: when this stage began, epoch seconds.
        began: onset of the problem: the first look of this suspicion or episode that showed it; None when idle.
        episode: id of the open episode; None unless confirmed or clearing.
        severity: the worst so far of the open episode; 0 without one.
        recent: the newest looks that could tell, oldest first: whether each showed the problem.
        seen: time of the newest look that could tell.
        gone: while the newest looks do not show the problem, the first of these in a row (of a suspicion: the last one
            before them); else None.
        reported: time of the newest step of the open episode.
    """

    stage: Stage = Stage.IDLE
    since: float = 0.0
    began: float | None = None
    episode: str | None = None
    severity: int = 0
    recent: tuple[bool, ...] = ()
    seen: float | None = None
    gone: float | None = None
    reported: float | None = None

    @property
    def open(self) -> bool:
        """Whether an episode is open."""
        return self.episode is not None

    def to_json(self) -> dict[str, object]:
        """As JSON types."""
        return {
            "stage": self.stage.value,
            "since": self.since,
            "began": self.began,
            "episode": self.episode,
            "severity": self.severity,
            "recent": list(self.recent),
            "seen": self.seen,
            "gone": self.gone,
            "reported": self.reported,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Self:
        """The state that `to_json` wrote.

        Raises:
            ValueError: a field is missing, unknown or of another type.
        """
        try:
            return cls(
                stage=Stage(cast("str", stored["stage"])),
                since=_number(stored["since"]),
                began=_number_or_none(stored["began"]),
                episode=_text_or_none(stored["episode"]),
                severity=int(_number(stored["severity"])),
                recent=tuple(bool(look) for look in cast("list[object]", stored["recent"])),
                seen=_number_or_none(stored["seen"]),
                gone=_number_or_none(stored["gone"]),
                reported=_number_or_none(stored["reported"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not an episode's state: {error!r} in {stored}") from error


class StepPhase(StrEnum):
    """What happened to an episode."""

    OPENED = "opened"
    UPDATED = "updated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class EpisodeStep:
    """One step of an episode: what an event is made of.

    Attributes:
        phase: opened, updated or closed.
        episode: the episode's id (a UUID).
        kind: the kind of incident.
        camera: the camera's id.
        about: the zone's id; for a camera fault, which fault.
        time: of the look that decided, epoch seconds.
        began: onset of the problem, epoch seconds.
        severity: 1–4, the worst so far.
        confidence: 0–1, of the look that decided.
        reason: a sentence for people.
        measures: by the names of the wire's `Measures`.
        state: where the subject stands after this step: to be stored together with the event.
        worse: updated because it has become worse than ever before.
        lost: closed because nobody can tell any more, not because the problem was seen to be gone.
        spot: longitude and latitude of what decided, where the camera is calibrated on the map.
        doubt: why a person must judge; empty: beyond doubt.
    """

    phase: StepPhase
    episode: str
    kind: str
    camera: str
    about: str
    time: float
    began: float
    severity: int
    confidence: float
    reason: str
    measures: Mapping[str, float | str] = field(default_factory=dict)
    state: EpisodeState = EpisodeState()
    worse: bool = False
    lost: bool = False
    spot: tuple[float, float] | None = None
    doubt: str = ""


def step(
    subject: Subject,
    state: EpisodeState,
    verdict: Verdict | None,
    time: float,
    timing: Timing,
    *,
    since: float | None = None,
) -> tuple[EpisodeState, tuple[EpisodeStep, ...]]:
    """Where a subject stands after one more look, and what that did to its episode.

    Args:
        subject: camera, kind and what it is about.
        state: where it stood.
        verdict: what the look says; None where it could not tell.
        time: of the look's newest picture, epoch seconds.
        timing: how fast to open and close.
        since: of the look's oldest picture, when the look covers a span: an onset lies there.

    A look that is not newer than the last one changes nothing: each picture counts once.
    """
    if verdict is None or (state.seen is not None and time <= state.seen):
        return state, ()
    if state.stage is Stage.SUSPECTED and state.seen is not None and time - state.seen > timing.gap_s:
        state = EpisodeState(since=time)
    looked = _look(state, verdict.present, time, timing)
    onset = time if since is None else since
    if state.stage is Stage.IDLE or state.stage is Stage.SUSPECTED:
        return _before(subject, looked, verdict, time=time, onset=onset, timing=timing)
    return _within(subject, looked, verdict, time, timing)


def lose(subject: Subject, state: EpisodeState, time: float, why: str) -> tuple[EpisodeState, tuple[EpisodeStep, ...]]:
    """Closes an open episode of which nothing can be known any more, for example because its zone is gone."""
    idle = EpisodeState(since=time)
    if state.episode is None or state.began is None:
        return idle, ()
    time = max(time, state.seen or time)
    closed = EpisodeStep(
        StepPhase.CLOSED, state.episode, subject.kind, subject.camera, subject.about, time, state.began,
        max(state.severity, 1), 0.0, why, {"duration_s": round(time - state.began, 3)}, idle, lost=True,
    )  # fmt: skip
    return idle, (closed,)


def _look(state: EpisodeState, present: bool, time: float, timing: Timing) -> EpisodeState:
    """The state with one more look remembered."""
    times, first_gone = 1, time
    if state.stage is Stage.SUSPECTED and state.seen is not None:
        times, first_gone = timing.counts(time - state.seen), state.seen
    gone = None if present else (state.gone if state.gone is not None else first_gone)
    return replace(state, recent=(*state.recent, *(present,) * times)[-timing.looks :], seen=time, gone=gone)


def _before(
    subject: Subject, state: EpisodeState, verdict: Verdict, *, time: float, onset: float, timing: Timing
) -> tuple[EpisodeState, tuple[EpisodeStep, ...]]:
    """Idle or suspected."""
    if state.began is None:
        if not verdict.present:
            return replace(state, recent=()), ()
        state = replace(state, stage=Stage.SUSPECTED, since=time, began=onset, recent=(True,))
    if verdict.present and verdict.began is not None:
        state = replace(state, began=min(verdict.began, time))
    assert state.began is not None
    absent = state.recent.count(False)
    away_s = 0.0 if state.gone is None else time - state.gone
    if absent > timing.looks - timing.needed or away_s >= timing.away_s:
        return EpisodeState(since=time, seen=time), ()
    enough = state.recent.count(True) >= timing.needed
    lasted = time - state.began >= timing.min_duration_s
    if not (verdict.present and verdict.opens and enough and lasted):
        return state, ()
    opened = replace(
        state,
        stage=Stage.CONFIRMED,
        since=time,
        episode=subject.episode(state.began),
        severity=verdict.severity,
        reported=time,
    )
    return opened, (_report(StepPhase.OPENED, subject, opened, verdict, time),)


def _within(
    subject: Subject, state: EpisodeState, verdict: Verdict, time: float, timing: Timing
) -> tuple[EpisodeState, tuple[EpisodeStep, ...]]:
    """Confirmed or clearing."""
    back = state.recent.count(True) >= timing.needed
    if state.stage is Stage.CONFIRMED and not back:
        state = replace(state, stage=Stage.CLEARING, since=time)
    elif state.stage is Stage.CLEARING and back:
        state = replace(state, stage=Stage.CONFIRMED, since=time)
    if state.stage is Stage.CLEARING and state.gone is not None and time - state.gone >= timing.hold_s:
        idle = EpisodeState(since=time, seen=time)
        return idle, (_report(StepPhase.CLOSED, subject, state, verdict, time, after=idle),)
    worse = verdict.present and verdict.severity > state.severity
    assert state.reported is not None
    if not worse and time - state.reported < timing.update_every_s:
        return state, ()
    state = replace(state, severity=max(state.severity, verdict.severity if verdict.present else 1), reported=time)
    return state, (_report(StepPhase.UPDATED, subject, state, verdict, time, worse=worse),)


def _report(
    phase: StepPhase,
    subject: Subject,
    state: EpisodeState,
    verdict: Verdict,
    time: float,
    *,
    after: EpisodeState | None = None,
    worse: bool = False,
) -> EpisodeStep:
    assert state.episode is not None
    assert state.began is not None
    measures = {**verdict.measures, "duration_s": round(time - state.began, 3)}
    return EpisodeStep(
        phase, state.episode, subject.kind, subject.camera, subject.about, time, state.began, state.severity,
        verdict.confidence, verdict.reason, measures, after or state, worse, spot=verdict.spot, doubt=verdict.doubt,
    )  # fmt: skip


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return value


def _number_or_none(value: object) -> float | None:
    return None if value is None else _number(value)


def _text_or_none(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value
