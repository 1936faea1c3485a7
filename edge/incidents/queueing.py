"""Whether a standing vehicle only waits with others: in a queue it is stopped, not parked.

A vehicle is taken to queue while the road beside it stands, or while others came to stand close by at about its time.
It is known to be parked once others have driven past it, in more than one look. A stare shows them doing so; glances
only show who was beside it in one look and gone by the next, which proves less and so must be seen more often.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from edge.incidents.dwell import DwellTable, Glimpse, Standing, boxes_of
from edge.perception.observation import Box, Track, ZoneTraffic
from edge.perception.parked import PASSED_LOOKS, SAME_PLACE, SURE_SCORE, drives_past
from models.boxes import coverage, overlaps

GLIMPSED_LOOKS = 3
"""As `PASSED_LOOKS`, for vehicles that glances saw once beside it."""
PASSED_FOR_S = 120.0
"""From the first of these looks to the newest: a lane that turns, and the street across, drive past a queue for as long
as its light is red."""
CLOSE_BY = 3.0
BEHIND = 2.0
"""Vehicles in one queue are no farther apart than so many of their widths across the picture and heights along it."""
AS_LARGE = 2.0
"""And none looks so many times as wide as the other: what does is far off."""
BESIDE = 0.5
"""Who drives past is at some moment within this share of the standing vehicle's height of being abreast of it."""
COMPANY_SCORE = 0.4
"""Company is a vehicle this surely on average: a shop front that is often called a bus does not queue."""
SAME_VEHICLE = 0.75
"""Share of the smaller of two boxes inside the other from which they are one vehicle, seen twice."""
QUEUE_OF = 2
"""Others that stand with it."""
FORMS_WITHIN_S = 180.0
"""Those in a queue came to stand within a long red light of one another; a parked row has stood for longer."""
SLOW_KMH = 10.0
SLOW_LENGTHS_S = 0.6
SLOW_VEHICLES = 2.5
SLOW_FOLLOWED = 0.5
"""A road stands when its mean speed is below this, of so many vehicles or more, most of which could be followed."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Looks in which others drove past.

    Attributes:
        looks: how many.
        first: time of the first, epoch seconds.
        last: time of the newest.
    """

    looks: int = 0
    first: float = 0.0
    last: float = 0.0

    def again(self, time: float) -> "Passed":
        """One more look."""
        return Passed(self.looks + 1, self.first if self.looks else time, time)

    def often(self, looks: int) -> bool:
        """Whether it was in so many looks, over longer than a red light."""
        return self.looks >= looks and self.last - self.first >= PASSED_FOR_S


@dataclass(frozen=True, slots=True)
class Passing:
    """How often a standing vehicle was driven past."""

    watched: Passed = field(default_factory=Passed)
    glimpsed: Passed = field(default_factory=Passed)

    @property
    def proves_parked(self) -> bool:
        """Whether it was driven past often enough, in either way."""
        return self.watched.often(PASSED_LOOKS) or self.glimpsed.often(GLIMPSED_LOOKS)

    def after(self, thing: Standing, table: DwellTable, tracks: Sequence[Track]) -> "Passing":
        """With what the table's newest look, and the tracks of its stare, tell."""
        watched, glimpsed = self.watched, self.glimpsed
        if any(drives_past(track, thing.box) or _is_parked(track, thing) for track in tracks):
            watched = watched.again(table.time)
        if any(_was_beside(other, thing) for other in table.left):
            glimpsed = glimpsed.again(table.time)
        return Passing(watched, glimpsed)


def waits(thing: Standing, passing: Mapping[int, Passing], table: DwellTable, *, road_stands: bool) -> bool:
    """Whether it stands because of those before it.

    Args:
        thing: one that stands.
        passing: of all vehicles that stand, by key.
        table: of the newest look.
        road_stands: whether the traffic of a road beside it does.
    """
    if passing[thing.key].watched.often(PASSED_LOOKS):
        return False
    if road_stands:
        return True
    if passing[thing.key].glimpsed.often(GLIMPSED_LOOKS):
        return False
    waiting = [other for other in table.things if other.key in passing and not passing[other.key].proves_parked]
    return _company(thing, waiting) >= QUEUE_OF


def stands(traffic: ZoneTraffic) -> bool | None:
    """Whether a road's traffic stands; None where the look could not tell."""
    if traffic.vehicles < SLOW_VEHICLES:
        return False
    if traffic.speed_lengths_s is None or traffic.followed_share < SLOW_FOLLOWED:
        return None
    if traffic.speed_kmh is not None:
        return traffic.speed_kmh < SLOW_KMH
    return traffic.speed_lengths_s < SLOW_LENGTHS_S


def _company(thing: Standing, things: Iterable[Standing]) -> int:
    """Others of its size that stand close by since about the same time."""
    return sum(
        other.key != thing.key
        and other.group == thing.group
        and other.score >= COMPANY_SCORE
        and other.glimpse is not Glimpse.MISSED
        and abs(other.first_seen - thing.first_seen) <= FORMS_WITHIN_S
        and _is_near(other.box, thing.box, BEHIND)
        and not _is_same(other, thing)
        for other in things
    )


def _is_near(other: Box, box: Box, heights: float) -> bool:
    """Whether a box is within CLOSE_BY of their mean width and so many of their mean heights of another."""
    widths = sorted((box[2] - box[0], other[2] - other[0]))
    height = (box[3] - box[1] + other[3] - other[1]) / 2
    across = abs(box[0] + box[2] - other[0] - other[2]) / 2
    near = across <= CLOSE_BY * sum(widths) / 2 and abs(box[3] - other[3]) <= heights * height
    return near and widths[1] < AS_LARGE * widths[0]


def _is_same(one: Standing, other: Standing) -> bool:
    a, b = boxes_of([one]), boxes_of([other])
    return bool(max(coverage(a, b)[0, 0], coverage(b, a)[0, 0]) >= SAME_VEHICLE)


def _was_beside(other: Standing, thing: Standing) -> bool:
    """Whether what was seen once was a vehicle abreast of a standing one."""
    surely = other.hits == 1 and other.score >= SURE_SCORE and other.group == thing.group
    return surely and other.first_seen > thing.first_seen and _is_near(other.box, thing.box, BESIDE)


def _is_parked(track: Track, thing: Standing) -> bool:
    return track.parked and bool(overlaps(boxes_of([track]), boxes_of([thing]))[0, 0] >= SAME_PLACE)
