"""The figures of all clips together, kind by kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from contract.kinds import IncidentKind
from scripts.accuracy.clips import Judged


@dataclass(frozen=True, slots=True)
class Spread:
    """Of some times: the middle one and the one farthest from zero, seconds."""

    median_s: float
    worst_s: float

    @classmethod
    def of(cls, values: Iterable[float | None]) -> Spread | None:
        """None without a value that is known."""
        known = [value for value in values if value is not None]
        if not known:
            return None
        worst_s = max(known, key=abs)
        return cls(round(median(known), 2), round(worst_s, 2))


@dataclass(frozen=True, slots=True)
class KindFigures:
    """One kind over all clips in which it was looked for.

    Attributes:
        kind: of incident.
        clips: how many clips.
        hours: camera-hours of them.
        found, missed, false, repeated: how many, as in `scoring`.
        onset: error of the onsets.
        delay: from onset to opening.
        closing: from end to closing.
    """

    kind: IncidentKind
    clips: int
    hours: float
    found: int
    missed: int
    false: int
    repeated: int
    onset: Spread | None
    delay: Spread | None
    closing: Spread | None

    @property
    def false_per_hour(self) -> float:
        """False alarms per camera-hour."""
        return self.false / self.hours


def by_kind(judged: Sequence[Judged]) -> list[KindFigures]:
    """The figures of each kind that was looked for in some clip, in the order of the contract."""
    return [_of_kind(kind, here) for kind in IncidentKind if (here := [one for one in judged if kind in one.watched])]


def _of_kind(kind: IncidentKind, judged: Sequence[Judged]) -> KindFigures:
    found = [one for clip in judged for one in clip.score.found if one.incident.kind is kind]
    return KindFigures(
        kind,
        len(judged),
        sum(clip.duration_s for clip in judged) / 3600,
        len(found),
        sum(incident.kind is kind for clip in judged for incident in clip.score.missed),
        sum(episode.kind is kind for clip in judged for episode in clip.score.false),
        sum(episode.kind is kind for clip in judged for episode in clip.score.repeated),
        Spread.of(one.onset_error_s for one in found),
        Spread.of(one.delay_s for one in found),
        Spread.of(one.closing_error_s for one in found),
    )
