"""Areas for tests: squares of a grid whose step is a hundredth of a degree, about 1.1 km."""

from typing import Any

from shapely.geometry import box

from central.routing.geometry import written
from central.routing.index import Shape
from central.routing.models import Area
from tests.central.moments import NOON

EAST, SOUTH = 106.80, -6.20


def square(x: float, y: float, size: float = 1) -> Any:
    """Its south-western corner x steps east and y steps north of (106.80, -6.20)."""
    return box(*_corner(x, y), *_corner(x + size, y + size))


def shape(code: str, geometry: Any, level: str = "district") -> Shape:
    return Shape(code, code.title(), level, geometry)


def area(code: str, geometry: Any, level: str = "district", **more: Any) -> Area:
    """In the database."""
    polygon = written(geometry) if geometry is not None else {}
    return Area.objects.create(code=code, name=code.title(), level=level, polygon=polygon, changed=NOON, **more)


def place(x: float, y: float) -> tuple[float, float]:
    """Longitude, latitude."""
    return _corner(x, y)


def _corner(x: float, y: float) -> tuple[float, float]:
    return round(EAST + x / 100, 7), round(SOUTH + y / 100, 7)
