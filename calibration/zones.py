"""Zones: polygons in 0–1 of a picture's width and height."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

MAX_POINTS = 200


class ZoneError(ValueError):
    """A polygon that encloses no clear area; the text says which point or edge, `code` and `given` the same to programs
    that say it in another language."""

    def __init__(self, text: str, code: str = "", **given: object) -> None:
        super().__init__(text)
        self.code = code
        self.given = given


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """An area of a camera's view, whatever the size of its pictures.

    Attributes:
        points: float64 [k, 2], 3 ≤ k ≤ 200, x and y from 0 (left, top) to 1 (right, bottom), not closed.

    Raises:
        ZoneError: too few or too many points, one outside 0–1, two equal neighbours, crossing edges, or no area.
    """

    points: NDArray[np.float64]

    def __post_init__(self) -> None:
        points = np.array(self.points, np.float64)
        if points.ndim != 2 or points.shape[1] != 2 or not 3 <= len(points) <= MAX_POINTS:
            text = f"a zone is a list of 3 to {MAX_POINTS} points [x, y], not of shape {list(points.shape)}"
            raise ZoneError(text, "zone.shape", most=MAX_POINTS)
        outside = ~((points >= 0) & (points <= 1)).all(axis=1)
        if outside.any():
            row = int(outside.argmax())
            text = f"point {row + 1} at {points[row].tolist()} is outside 0–1 of width and height"
            raise ZoneError(text, "zone.outside", point=row + 1)
        same = (points == np.roll(points, -1, axis=0)).all(axis=1)
        if same.any():
            point = int(same.argmax()) + 1
            text = f"point {point} and its successor are equal: remove one (do not close it)"
            raise ZoneError(text, "zone.equal", point=point)
        crossing = _crossing_edges(points)
        if crossing:
            a, b = crossing
            text = f"the edges after point {a + 1} and after point {b + 1} cross or touch: order the points"
            raise ZoneError(text, "zone.cross", one=a + 1, other=b + 1)
        points.setflags(write=False)
        object.__setattr__(self, "points", points)

    @property
    def area(self) -> float:
        """Share of the picture, 0–1 (shoelace formula)."""
        x, y = self.points.T
        return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)

    def pixels(self, width: int, height: int) -> NDArray[np.float64]:
        """The polygon in pixels of a picture of this size, [k, 2]; (0, 0) is the outer corner of the first pixel."""
        return self.points * np.array([width, height], np.float64)

    def contains(self, points_px: ArrayLike, width: int, height: int) -> NDArray[np.bool_]:
        """Which of these points [n, 2], in pixels of a picture of this size, lie inside: bool [n].

        A point on the outline belongs to one side only, so that zones that share an edge share no point.
        """
        points = np.asarray(points_px, np.float64).reshape(-1, 2)
        inside = np.zeros(len(points), bool)
        for (x1, y1), (x2, y2) in self._edges(width, height):
            if y1 == y2:
                continue
            spans = (points[:, 1] < y1) != (points[:, 1] < y2)
            inside ^= spans & (points[:, 0] < x1 + (points[:, 1] - y1) * (x2 - x1) / (y2 - y1))
        return inside

    def mask(self, width: int, height: int) -> NDArray[np.bool_]:
        """The pixels whose centre lies inside: bool [height, width]."""
        columns, rows = np.arange(width) + 0.5, np.arange(height) + 0.5
        inside = np.zeros((height, width), bool)
        for (x1, y1), (x2, y2) in self._edges(width, height):
            if y1 == y2:
                continue
            spanned = np.flatnonzero((rows < y1) != (rows < y2))
            edge = x1 + (rows[spanned] - y1) * (x2 - x1) / (y2 - y1)
            inside[spanned] ^= columns[None, :] < edge[:, None]
        return inside

    def _edges(self, width: int, height: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        corners = [(float(x), float(y)) for x, y in self.pixels(width, height)]
        return list(zip(corners, corners[1:] + corners[:1], strict=True))


def fault_of(polygon: ArrayLike) -> ZoneError | None:
    """Why these points are no zone; None where they are one."""
    try:
        Zone(np.asarray(polygon, np.float64))
    except ZoneError as error:
        return error
    return None


def fault_on_the_map(lonlat: ArrayLike) -> ZoneError | None:
    """The same of a polygon [n, 2] in degrees, whatever its size."""
    corners = np.asarray(lonlat, np.float64)
    low, high = corners.min(axis=0), corners.max(axis=0)
    if (low == high).any():
        return ZoneError("encloses no area: its corners lie on one line", "zone.line")
    return fault_of((corners - low) / (high - low))


def _crossing_edges(points: NDArray[np.float64]) -> tuple[int, int] | None:
    """The first two edges that meet anywhere but in a shared corner; edge i runs from point i to the next."""
    count = len(points)
    ends = np.roll(points, -1, axis=0)
    for a in range(count):
        after = (a + 1) % count
        turns_back = np.dot(ends[a] - points[a], ends[after] - ends[a]) < 0
        if turns_back and _side(points[a], ends[a], ends[after]) == 0:
            return a, after
        for b in range(a + 2, count - (a == 0)):
            if _segments_meet(points[a], ends[a], points[b], ends[b]):
                return a, b
    return None


def _side(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]) -> float:
    """Above 0 when c is left of the line a → b, 0 on it."""
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _segments_meet(
    a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], d: NDArray[np.float64]
) -> bool:
    sides = [np.sign(_side(a, b, c)), np.sign(_side(a, b, d)), np.sign(_side(c, d, a)), np.sign(_side(c, d, b))]
    if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
        return True
    touching = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(side == 0 and _between(*triple) for side, triple in zip(sides, touching, strict=True))


def _between(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]) -> bool:
    """Whether c, which is on the line a → b, lies between them."""
    return bool(((np.minimum(a, b) <= c) & (c <= np.maximum(a, b))).all())
