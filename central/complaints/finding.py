"""One search box: a complaint's number or tracking code, a position, or words of its place and its notes."""

import re
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians

from django.db.models import ExpressionWrapper, F, FloatField, QuerySet
from django.utils import timezone

from central.complaints.lookups import WORD
from central.complaints.models import Complaint
from central.complaints.numbers import PREFIX, read_tracking
from central.incidents.anchors import METRES_PER_DEGREE, spans_deg

LONGEST = 200
MOST_WORDS = 8
NOT_TELLING = {"jl", "jln", "jalan"}
"""Every place begins with it, written one way or another."""
NEAR_M = 500.0
FARTHEST_M = 5_000.0

_NUMBER = re.compile(r"(?:[a-z]{1,8}[-\s]*)?(?:(?P<year>20\d\d)\s*[-/\s]\s*)?#?(?P<number>\d{1,9})", re.IGNORECASE)
_POSITION = re.compile(
    r"(?P<lat>[-−+]?\d{1,2}\.\d+)\s*[,;\s]\s*(?P<lon>[-−+]?\d{1,3}\.\d+)"
    r"(?:\s*[,;\s]\s*(?P<reach>\d{1,5})\s*m)?"
)
_TRACKING = re.compile(r"[0-9a-z]{4}[-\s]?[0-9a-z]{4}[-\s]?[0-9a-z]{4}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """In degrees; `reach_m` metres around it."""

    lat: float
    lon: float
    reach_m: float = NEAR_M


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody typed, as it can be understood; all empty: nothing was."""

    number: str = ""
    tracking: str = ""
    point: Point | None = None
    words: tuple[str, ...] = ()


def read(text: str, now: datetime) -> Sought:
    """A bare number is one of this year; anything that is not only a number or a position is words, too."""
    text = text.strip()[:LONGEST]
    if position := _POSITION.fullmatch(text):
        point = _point(position)
        if point is not None:
            return Sought(point=point)
    number = _NUMBER.fullmatch(text)
    return Sought(
        number="" if number is None else _number(number, now),
        tracking=read_tracking(text) if _TRACKING.fullmatch(text) else "",
        words=_words(text),
    )


def exactly(seen: QuerySet[Complaint], sought: Sought) -> Complaint | None:
    """The one complaint that was named, among those that are seen."""
    # Two questions: one with OR would look at every complaint the actor may see.
    for named in ({"number": sought.number}, {"tracking": sought.tracking}):
        found = seen.filter(**named).first() if all(named.values()) else None
        if found is not None:
            return found
    return None


def matching(seen: QuerySet[Complaint], sought: Sought) -> QuerySet[Complaint]:
    """All that fit; where whole words find nothing, those with words that begin so."""
    if sought.point is not None:
        return near(seen, sought.point)
    if not sought.words:
        return seen
    exact = seen.filter(text__words=sought.words)
    return exact if exact.exists() else seen.filter(text__beginnings=sought.words)


def near(seen: QuerySet[Complaint], point: Point) -> QuerySet[Complaint]:
    """Those within reach, nearest first; adds `square_m`, the square of the distance."""
    high, wide = spans_deg(point.lat, point.reach_m)
    north = (F("lat") - point.lat) * METRES_PER_DEGREE
    east = (F("lon") - point.lon) * (METRES_PER_DEGREE * cos(radians(point.lat)))
    square = ExpressionWrapper(north * north + east * east, output_field=FloatField())
    box = seen.filter(lat__range=(point.lat - high, point.lat + high), lon__range=(point.lon - wide, point.lon + wide))
    return box.annotate(square_m=square).filter(square_m__lte=point.reach_m**2).order_by("square_m", "-opened", "pk")


def _words(text: str) -> tuple[str, ...]:
    words = WORD.findall(text.lower())
    return tuple([word for word in words if word not in NOT_TELLING][:MOST_WORDS] or words)


def _number(found: re.Match[str], now: datetime) -> str:
    year = found["year"] or timezone.localtime(now).year
    return f"{PREFIX}-{year}-{int(found['number']):06d}"


def _point(found: re.Match[str]) -> Point | None:
    lat, lon = (float(found[name].replace("−", "-")) for name in ("lat", "lon"))
    if not (-85 <= lat <= 85 and -180 <= lon <= 180):
        return None
    return Point(lat, lon, min(float(found["reach"] or NEAR_M), FARTHEST_M))
