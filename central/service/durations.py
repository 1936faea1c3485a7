"""Lengths of time as people write them: 30min, 6h, 7d."""

import re

from central.service.models import DAY_S, HOUR_S

UNITS_S = {"min": 60, "h": HOUR_S, "d": DAY_S}


def read(text: str) -> int:
    """30min, 6h, 7d → seconds.

    Raises:
        ValueError: something else.
    """
    found = re.fullmatch(r"(\d{1,6})\s*(min|h|d)", text.strip())
    if found is None:
        raise ValueError(f"{text!r}: write 30min, 6h or 7d")
    return int(found[1]) * UNITS_S[found[2]]


def write(seconds: int) -> str:
    """In the largest unit that says it exactly: 604800 → 7d."""
    unit = next((unit for unit in ("d", "h") if seconds % UNITS_S[unit] == 0), "min")
    return f"{seconds // UNITS_S[unit]}{unit}"
