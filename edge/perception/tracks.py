"""Vehicles through one stare: detections tied together by how their contents move."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from edge.perception.flow import Plate, Shake, displacements, steady
from models.boxes import areas, coverage, overlaps
from models.detections import Detections
from models.detector import VEHICLES

BIRTH_SCORE = 0.3
"""A detection this sure starts a track."""
KEEP_SCORE = 0.15
"""A detection this sure carries a track on: where a vehicle was, a weak answer is enough."""
SAME_OVERLAP = 0.3
COAST_S = 1.0
"""So long may a vehicle go undetected before its track ends; optical flow carries the box meanwhile."""
DOUBLE_OVERLAP = 0.65
DOUBLE_COVERED = 0.7
DOUBLE_AREA = 0.35
"""A box of which so much lies in another one of like size (area ratio) is a second answer for the same vehicle."""
REACH = 1.5
LIKE_SIZE = 1.35
"""What optical flow lost is the next vehicle of like size (ratio of sides) within so many diagonals of its box."""
SAME_WAY = 0.5
"""A leap counts as driven once the vehicle goes on like that: velocities differ by so much of the faster one. Among
far vehicles, pixels apart, the nearest box is often that of another one, which a single leap would make race."""
HIDDEN_SHARE = 0.08
"""A box that lies so little in any other one shows its vehicle whole."""
BORDER_PX = 3


@dataclass(slots=True, eq=False)
class LiveTrack:
    """A vehicle being followed.

    Attributes:
        box: float [4], picture pixels, now.
        seen: time of the newest detection that carried it.
        first: time of its first picture.
        last: time of its newest picture.
        score: the best it was detected with.
        hits: how many detections carried it.
        velocity: picture pixels a second, newest.
        moved: its way so far without the camera's shaking, picture pixels.
        followed_s: how long of its life it could be followed; `moved` covers this time.
        adrift_s: how long it has gone on unfollowed since.
        leapt: its way to where it was found again and the seconds that took, while nothing confirms either.
        detected: the box of the newest detection that carried it.
        whole: foot x, foot y, width and height of the detections that showed it whole: nothing before it, no border
            cutting it.
        votes: class name → sum of scores.
    """

    box: NDArray[np.float64]
    seen: float
    first: float
    score: float
    hits: int = 1
    velocity: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    moved: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    followed_s: float = 0.0
    adrift_s: float = 0.0
    leapt: tuple[NDArray[np.float64], float] | None = None
    last: float = 0.0
    detected: NDArray[np.float64] = field(default_factory=lambda: np.zeros(4))
    whole: list[tuple[float, float, float, float]] = field(default_factory=list)
    votes: dict[str, float] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The class with the most votes."""
        return max(self.votes, key=lambda name: (self.votes[name], name))

    @property
    def foot(self) -> tuple[float, float]:
        """Middle of the lower edge, picture pixels."""
        return float(self.box[0] + self.box[2]) / 2, float(self.box[3])


class Tracker:
    """Follows the vehicles of one stare; one picture after another."""

    def __init__(self, first: Plate, background: NDArray[np.uint8]) -> None:
        """Starts at a picture; `background` as `Shake` wants it."""
        self._shake = Shake(first, background)
        self._plate = first
        self._time: float | None = None
        self.live: list[LiveTrack] = []
        self.ended: list[LiveTrack] = []

    def advance(self, plate: Plate, time: float) -> None:
        """Moves every track on to the next picture."""
        if self._time is None:
            self._time = time
            return
        before, elapsed = self._shake.transform, time - self._time
        after = self._shake.add(plate)
        boxes = np.array([track.box for track in self.live]).reshape(-1, 4)
        likely = np.array([track.velocity * elapsed for track in self.live]).reshape(-1, 2)
        for track, moved in zip(self.live, displacements(self._plate, plate, boxes, likely), strict=True):
            known = bool(np.isfinite(moved).all())
            way = moved if known else track.velocity * elapsed
            x, y = track.foot
            start = steady(before, plate.scale, x, y)
            end = steady(after, plate.scale, x + way[0], y + way[1])
            if known:
                track.moved += end - start
                track.followed_s += elapsed
                track.velocity = moved / max(elapsed, 1e-6)
                _confirm_leap(track)
            track.adrift_s = 0.0 if known else track.adrift_s + elapsed
            track.box = track.box + np.tile(way, 2)
            track.last = time
        self._plate, self._time = plate, time
        self._end([track for track in self.live if time - track.seen > COAST_S or self._left(track, plate)])

    def detect(self, seen: Detections, time: float) -> None:
        """Ties the detections of the newest picture to the tracks; the others start new ones."""
        vehicles = seen.only(*VEHICLES).above(KEEP_SCORE)
        names = vehicles.labels()
        boxes = np.array([track.box for track in self.live], np.float32).reshape(-1, 4)
        free = set(range(len(vehicles)))
        shared = overlaps(boxes, vehicles.boxes)
        for flat in np.argsort(-shared, axis=None, kind="stable"):
            row, column = divmod(int(flat), max(len(vehicles), 1))
            if shared.size == 0 or shared[row, column] < SAME_OVERLAP:
                break
            track = self.live[row]
            if column in free and track.seen < time:
                free.discard(column)
                _carry(track, vehicles.boxes[column], float(vehicles.scores[column]), names[column], time)
        free -= self._recapture(vehicles, free, time)
        for column in sorted(free):
            if vehicles.scores[column] >= BIRTH_SCORE:
                self._start(vehicles.boxes[column], float(vehicles.scores[column]), names[column], time)
        self._drop_doubles()
        self._measure_whole(time)

    def _recapture(self, vehicles: Detections, free: set[int], time: float) -> set[int]:
        """Ties what optical flow lost to the nearest new detection of like size; returns those taken.

        At a few pictures a second a fast vehicle jumps farther than corners can be followed: without this only the
        slow ones would have a speed.
        """
        taken: set[int] = set()
        for track in self.live:
            if track.seen == time or track.adrift_s == 0:
                continue
            x, y = (track.box[:2] + track.box[2:]) / 2
            sides = track.box[2:] - track.box[:2]
            best, nearest = None, REACH * float(np.hypot(*sides))
            for column in sorted(free - taken):
                box = vehicles.boxes[column].astype(float)
                ratio = (box[2:] - box[:2]) / np.maximum(sides, 1.0)
                distance = float(np.hypot((box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y))
                if distance < nearest and (ratio > 1 / LIKE_SIZE).all() and (ratio < LIKE_SIZE).all():
                    best, nearest = column, distance
            if best is None:
                continue
            taken.add(best)
            box = vehicles.boxes[best].astype(float)
            way = (box[:2] + box[2:]) / 2 - (x, y)
            if track.followed_s == 0:
                track.velocity = way / track.adrift_s
                _confirm_leap(track)
                track.leapt = (way, track.adrift_s) if track.followed_s == 0 else None
            track.box, track.adrift_s = box, 0.0
            _carry(track, vehicles.boxes[best], float(vehicles.scores[best]), vehicles.labels()[best], time)
        return taken

    def finish(self) -> list[LiveTrack]:
        """Every track of the stare."""
        return [*self.ended, *self.live]

    def _start(self, box: NDArray[np.float32], score: float, name: str, time: float) -> None:
        track = LiveTrack(box.astype(float), seen=time, first=time, score=score, last=time)
        track.votes[name] = score
        track.detected = box.astype(float)
        self.live.append(track)

    def _measure_whole(self, time: float) -> None:
        """Notes the box sides of those just detected that are whole."""
        rows, columns = self._plate.grey.shape
        right, bottom = columns / self._plate.scale - BORDER_PX, rows / self._plate.scale - BORDER_PX
        boxes = np.array([track.box for track in self.live], np.float32).reshape(-1, 4)
        hidden = coverage(boxes, boxes)
        np.fill_diagonal(hidden, 0)
        for track, shares in zip(self.live, hidden, strict=True):
            x1, y1, x2, y2 = track.detected
            whole = x1 > BORDER_PX and y1 > BORDER_PX and x2 < right and y2 < bottom
            if track.seen == time and whole and shares.max(initial=0) < HIDDEN_SHARE:
                track.whole.append((float(x1 + x2) / 2, float(y2), float(x2 - x1), float(y2 - y1)))

    def _end(self, over: list[LiveTrack]) -> None:
        self.ended.extend(over)
        self.live = [track for track in self.live if track not in over]

    def _left(self, track: LiveTrack, plate: Plate) -> bool:
        rows, columns = plate.grey.shape
        x, y = (track.box[:2] + track.box[2:]) / 2 * plate.scale
        return not (0 <= x < columns and 0 <= y < rows)

    def _drop_doubles(self) -> None:
        """Two tracks that came to lie on each other are one vehicle: the better established stays."""
        if len(self.live) < 2:
            return
        order = sorted(self.live, key=lambda track: (-sum(track.votes.values()), track.first))
        boxes = np.array([track.box for track in order], np.float32)
        ratio = areas(boxes)[:, None] / np.maximum(areas(boxes)[None, :], 1.0)
        alike = (ratio > DOUBLE_AREA) & (ratio < 1 / DOUBLE_AREA)
        covered = np.maximum(coverage(boxes, boxes), coverage(boxes, boxes).T)
        double = (overlaps(boxes, boxes) > DOUBLE_OVERLAP) | (alike & (covered > DOUBLE_COVERED))
        kept: list[int] = []
        for row in range(len(order)):
            if not double[row, kept].any():
                kept.append(row)
        stay = {id(order[row]) for row in kept}
        self.live = [track for track in self.live if id(track) in stay]


def _carry(track: LiveTrack, box: NDArray[np.float32], score: float, name: str, time: float) -> None:
    # Half of the way towards the detection: boxes wobble, optical flow drifts.
    track.box = (track.box + box) / 2
    track.seen = time
    track.hits += 1
    track.score = max(track.score, score)
    track.detected = box.astype(float)
    track.votes[name] = track.votes.get(name, 0.0) + score


def _confirm_leap(track: LiveTrack) -> None:
    """Counts the way that a vehicle leapt if its newest velocity is that of the leap; forgets it if not."""
    if track.leapt is None:
        return
    (way, seconds), track.leapt = track.leapt, None
    leap = way / seconds
    if np.hypot(*(track.velocity - leap)) <= SAME_WAY * max(np.hypot(*track.velocity), np.hypot(*leap)):
        track.moved += way
        track.followed_s += seconds
