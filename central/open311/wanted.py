"""Which requests are asked for: the parameters of GET requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from central.open311 import services
from central.open311.faults import wrong

SPAN = timedelta(days=90)
MAX_IDS = 1000
STATUSES = frozenset({"open", "closed"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """`ids` override everything else. Requested between `start` and `end`, both included; no end: until now."""

    start: datetime
    end: datetime | None = None
    ids: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset(services.SERVICES)
    statuses: frozenset[str] = STATUSES


def read(query: Mapping[str, str], now: datetime) -> Wanted:
    """From the query string.

    Raises:
        Fault: a parameter cannot be read, or names a service that is not there.
    """
    ids = _listed(query, "service_request_id")
    if len(ids) > MAX_IDS:
        raise wrong("service_request_id", f"at most {MAX_IDS} at a time")
    if ids:
        return Wanted(start=now, ids=tuple(ids))
    statuses = frozenset(_listed(query, "status")) or STATUSES
    if not statuses <= STATUSES:
        raise wrong("status", "open, closed, or both separated by a comma")
    kinds = frozenset(services.known(code) for code in _listed(query, "service_code")) or frozenset(services.SERVICES)
    start, end = _span(_moment(query, "start_date"), _moment(query, "end_date"), now)
    return Wanted(start, end, (), kinds, statuses)


def _span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime | None]:
    try:
        if start is None:
            return (end or now) - SPAN, end
        if end is None:
            return start, start + SPAN
    except OverflowError as error:
        raise wrong("start_date, end_date", "beyond the calendar") from error
    if end < start:
        raise wrong("end_date", "is before start_date")
    if end - start > SPAN:
        raise wrong("end_date", f"at most {SPAN.days} days after start_date")
    return start, end


def _moment(query: Mapping[str, str], parameter: str) -> datetime | None:
    # A plus sign that was not encoded arrives as a space.
    text = query.get(parameter, "").strip().replace(" ", "+")
    if not text:
        return None
    fault = wrong(parameter, "a time with its zone by ISO 8601, for example 2026-03-02T05:00:00Z")
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise fault from error
    if time.tzinfo is None or not 1900 <= time.year <= 2900:
        raise fault
    return time


def _listed(query: Mapping[str, str], parameter: str) -> list[str]:
    return [part.strip() for part in query.get(parameter, "").split(",") if part.strip()]
