"""Working time between two moments, and the moment when so much of it has passed.

Exact to the microsecond: a sum of differences of UTC instants, nothing is rounded. Months are laid out once and kept,
so that ten years ahead cost 120 look-ups.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from central.clock.holidays import Holidays
from central.clock.hours import ROUND_THE_CLOCK, Hours, Week, checked

NOTHING = timedelta()
HORIZON_MONTHS = 100 * 12


class NeverDue(ValueError):  # noqa: N818 — what is wrong with the policy
    """So much working time does not pass within a hundred years."""


@dataclass(frozen=True)
class Calendar:
    """Weekly hours in a time zone, less holidays.

    Raises:
        ValueError: hours that overlap, or none.
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """

    week: Week = ROUND_THE_CLOCK
    zone: str = "Asia/Jakarta"
    holidays: Holidays = field(default_factory=Holidays)

    def __post_init__(self) -> None:
        checked(self.week)
        ZoneInfo(self.zone)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end` (both aware); none when `end` is not later."""
        if end <= start:
            return NOTHING
        # A month more on either side: where clocks are set back over a midnight, local days do not lie in a row.
        months = range(self._month_of(start) - 1, self._month_of(end) + 2)
        return sum((month.until(end) - month.until(start) for month in self._laid_out(months)), NOTHING)

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment (UTC) at which `amount` of working time has passed since `start`; for none, `start` itself.

        At the end of a working day that is its last moment, not the next morning's first.

        Raises:
            NeverDue: not within a hundred years.
        """
        if amount <= NOTHING:
            return start.astimezone(UTC)
        first = self._month_of(start) - 1
        left = amount
        for month in self._laid_out(range(first, first + HORIZON_MONTHS)):
            done = month.until(start)
            if left <= month.total - done:
                return month.moment_of(done + left)
            left -= month.total - done
        raise NeverDue(f"{amount} of working time after {start:%Y-%m-%d} is more than a hundred years away")

    def _month_of(self, moment: datetime) -> int:
        local = moment.astimezone(ZoneInfo(self.zone))
        return local.year * 12 + local.month - 1

    def _laid_out(self, months: range) -> "map[_Month]":
        return map(_month, (self,) * len(months), months)


@dataclass(frozen=True, slots=True)
class _Month:
    """Spans of working time as UTC instants, and how much of the month's had passed before and after each."""

    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    before: tuple[timedelta, ...]
    through: tuple[timedelta, ...]

    @property
    def total(self) -> timedelta:
        return self.through[-1] if self.through else NOTHING

    def until(self, moment: datetime) -> timedelta:
        """Of this month's working time, what lies before the moment."""
        span = bisect_right(self.starts, moment) - 1
        if span < 0:
            return NOTHING
        return self.before[span] + min(moment, self.ends[span]) - self.starts[span]

    def moment_of(self, passed: timedelta) -> datetime:
        """The first moment at which so much of it (more than nothing, at most the total) has passed."""
        span = bisect_left(self.through, passed)
        return self.starts[span] + (passed - self.before[span])


@lru_cache(maxsize=4096)
def _month(calendar: Calendar, number: int) -> _Month:
    year, month = divmod(number, 12)
    zone = ZoneInfo(calendar.zone)
    day, following = date(year, month + 1, 1), date(year + (month == 11), (month + 1) % 12 + 1, 1)
    off = calendar.holidays.of_year(year)
    starts: list[datetime] = []
    ends: list[datetime] = []
    while day < following:
        for start, end in () if day in off else _instants(zone, day, calendar.week[day.weekday()]):
            if ends and start == ends[-1]:
                ends[-1] = end
            elif start < end:
                starts.append(start)
                ends.append(end)
        day += timedelta(days=1)
    before, through = [], []
    passed = NOTHING
    for start, end in zip(starts, ends, strict=True):
        before.append(passed)
        passed += end - start
        through.append(passed)
    return _Month(tuple(starts), tuple(ends), tuple(before), tuple(through))


def _instants(zone: ZoneInfo, day: date, week_day: tuple[Hours, ...]) -> Iterator[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time(), zone)
    if midnight.utcoffset() == (midnight + timedelta(days=1)).utcoffset():  # clocks run through that day, as on most
        begin = midnight.astimezone(UTC)
        for hours in week_day:
            yield begin + timedelta(minutes=hours.start), begin + timedelta(minutes=hours.end)
    else:
        for hours in week_day:
            yield _instant(zone, day, hours.start), _instant(zone, day, hours.end)


def _instant(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """When the clocks there first show that time; where they skip it, the moment they skip: so hours that touch on the
    wall touch in time."""
    local = datetime.combine(day, time(), zone) + timedelta(minutes=minutes)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    before, after = local.replace(fold=1).astimezone(UTC), instant
    offset = before.astimezone(zone).utcoffset()
    while (gap := (after - before) // timedelta(seconds=2)) > 0:
        middle = before + timedelta(seconds=gap)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
