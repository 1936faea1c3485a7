"""Arbitrary calendars, policies and histories for the property tests, and how many of them each run tries."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from central.clock.calendar import Calendar
from central.clock.history import Entry
from central.clock.holidays import Holidays
from central.clock.hours import DAYS, MINUTES_A_DAY, ROUND_THE_CLOCK, Hours, Week, read_week
from central.clock.policy import Allowance, Policy

FEW = settings(max_examples=200, deadline=None)
MANY = settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
AGENCIES = ("dishub", "sda", "satpol-pp")
CATEGORIES = ("jam", "flood")
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)

moments = st.integers(0, (END - BEGIN) // timedelta(microseconds=1)).map(lambda us: BEGIN + timedelta(microseconds=us))
pauses = st.integers(0, 30 * 86_400_000_000).map(lambda us: timedelta(microseconds=us))
amounts = st.one_of(pauses, st.integers(0, 20 * 8).map(lambda hours: timedelta(hours=hours)))


@st.composite
def days(draw: Any) -> tuple[Hours, ...]:
    """Up to two working periods; they may touch."""
    count = draw(st.integers(0, 2))
    marks = sorted(draw(st.lists(st.integers(0, MINUTES_A_DAY), min_size=2 * count, max_size=2 * count)))
    return tuple(Hours(start, end) for start, end in zip(marks[::2], marks[1::2], strict=True) if start < end)


# An hour on one day at the least: else a month of working time could be a lifetime away.
weeks: st.SearchStrategy[Week] = st.tuples(*[days()] * 7).map(
    lambda week: week if sum(h.end - h.start for day in week for h in day) >= 60 else ((Hours(480, 960),), *week[1:])
)
free_days = st.frozensets(st.dates(date(2025, 12, 1), date(2027, 12, 31)), max_size=8)
calendars = st.builds(
    Calendar, st.one_of(st.just(ROUND_THE_CLOCK), weeks), st.sampled_from(ZONES), st.builds(Holidays, extra=free_days)
)
# A few calendars as cities have them: their months are laid out once, and ten thousand histories take a minute.
OFFICE = ("08:00-12:00", "13:00-16:30")
WORKDAYS = dict.fromkeys(DAYS[:5], OFFICE)
KEPT = (
    Calendar(),
    Calendar(read_week(WORKDAYS), "Asia/Jakarta", Holidays("ID", ("public", "government"))),
    Calendar(read_week({"mon": ["00:00-24:00"], "sun": ["23:59-24:00"]}), "Asia/Jayapura"),
    Calendar(read_week({day: ["00:00-06:00", "22:00-24:00"] for day in DAYS}), "Europe/Berlin"),
)
allowances = st.builds(Allowance, amounts.map(lambda time: max(time, timedelta(microseconds=1))), st.sampled_from(KEPT))
policies = st.builds(Policy, allowances, allowances)
books = st.fixed_dictionaries(dict.fromkeys(CATEGORIES, policies))


@st.composite
def histories(draw: Any) -> list[Entry]:
    """Of one to six entries in order of time."""
    times = sorted(draw(st.lists(moments, min_size=1, max_size=6)))
    opening = Entry(times[0], draw(st.sampled_from(AGENCIES)), draw(st.sampled_from(CATEGORIES)))
    rest = st.builds(
        Entry,
        st.just(opening.time),
        st.sampled_from(AGENCIES),
        st.sampled_from(CATEGORIES),
        st.booleans(),
        st.booleans(),
    )
    return [opening] + [at(draw(rest), time) for time in times[1:]]


def at(entry: Entry, time: datetime) -> Entry:
    """The same entry at another time."""
    return Entry(time, entry.holder, entry.category, entry.running, entry.answered)
