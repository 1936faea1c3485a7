"""Quantities as people write them: 120s, 10min, 20GB, Mon-Fri 06:00-22:00, Asia/Jakarta."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field

from contract.schedule import WeeklyHours

_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")


def _quantity(text: object, units: dict[str, float] | dict[str, int], example: str) -> float:
    match = _QUANTITY.fullmatch(text) if isinstance(text, str) else None
    if match is None or match[2] not in units:
        raise ValueError(f"write a number and a unit ({', '.join(units)}), for example {example}")
    return float(match[1]) * units[match[2]]


def parse_duration_s(text: object) -> float:
    """Seconds of a duration with its unit. A bare number is refused: 10 what?

    Raises:
        ValueError: no number, no unit, or another unit.
    """
    return _quantity(text, _SECONDS, "120s or 10min")


def parse_size_bytes(text: object) -> int:
    """Bytes of a size with its unit.

    Raises:
        ValueError: no number, no unit, or another unit.
    """
    return round(_quantity(text, _BYTES, "20GB"))


def _duration(value: object) -> object:
    return value if isinstance(value, float) else parse_duration_s(value)


def _hours(value: object) -> object:
    return value if isinstance(value, WeeklyHours) else WeeklyHours.parse(str(value))


def _time_zone(value: object) -> object:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("no such time zone; write for example Asia/Jakarta (WIB) or Asia/Makassar (WITA)") from error


Duration = Annotated[float, BeforeValidator(_duration), Field(ge=0)]
"""Seconds."""
Size = Annotated[int, BeforeValidator(parse_size_bytes), Field(gt=0)]
"""Bytes."""
Hours = Annotated[WeeklyHours, BeforeValidator(_hours)]
"""Hours of the week, local time."""
TimeZone = Annotated[ZoneInfo, BeforeValidator(_time_zone)]
"""Of the tz database."""
