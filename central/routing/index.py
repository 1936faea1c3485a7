"""In which areas a place lies. Pure.

Of each administrative level at most one area has a place, whatever the polygons say: where two cover it, on their
border or because they were drawn carelessly, the smaller one, and of two of one size the one whose code comes first;
where none does, the nearest one within `NEAR_M`. A city's own areas may overlap, and none of them reaches beyond its
border.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import STRtree

from central.routing.geometry import to_metres

NEAR_M = 150.0
"""How far a place may lie outside: bridges, quays, and gaps between polygons that were drawn apart."""

OWN = "own"


@dataclass(frozen=True, slots=True)
class Shape:
    """An area as it goes in."""

    code: str
    name: str
    level: str
    geometry: Any
    """A shapely polygon, degrees."""


@dataclass(frozen=True, slots=True)
class Place:
    """An area as it is found."""

    code: str
    name: str
    level: str
    near: bool = False
    """Not inside, but within NEAR_M of it."""


class AreaIndex:
    """An STR-tree over polygons in metres."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._shapes = sorted(shapes, key=lambda shape: shape.code)
        corners = [shape.geometry.bounds for shape in self._shapes]
        self._latitude = sum(south + north for _w, south, _e, north in corners) / (2 * len(corners)) if corners else 0.0
        self._grounds = [to_metres(shape.geometry, self._latitude) for shape in self._shapes]
        for ground in self._grounds:
            shapely.prepare(ground)
        self._sizes = [round(ground.area) for ground in self._grounds]
        """m²; whole ones, so that equal squares are equal."""
        self._levels = frozenset(shape.level for shape in self._shapes) - {OWN}
        self._tree = STRtree(self._grounds)

    def __len__(self) -> int:
        return len(self._shapes)

    def at(self, lon: float | None, lat: float | None) -> tuple[Place, ...]:
        """Areas of the place, the smallest first; none for a place without coordinates."""
        if lon is None or lat is None or not self._shapes:
            return ()
        point = to_metres(shapely.Point(lon, lat), self._latitude)
        found: dict[str, tuple[int, bool]] = {}
        for number in self._by_size(self._tree.query(point, predicate="intersects")):
            found.setdefault(self._slot(number), (number, False))
        if missing := self._levels - found.keys():
            close = self._tree.query(point, predicate="dwithin", distance=NEAR_M)
            for number in sorted(close, key=lambda one: (self._grounds[one].distance(point), self._sizes[one], one)):
                level = self._shapes[number].level
                if level in missing:
                    found.setdefault(level, (number, True))
        order = sorted(found.values(), key=lambda pair: (self._sizes[pair[0]], pair[0]))
        return tuple(self._place(number, near) for number, near in order)

    def _by_size(self, numbers: Any) -> list[int]:
        return sorted(map(int, numbers), key=lambda one: (self._sizes[one], one))

    def _slot(self, number: int) -> str:
        """What only one area can have: an administrative level; an own area stands for itself."""
        shape = self._shapes[number]
        return f"{OWN}:{shape.code}" if shape.level == OWN else shape.level

    def _place(self, number: int, near: bool) -> Place:
        shape = self._shapes[number]
        return Place(shape.code, shape.name, shape.level, near)
