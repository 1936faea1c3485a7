"""Which vehicles are parked: they have stood for long while others drove past.

A standing vehicle alone proves nothing: in a jam all stand. But where others drive past it, look after look, for a
minute and more, it is not waiting for the road. What is remembered of a place has a time to live.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from edge.perception.observation import Box, Track
from models.boxes import overlaps

STILL_SHARE = 0.06
"""A vehicle that moved less than this share of its box's height during a stare stood."""
SAME_PLACE = 0.5
"""Intersection over union of a vehicle that has not moved since the last look."""
PASSING_LENGTHS_S = 1.2
"""Others at this speed (19 km/h) drive past; what creeps beside a vehicle is in the same queue as it."""
PASSED_LOOKS = 3
PARKED_AFTER_S = 60.0
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
        passed: looks in which others drove past while it stood.
        passed_since: time of the first of these; None before.
    """

    box: Box
    since: float
    seen: float
    passed: int = 0
    passed_since: float | None = None

    def parked(self, time: float) -> bool:
        """Whether the vehicle here has been driven past long enough."""
        long_enough = self.passed_since is not None and time - self.passed_since >= PARKED_AFTER_S
        return long_enough and self.passed >= PASSED_LOOKS


def is_still(track: Track) -> bool:
    """Whether a vehicle did not move during its stare."""
    return float(np.hypot(*track.moved_px)) < STILL_SHARE * (track.box[3] - track.box[1])


def drives_past(track: Track) -> bool:
    """Whether a vehicle's speed proves that the road is free."""
    return (
        track.kind not in SLIPS_THROUGH
        and track.speed_lengths_s is not None
        and track.speed_lengths_s >= PASSING_LENGTHS_S
    )


def remember(places: Sequence[Place], tracks: Sequence[Track], time: float, passed: bool) -> tuple[Place, ...]:
    """The places after one more stare.

    Args:
        places: as remembered so far.
        tracks: the stare's vehicles in one zone.
        time: of the stare.
        passed: whether others drove past in this zone during it.
    """
    alive = [place for place in places if time - place.seen <= FORGET_AFTER_S]
    still = [track for track in tracks if is_still(track)]
    shared = overlaps(_boxes([place.box for place in alive]), _boxes([track.box for track in still]))
    fresh = set(range(len(still)))
    kept: list[Place] = []
    for row, place in enumerate(alive):
        column = int(shared[row].argmax()) if still else 0
        if column in fresh and shared[row, column] >= SAME_PLACE:
            fresh.discard(column)
            place = replace(place, box=still[column].box, seen=time)  # noqa: PLW2901
            if passed:
                began = time if place.passed_since is None else place.passed_since
                place = replace(place, passed=place.passed + 1, passed_since=began)  # noqa: PLW2901
        kept.append(place)
    kept.extend(Place(still[column].box, time, time, int(passed), time if passed else None) for column in sorted(fresh))
    return tuple(kept)


def mark(tracks: Sequence[Track], places: Sequence[Place], time: float) -> tuple[Track, ...]:
    """The tracks, those at a parked vehicle's place marked as parked."""
    boxes = _boxes([place.box for place in places if place.parked(time)])
    shared = overlaps(_boxes([track.box for track in tracks]), boxes)
    return tuple(
        replace(track, parked=True) if is_still(track) and shared[row].max(initial=0) >= SAME_PLACE else track
        for row, track in enumerate(tracks)
    )


def _boxes(boxes: Sequence[Box]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    return np.array(boxes, np.float32).reshape(-1, 4)
