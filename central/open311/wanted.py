"""Which requests are asked for: the parameters of GET requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from central.open311 import services
from central.open311.faults import wrong

SPAN = timedelta(days=90)
MAX_IDS = 1000
MOST = 1000
"""On one page."""
DEEPEST = 10_000
"""Rows before the end of the last page that can be asked for; narrower dates lead further."""
STATUSES = frozenset({"open", "closed"})
YES, NO = frozenset({"true", "1", "v1"}), frozenset({"", "false", "0"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """`ids` override everything else. Requested between `start` and `end`, both included; no end: until now."""

    start: datetime
    end: datetime | None = None
    ids: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset(services.SERVICES)
    statuses: frozenset[str] = STATUSES
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    page: int = 1
    page_size: int = MOST
    extended: bool = False

    @property
    def last_row(self) -> int:
        """Rows up to the end of the page."""
        return self.page * self.page_size


def read(query: Mapping[str, str], now: datetime) -> Wanted:
    """From the query string.

    Raises:
        Fault: a parameter cannot be read, or names a service that is not there.
    """
    extended = extensions(query)
    ids = _listed(query, "service_request_id")
    if len(ids) > MAX_IDS:
        raise wrong("service_request_id", f"at most {MAX_IDS} at a time")
    if ids:
        return Wanted(start=now, ids=tuple(ids), extended=extended)
    statuses = frozenset(_listed(query, "status")) or STATUSES
    if not statuses <= STATUSES:
        raise wrong("status", "open, closed, or both separated by a comma")
    kinds = frozenset(services.known(code) for code in _listed(query, "service_code")) or frozenset(services.SERVICES)
    start, end = _span(_moment(query, "start_date"), _moment(query, "end_date"), now)
    wanted = Wanted(
        start,
        end,
        (),
        kinds,
        statuses,
        updated_after=_moment(query, "updated_after"),
        updated_before=_moment(query, "updated_before"),
        page=_number(query, "page", 1, DEEPEST),
        page_size=_number(query, "page_size", MOST, MOST),
        extended=extended,
    )
    if wanted.last_row > DEEPEST:
        raise wrong("page", f"at most {DEEPEST} requests deep; narrow the dates instead")
    return wanted


def extensions(query: Mapping[str, str]) -> bool:
    """Whether `extended_attributes` are wanted.

    Raises:
        Fault: neither yes nor no.
    """
    given = query.get("extensions", "").strip().lower()
    if given not in YES | NO:
        raise wrong("extensions", "true or false")
    return given in YES


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


def _number(query: Mapping[str, str], parameter: str, default: int, most: int) -> int:
    text = query.get(parameter, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and 1 <= int(text) <= most):
        raise wrong(parameter, f"a number from 1 to {most}")
    return int(text)


def _listed(query: Mapping[str, str], parameter: str) -> list[str]:
    return [part.strip() for part in query.get(parameter, "").split(",") if part.strip()]
