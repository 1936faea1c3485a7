"""Which vehicles are parked: they stand while others drive past them.

A standing vehicle alone proves nothing: in a jam all stand. But one that others overtake, in more than one look, is not
waiting for the road ahead. The look itself leaves it out at once; later ones do when it was passed often and long
enough. Driving past is meant as it is said, from behind it to before it and close by: those that only arrive at the end
of a queue have not passed its head. It stays parked for as long as it stands; what is remembered of a place has a time
to live.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from edge.perception.observation import Box, Track
from models.boxes import overlaps

STILL_SHARE = 0.06
"""A vehicle that moved less than this share of its box's height during a stare stood."""
SAME_PLACE = 0.5
"""Intersection over union of a vehicle that has not moved since the last look."""
PASSING_LENGTHS_S = 0.9
"""Others at this speed (15 km/h) drive past; what creeps beside a vehicle is in the same queue as it."""
PASSED_LOOKS = 2
PASSED_FOR_S = 8.0
"""From the first look in which it was driven past to the newest: where a queue forms, one lane passes the other."""
SURE_SCORE = 0.5
"""Whoever drives past must be a car, bus or truck this surely: small detectors call motorcycles cars below it."""
CLOSE_BY_WIDTHS = 3.0
"""Whoever drives by farther away than so many widths of the standing vehicle is on another road."""
FORGET_AFTER_S = 60.0
"""A place where the vehicle was not seen for so long is free again."""
SLIPS_THROUGH = ("motorcycle", "bicycle")
"""These pass in a jam too: they prove nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a vehicle stands.

    Attributes:
        box: of the vehicle, pixels.
        since: when it was first seen standing there, epoch seconds.
        seen: when it was last seen there.
        passed: looks in which others drove past it while it stood.
        first_passed: time of the first of these, epoch seconds.
        last_passed: time of the newest.
    """

    box: Box
    since: float
    seen: float
    passed: int = 0
    first_passed: float = 0.0
    last_passed: float = 0.0

    @property
    def parked(self) -> bool:
        """Whether the vehicle here has been driven past often and long enough."""
        return self.passed >= PASSED_LOOKS and self.last_passed - self.first_passed >= PASSED_FOR_S

    def looked_at(self, box: Box, time: float, *, passed: bool) -> "Place":
        """The place after a look that found the vehicle still there."""
        if not passed:
            return replace(self, box=box, seen=time)
        first = self.first_passed if self.passed else time
        return Place(box, self.since, time, self.passed + 1, first, time)


def is_still(track: Track) -> bool:
    """Whether a vehicle did not move during its stare."""
    return float(np.hypot(*track.moved_px)) < STILL_SHARE * (track.box[3] - track.box[1])


def drives_past(track: Track, box: Box) -> bool:
    """Whether a vehicle overtook what stands in this box during its stare, at a speed that proves the road is free."""
    if track.kind in SLIPS_THROUGH or track.score < SURE_SCORE:
        return False
    if track.speed_lengths_s is None or track.speed_lengths_s < PASSING_LENGTHS_S:
        return False
    way = np.array(track.moved_px)
    length = float(np.hypot(*way))
    if length == 0:
        return False
    along, across = way / length, np.array([-way[1], way[0]]) / length
    there = _foot(box) - (_foot(track.box) - way)
    return 0 < float(there @ along) < length and abs(float(there @ across)) < CLOSE_BY_WIDTHS * (box[2] - box[0])


def remember(
    places: Sequence[Place], tracks: Sequence[Track], time: float, left: Sequence[Track] = ()
) -> tuple[Place, ...]:
    """The places after one more stare.

    Args:
        places: as remembered so far.
        tracks: the stare's vehicles in one zone.
        time: of the stare.
        left: those that began in the zone and have left it by the end of the stare: they may have driven past, too.
    """
    alive = [place for place in places if time - place.seen <= FORGET_AFTER_S]
    still = [track.box for track in tracks if is_still(track)]
    tracks = (*tracks, *left)
    shared = overlaps(_boxes([place.box for place in alive]), _boxes(still))
    fresh = set(range(len(still)))
    kept: list[Place] = []
    for row, place in enumerate(alive):
        column = int(shared[row].argmax()) if still else 0
        if column in fresh and shared[row, column] >= SAME_PLACE:
            fresh.discard(column)
            kept.append(place.looked_at(still[column], time, passed=_is_passed(still[column], tracks)))
        else:
            kept.append(place)
    for column in sorted(fresh):
        place = Place(still[column], time, time)
        kept.append(place.looked_at(still[column], time, passed=_is_passed(still[column], tracks)))
    return tuple(kept)


def mark(tracks: Sequence[Track], places: Sequence[Place], time: float) -> tuple[Track, ...]:
    """The tracks, those marked that stand where a vehicle is parked, or was driven past in the look at this time.

    Whether the latter is parked is not sure yet, but that nothing but itself holds it up is: for a look it tells no
    more of the road than a parked one.
    """
    aside = [place.box for place in places if place.parked or (place.passed and place.last_passed == time)]
    boxes = _boxes(aside)
    shared = overlaps(_boxes([track.box for track in tracks]), boxes)
    return tuple(
        replace(track, parked=True) if is_still(track) and shared[row].max(initial=0) >= SAME_PLACE else track
        for row, track in enumerate(tracks)
    )


def _is_passed(box: Box, tracks: Sequence[Track]) -> bool:
    return any(drives_past(track, box) for track in tracks)


def _foot(box: Box) -> NDArray[np.float64]:
    return np.array([(box[0] + box[2]) / 2, box[3]])


def _boxes(boxes: Sequence[Box]) -> NDArray[np.float32]:
    return np.array(boxes, np.float32).reshape(-1, 4)
