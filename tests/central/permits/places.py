"""A loksem in Pangkalpinang, and spots around it."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from central.incidents.anchors import METRES_PER_DEGREE
from central.permits.law import Place, Spot
from central.permits.models import Permit
from contract.schedule import WeeklyHours
from tests.central.moments import at

M = 1 / METRES_PER_DEGREE
"""Degrees of a metre, of latitude; at 2° S a metre of longitude is 0.07 % more."""
SW = (106.11, -2.13)
JAKARTA, MAKASSAR, JAYAPURA = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))


def outline(wide_m: float = 20, high_m: float = 10, west_m: float = 0) -> list[list[float]]:
    """A rectangle, so many metres east of SW."""
    west, south = SW[0] + west_m * M, SW[1]
    east, north = west + wide_m * M, south + high_m * M
    return [[west, south], [east, south], [east, north], [west, north]]


def spot(east_m: float = 10, north_m: float = 5, within_m: float = 0) -> Spot:
    """So many metres from SW; the middle unless told otherwise."""
    return Spot(SW[0] + east_m * M, SW[1] + north_m * M, within_m)


def place(**other: Any) -> Place:
    """Valid in the first half of 2026, 06:00 to 22:00 WIB, two units."""
    usual: dict[str, Any] = {
        "sk": "SK 12/2026",
        "ring": outline(),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 6, 30),
        "hours": WeeklyHours.parse("06:00-22:00"),
        "zone": JAKARTA,
        "capacity": 2,
    }
    return Place(**usual | other)


def permit(**other: Any) -> Permit:
    """The same in the database."""
    usual: dict[str, Any] = {
        "sk": "SK 12/2026",
        "name": "Loksem Jl. Merdeka",
        "ring": outline(),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 6, 30),
        "hours": "06:00-22:00",
        "time_zone": "Asia/Jakarta",
        "capacity": 2,
        "changed": at(0),
        "changed_by": "adi",
    }
    return Permit.objects.create(**usual | other)
