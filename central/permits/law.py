"""Whether a permit lets somebody sell at a place and a moment. Pure.

The box asks the same of what it sees in its own picture (edge/incidents/permits.py); a test holds the two together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from math import cos, radians
from typing import Any
from zoneinfo import ZoneInfo

from shapely import Point, Polygon

from central.incidents.anchors import METRES_PER_DEGREE
from contract.schedule import ALWAYS, WeeklyHours

BORDER_M = 1.0
"""So near its outline nobody can tell whether a unit stands inside."""
AROUND_HOURS_MIN = 10
"""Who sets up or packs up within so long of the hours is for a person to judge."""

Ring = Sequence[Sequence[float]]
"""Corners as [lon, lat] in degrees; the last one is joined to the first."""


class Answer(StrEnum):
    """From best to worst for who sells."""

    YES = "yes"
    AMBIGUOUS = "ambiguous"
    NO = "no"


class Why(StrEnum):
    """What an answer rests on; the details of a ruling fill the sentence."""

    PERMIT = "permit"
    BORDER = "border"
    NEARBY = "nearby"
    CAPACITY = "capacity"
    AROUND = "around"
    BOX = "box"
    HOURS = "hours"
    EXPIRED = "expired"
    BEGINS = "begins"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Ruling:
    """An answer and its reason.

    Attributes:
        answer: yes, ambiguous or no.
        why: what it rests on.
        sk: of the permit that decides; empty: none does.
        details: JSON values for the sentence.
    """

    answer: Answer
    why: Why
    sk: str = ""
    details: Mapping[str, str | int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As JSON types."""
        return {"answer": self.answer.value, "why": self.why.value, "sk": self.sk, **self.details}


NOWHERE = Ruling(Answer.NO, Why.NOWHERE)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody sells, WGS 84 degrees; in truth up to `within_m` away from there."""

    lon: float
    lat: float
    within_m: float = 0.0


@dataclass(frozen=True)
class Place:
    """A designated place, as the law needs it.

    Attributes:
        sk: number of the decree.
        ring: outline.
        valid_from: first day, in `zone`.
        valid_to: last day; the day after, selling there is as forbidden as elsewhere.
        zone: whose days and hours they are.
        hours: of the week, in `zone`.
        capacity: so many units may stand there; None: any number.
    """

    sk: str
    ring: Ring
    valid_from: date
    valid_to: date
    zone: ZoneInfo
    hours: WeeklyHours = ALWAYS
    capacity: int | None = None

    @cached_property
    def begins(self) -> datetime:
        """Midnight at which it comes into force."""
        return datetime.combine(self.valid_from, time(), self.zone)

    @cached_property
    def ends(self) -> datetime:
        """Midnight at which it is void."""
        return datetime.combine(self.valid_to + timedelta(days=1), time(), self.zone)

    def depth_m(self, spot: Spot) -> float:
        """How far inside the outline a spot lies, metres on the ground; below 0 outside."""
        east = METRES_PER_DEGREE * cos(radians(spot.lat))
        outline = Polygon([((lon - spot.lon) * east, (lat - spot.lat) * METRES_PER_DEGREE) for lon, lat in self.ring])
        here = Point(0, 0)
        away = float(outline.exterior.distance(here))
        return away if outline.covers(here) else -away

    def turns_after(self, moment: datetime) -> list[datetime]:
        """Moments at which what it says may change: of the week to come, and of the first week of its validity."""
        edges = [moment, self.begins] if self.begins > moment else [moment]
        local = (edge.astimezone(self.zone) for edge in edges)
        turns = {turn for edge in local for turn in self.hours.turns_after(edge, AROUND_HOURS_MIN)}
        return sorted(turn for turn in turns | {self.begins, self.ends} if turn > moment)


def permitted(spot: Spot, units: int, at: datetime, places: Iterable[Place]) -> Ruling:
    """Whether `units` may sell there and then: the best that any of the places says of it.

    Args:
        spot: where.
        units: how many stand there, for the capacity.
        at: when, with its zone.
        places: any; those too far away say nothing.
    """
    rulings = (_by(place, spot, units, at.astimezone(place.zone)) for place in places)
    return min(rulings, key=_rank, default=NOWHERE)


def changes_after(spot: Spot, units: int, at: datetime, places: Sequence[Place]) -> datetime | None:
    """The first moment after `at` with another answer; None: there is none."""
    answer = permitted(spot, units, at, places).answer
    turns = sorted({turn for place in places for turn in place.turns_after(at)})
    return next((turn for turn in turns if permitted(spot, units, turn, places).answer is not answer), None)


def _by(place: Place, spot: Spot, units: int, local: datetime) -> Ruling:
    deep, doubtful_m = place.depth_m(spot), max(BORDER_M, spot.within_m)
    if deep < -doubtful_m:
        return NOWHERE
    inside = _inside(place, units, local)
    if abs(deep) > doubtful_m or inside.answer is not Answer.YES:
        return inside
    if spot.within_m > BORDER_M:
        return Ruling(Answer.AMBIGUOUS, Why.NEARBY, place.sk, {"metres": round(spot.within_m)})
    return Ruling(Answer.AMBIGUOUS, Why.BORDER, place.sk)


def _inside(place: Place, units: int, local: datetime) -> Ruling:
    if local >= place.ends:
        return Ruling(Answer.NO, Why.EXPIRED, place.sk, {"day": place.valid_to.isoformat()})
    if local < place.begins:
        return Ruling(Answer.NO, Why.BEGINS, place.sk, {"day": place.valid_from.isoformat()})
    hours = {"hours": place.hours.text}
    if not place.hours.covers(local):
        if place.hours.is_near(local, AROUND_HOURS_MIN):
            return Ruling(Answer.AMBIGUOUS, Why.AROUND, place.sk, hours)
        return Ruling(Answer.NO, Why.HOURS, place.sk, hours)
    if place.capacity is not None and units > place.capacity:
        return Ruling(Answer.AMBIGUOUS, Why.CAPACITY, place.sk, {"capacity": place.capacity, "units": units})
    return Ruling(Answer.YES, Why.PERMIT, place.sk, hours)


def _rank(ruling: Ruling) -> tuple[int, bool]:
    """The best answer first; of equal ones, one that gives a reason."""
    return list(Answer).index(ruling.answer), not ruling.sk
