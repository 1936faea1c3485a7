"""What stands in a view for minutes: the same kind of thing, in the same place, in nearly every look.

A thing stands while looks find one of its group with an intersection over union of `SAME_PLACE` or more with where it
stood so far, in `STEADY_SHARE` of the looks that could have seen it. A look could not where something nearer hides the
place, or where a thing is so small that only an enlarged view shows it and the look enlarged another part. What was
missed often enough has left; what was hidden for longer than `GAP_S` has, too. The table is a value: a look makes a new
one of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from edge.perception.observation import Box, Observation, Track
from models.boxes import Boxes, coverage, overlaps
from models.detections import Detections

GROUPS = {
    "car": "four wheels",
    "bus": "four wheels",
    "truck": "four wheels",
    "motorcycle": "two wheels",
    "bicycle": "two wheels",
    "vendor": "vendor",
}
"""Kinds between which a detector wavers count as one: a lorry that is called a bus for a look has not left."""
SAME_PLACE = 0.5
STEADY_SHARE = 0.8
STEADY_HITS = 2
GAP_S = 60.0
EMPTY_LOOKS = 3
EMPTY_S = 15.0
"""A place seen without the thing in so many looks in a row, over so long at least, is empty."""
TTL_S = 300.0
"""What no look could have seen for so long is forgotten."""
MAX_THINGS = 128
FRESH_SCORE = 0.35
KNOWN_SCORE = 0.2
"""A thing that is known may be seen less surely than one that is new."""
WEAK_SCORE = {"four wheels": 0.4, "two wheels": 0.4, "vendor": 0.5}
AMPLE_SCORE = 0.65
"""A thing in clear view is seen surely on average; what is seen weakly look after look may be a kiosk or a sign, and
most of all an awning for a stall: drawn ones are all that the network has ever seen of them."""
STILL_FIT = {"four wheels": 0.75, "two wheels": 0.75, "vendor": 0.68}
"""Boxes of one still thing differ less on average than those of several that come by the same place one after the
other. Carts do not come in streams, but people around one change its box; one that is pushed towards the camera, far
off, keeps its place for some seconds with 0.61 to 0.67, one that sells has 0.72 to 0.83 (rendered)."""
CUT_FIT = {"four wheels": 0.92, "two wheels": 0.92, "vendor": 0.68}
BORDER_PX = 2.0
"""The border of the picture cuts a box so near to it: what shows of a vehicle that drives out, or of one after the
other, looks much the same for a while."""
SETTLE_LOOKS = 10
"""The place is the mean of about so many boxes: what creeps along leaves it behind."""
HIDING_SCORE = 0.3
HIDDEN_SHARE = 0.3
"""A thing is hidden when nearer ones cover this share of its box: what still shows is no longer boxed as before."""
ENLARGED_MARGIN = 0.02
ENLARGED_LIMIT = 0.5
"""An enlarged part shows what lies inside it, clear of its borders and smaller than this share of its sides (see
`perception.seeing`)."""


class Glimpse(StrEnum):
    """What the newest look tells of a thing."""

    SEEN = "seen"
    MISSED = "missed"
    """Its place was in clear view, and it was not found there."""
    HIDDEN = "hidden"
    UNCLEAR = "unclear"
    """Its place was shown too small to tell."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing that keeps its place.

    Attributes:
        key: its number in the table.
        group: see `GROUPS`.
        box: where it stands, pixels: the mean of its boxes.
        first_seen: when it came to stand, epoch seconds.
        last_seen: epoch seconds.
        hits: looks that found it.
        looks: looks that could have seen it.
        score: with which it is seen, 0–1, running mean.
        votes: kind → how often it was called that.
        fit: intersection over union of its boxes with its place, running mean from the second one on.
        cut: whether the border of the picture cuts it off.
        glimpse: what the newest look tells.
        missed: looks in a row that should have found it and did not.
        missed_since: time of the first of these, epoch seconds.
        small_hits: looks that found it although they did not enlarge its place.
        small_looks: looks that did not enlarge its place, with nothing before it.
    """

    key: int
    group: str
    box: Box
    first_seen: float
    last_seen: float
    score: float
    votes: tuple[tuple[str, int], ...]
    fit: float = 1.0
    cut: bool = False
    hits: int = 1
    looks: int = 1
    glimpse: Glimpse = Glimpse.SEEN
    missed: int = 0
    missed_since: float = 0.0
    small_hits: int = 0
    small_looks: int = 0

    @property
    def kind(self) -> str:
        """What it was called most often."""
        return max(self.votes, key=lambda vote: vote[1])[0]

    @property
    def share(self) -> float:
        """Share of the looks that could have seen it which did, 0–1."""
        return self.hits / self.looks

    @property
    def steady(self) -> bool:
        """Whether its place is taken in nearly every look, by one thing or by several that follow one another."""
        return self.hits >= STEADY_HITS and self.share >= STEADY_SHARE

    @property
    def still(self) -> bool:
        """Whether one thing stands here: steady, and always in quite the same place."""
        return self.steady and self.fit >= (CUT_FIT if self.cut else STILL_FIT)[self.group]

    @property
    def seen_small(self) -> bool:
        """Whether it is usually found without being enlarged."""
        return self.small_hits > 0 and self.small_hits >= STEADY_SHARE * self.small_looks


@dataclass(frozen=True, slots=True)
class DwellTable:
    """What stands in one camera's view.

    Attributes:
        things: what stands, or was seen once and may come to stand.
        left: what the newest look found gone.
        looks: how many there were.
        since: time of the first look, epoch seconds.
        time: time of the newest look, epoch seconds.
        next_key: for the next new thing.
    """

    things: tuple[Standing, ...] = ()
    left: tuple[Standing, ...] = ()
    looks: int = 0
    since: float = 0.0
    time: float = float("-inf")
    next_key: int = 0

    def with_only(self, things: Iterable[Standing]) -> "DwellTable":
        """The same, of these things only: the others begin anew when they are seen again."""
        return replace(self, things=tuple(things))


def look(table: DwellTable, observation: Observation) -> DwellTable:
    """The table after one more look; the same where the look is not newer than the last one.

    Args:
        table: what stood before.
        observation: of the newest look; all classes of `GROUPS` are followed.
    """
    if observation.time <= table.time:
        return table
    seen = observation.detections.only(*GROUPS).above(KNOWN_SCORE)
    matches = _matches(table.things, seen)
    hidden = _hidden_shares(table.things, observation.detections.above(HIDING_SCORE)) >= HIDDEN_SHARE
    looked = [
        _found(thing, seen, matches[row], observation)
        if row in matches
        else _not_found(thing, observation, hidden=bool(hidden[row]))
        for row, thing in enumerate(table.things)
    ]
    fresh = _fresh(seen, set(matches.values()), observation, table.next_key)
    stay = [thing for thing in looked if not _has_left(thing, observation.time)]
    return DwellTable(
        things=_bounded([*stay, *fresh]),
        left=tuple(thing for thing in looked if _has_left(thing, observation.time)),
        looks=table.looks + 1,
        since=table.since if table.looks else observation.time,
        time=observation.time,
        next_key=table.next_key + len(fresh),
    )


def clearest(things: Iterable[Standing]) -> Glimpse | None:
    """The most that the newest look tells of any of them: seen, else nothing certain, else missed; None without any."""
    found = {thing.glimpse for thing in things}
    order = (Glimpse.SEEN, Glimpse.UNCLEAR, Glimpse.HIDDEN, Glimpse.MISSED)
    return next((glimpse for glimpse in order if glimpse in found), None)


def boxes_of(things: Sequence[Standing | Track]) -> Boxes:
    """Where they are: float32 [n, 4]."""
    return np.array([thing.box for thing in things], np.float32).reshape(-1, 4)


def _matches(things: Sequence[Standing], seen: Detections) -> dict[int, int]:
    """Row of a thing → row of its detection, the best overlaps first."""
    shared = overlaps(boxes_of(things), seen.boxes)
    groups = [GROUPS[label] for label in seen.labels()]
    pairs = sorted(
        (
            (-float(shared[row, column]), int(row), int(column))
            for row, column in np.argwhere(shared >= SAME_PLACE)
            if things[row].group == groups[column]
        ),
    )
    matches: dict[int, int] = {}
    taken: set[int] = set()
    for _, row, column in pairs:
        if row not in matches and column not in taken:
            matches[row] = column
            taken.add(column)
    return matches


def _hidden_shares(things: Sequence[Standing], seen: Detections) -> NDArray[np.float32]:
    """Share of each thing's box under things nearer to the camera: [n]; these reach farther down in the picture."""
    boxes = boxes_of(things)
    before = seen.boxes[None, :, 3] > boxes[:, None, 3]
    return np.asarray((coverage(boxes, seen.boxes) * before).sum(axis=1), np.float32)


def _found(thing: Standing, seen: Detections, row: int, observation: Observation) -> Standing:
    hits = thing.hits + 1
    weight = 1 / min(hits, SETTLE_LOOKS)
    fit = float(overlaps(boxes_of([thing]), seen.boxes[row : row + 1])[0, 0])
    place = np.array(thing.box) * (1 - weight) + seen.boxes[row] * weight
    enlarged = _is_enlarged(thing.box, observation)
    votes = dict(thing.votes)
    label = seen.names[seen.classes[row]]
    votes[label] = votes.get(label, 0) + 1
    return replace(
        thing,
        box=_box(place),
        last_seen=observation.time,
        score=thing.score + weight * (float(seen.scores[row]) - thing.score),
        votes=tuple(votes.items()),
        fit=fit if thing.hits == 1 else thing.fit + (fit - thing.fit) / min(thing.hits, SETTLE_LOOKS),
        cut=_is_cut(_box(place), observation.size),
        hits=hits,
        looks=thing.looks + 1,
        glimpse=Glimpse.SEEN,
        missed=0,
        small_hits=thing.small_hits + (not enlarged),
        small_looks=thing.small_looks + (not enlarged),
    )


def _not_found(thing: Standing, observation: Observation, *, hidden: bool) -> Standing:
    if hidden:
        return replace(thing, glimpse=Glimpse.HIDDEN)
    enlarged = _is_enlarged(thing.box, observation)
    small_looks = thing.small_looks + (not enlarged)
    if not enlarged and not thing.seen_small:
        return replace(thing, glimpse=Glimpse.UNCLEAR, small_looks=small_looks)
    return replace(
        thing,
        looks=thing.looks + 1,
        glimpse=Glimpse.MISSED,
        missed=thing.missed + 1,
        missed_since=thing.missed_since if thing.missed else observation.time,
        small_looks=small_looks,
    )


def _has_left(thing: Standing, time: float) -> bool:
    if thing.glimpse is Glimpse.SEEN:
        return False
    unseen_s = time - thing.last_seen
    if thing.glimpse is Glimpse.UNCLEAR:
        return unseen_s > TTL_S
    if thing.hits < STEADY_HITS and thing.missed:
        return True
    return unseen_s > GAP_S or (thing.missed >= EMPTY_LOOKS and time - thing.missed_since >= EMPTY_S)


def _fresh(seen: Detections, known: set[int], observation: Observation, next_key: int) -> list[Standing]:
    labels = seen.labels()
    rows = [row for row in range(len(seen)) if row not in known and seen.scores[row] >= FRESH_SCORE]
    fresh = []
    for key, row in enumerate(rows, next_key):
        box = _box(seen.boxes[row])
        small = int(not _is_enlarged(box, observation))
        fresh.append(
            Standing(
                key, GROUPS[labels[row]], box, observation.time, observation.time, float(seen.scores[row]),
                ((labels[row], 1),), small_hits=small, small_looks=small,
            )
        )  # fmt: skip
    return fresh


def _bounded(things: list[Standing]) -> tuple[Standing, ...]:
    """At most MAX_THINGS: those that stand before those that were seen once, the newest sights first."""
    if len(things) <= MAX_THINGS:
        return tuple(things)
    kept = sorted(things, key=lambda thing: (thing.steady, thing.last_seen), reverse=True)[:MAX_THINGS]
    return tuple(sorted(kept, key=lambda thing: thing.key))


def _is_enlarged(box: Box, observation: Observation) -> bool:
    """Whether the look shows a thing here as large as this camera ever shows it."""
    if observation.enlarged is None:
        return True
    left, top, right, bottom = observation.enlarged
    width, height = right - left, bottom - top
    margin = ENLARGED_MARGIN * max(width, height)
    x1, y1, x2, y2 = box
    small = x2 - x1 < ENLARGED_LIMIT * width and y2 - y1 < ENLARGED_LIMIT * height
    across = (x1 > left + margin or left <= 0) and (x2 < right - margin or right >= observation.size[0])
    along = (y1 > top + margin or top <= 0) and (y2 < bottom - margin or bottom >= observation.size[1])
    inside = x1 >= left and y1 >= top and x2 <= right and y2 <= bottom
    return small and inside and across and along


def _is_cut(box: Box, size: tuple[int, int]) -> bool:
    return min(box[0], box[1], size[0] - box[2], size[1] - box[3]) <= BORDER_PX


def _box(values: NDArray[np.floating]) -> Box:
    x1, y1, x2, y2 = (float(value) for value in values)
    return x1, y1, x2, y2
