"""Quantities as people write them, in files and on the wire alike: 120s, 10min, Mon-Fri 06:00-22:00."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from contract.schedule import EXAMPLE, WeeklyHours
from contract.sentences import Unfit

_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")
DURATION_PATTERN = rf"^\s*\d+(\.\d+)?\s*({'|'.join(_SECONDS)})\s*$"


def quantity(text: object, units: dict[str, float] | dict[str, int], example: str) -> float:
    """A number with one of these units, in the unit that counts 1.

    Raises:
        ValueError: no number, no unit, or another unit.
    """
    match = _QUANTITY.fullmatch(text) if isinstance(text, str) else None
    if match is None or match[2] not in units:
        known = ", ".join(units)
        raise Unfit(
            f"write a number and a unit ({known}), for example {example}", "quantity", units=known, example=example
        )
    return float(match[1]) * units[match[2]]


def parse_duration_s(text: object) -> float:
    """Seconds of a duration with its unit. A bare number is refused: 10 what?

    Raises:
        ValueError: no number, no unit, or another unit.
    """
    return quantity(text, _SECONDS, "120s or 10min")


def duration_text(seconds: float) -> str:
    """As people would write it: in the largest unit that leaves a whole number, else in seconds.

    Example:
        >>> duration_text(600.0), duration_text(90.0)
        ('10min', '90s')
    """
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:.10g}s"


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
        text = "no such time zone; write for example Asia/Jakarta (WIB) or Asia/Makassar (WITA)"
        raise Unfit(text, "time_zone") from error


def _hours_text(hours: WeeklyHours) -> str:
    return hours.text


Duration = Annotated[
    float,
    BeforeValidator(_duration),
    Field(ge=0),
    PlainSerializer(duration_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "sigap-duration", "pattern": DURATION_PATTERN, "examples": ["120s"]}),
]
"""Seconds; written with its unit."""
Hours = Annotated[
    WeeklyHours,
    BeforeValidator(_hours),
    PlainSerializer(_hours_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "sigap-hours", "examples": [EXAMPLE.strip('"')]}),
]
"""Hours of the week, local time."""
TimeZone = Annotated[
    ZoneInfo,
    BeforeValidator(_time_zone),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "examples": ["Asia/Makassar"]}),
]
"""Of the tz database."""
