"""One noon in Jakarta, and moments around it."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""12:00 WIB."""


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)
