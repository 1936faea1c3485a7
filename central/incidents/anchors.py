"""Where an incident is: the part of its key that makes two episodes one incident.

Never severity, agency or (unless nothing better is known) the camera.
"""

from dataclasses import dataclass
from itertools import product
from math import cos, floor, radians

from central.incidents.kinds import Kind

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of the Earth's mean radius."""
CELL_DEG_PER_METRE = 1e-5
"""A grid cell is a little wider than its kind's reach, so that near the equator nine cells hold all within reach."""

WITHOUT_DIRECTION = frozenset({Kind.FLOOD})
"""Kinds that do not stay in their lane: within reach, different street segments are one incident all the same."""

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What an episode is held against. Position in degrees, both or neither; `reach_m` 0 or no position: only the same
    key joins."""

    kind: str
    text: str
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    reach_m: int = 0

    @property
    def key(self) -> str:
        """What at most one open incident has."""
        return f"{self.kind}@{self.text}"

    def cells(self) -> list[Cell]:
        """All cells that hold something within reach, in order: nine at most near the equator, more towards the
        poles."""
        if self.lat is None or self.lon is None or self.reach_m == 0:
            return []
        high, wide = spans_deg(self.lat, self.reach_m)
        rows = _cells_between(self.lat - high, self.lat + high, self.reach_m)
        columns = _cells_between(self.lon - wide, self.lon + wide, self.reach_m)
        return list(product(rows, columns))

    def distance_m(self, lat: float, lon: float) -> float:
        """On the ground; exact enough over the few hundred metres that matter here. Needs a position."""
        assert self.lat is not None
        assert self.lon is not None
        north = (lat - self.lat) * METRES_PER_DEGREE
        east = (lon - self.lon) * METRES_PER_DEGREE * cos(radians(self.lat))
        return float((north**2 + east**2) ** 0.5)

    def may_join(self, place: str) -> bool:
        """Whether something at that place can be the same thing when it is near enough: the other direction of a road
        is another jam, but not another flood."""
        return self.kind in WITHOUT_DIRECTION or not self.place or not place or self.place == place


def anchor_of(
    *, kind: str, camera: str, zone: str, place: str, lat: float | None, lon: float | None, reach_m: int
) -> Anchor:
    """`camera` is "box/camera". A camera's fault is the camera's; else the street segment with its direction, else the
    grid cell of the location, else the zone."""
    if kind == Kind.CAMERA_FAULT:
        return Anchor(kind, f"camera:{camera}")
    named = same_place(place)
    if lat is None or lon is None:
        return Anchor(kind, f"place:{named}" if named else f"zone:{camera}/{zone}", named)
    if named:
        text = f"place:{named}"
    elif reach_m:
        text = f"cell:{_cell(lat, reach_m)}:{_cell(lon, reach_m)}"
    else:
        text = f"zone:{camera}/{zone}"
    return Anchor(kind, text, named, lat, lon, reach_m)


def same_place(place: str) -> str:
    """A place's name as it is compared: case and spaces do not matter."""
    return " ".join(place.casefold().split())


def spans_deg(lat: float, reach_m: int) -> tuple[float, float]:
    """The reach in degrees of latitude and of longitude."""
    high = reach_m / METRES_PER_DEGREE
    return high, high / max(cos(radians(lat)), 0.01)


def _cells_between(low: float, high: float, reach_m: int) -> range:
    return range(_cell(low, reach_m), _cell(high, reach_m) + 1)


def _cell(degrees: float, reach_m: int) -> int:
    return floor(degrees / (reach_m * CELL_DEG_PER_METRE))
