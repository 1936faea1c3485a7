"""The hours of one day, and a week of them as people write it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

MINUTES_A_DAY = 24 * 60
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """From `start` to before `end`, in minutes after local midnight; `end` may be 1440, which loses no minute.

    Raises:
        ValueError: empty, backwards or beyond the day.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= MINUTES_A_DAY:
            raise ValueError(f"{self}: hours must end after they begin, on the same day; past midnight write two")

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


Week = tuple[tuple[Hours, ...], ...]
"""Seven days, Monday first; the hours of a day in order, without overlap."""

ROUND_THE_CLOCK: Week = ((Hours(0, MINUTES_A_DAY),),) * 7


def checked(week: Week) -> Week:
    """The week itself.

    Raises:
        ValueError: not seven days, no working time at all, or hours of a day that overlap or are out of order.
    """
    if len(week) != len(DAYS):
        raise ValueError(f"a week has seven days, not {len(week)}")
    if not any(week):
        raise ValueError("a week without working hours: nothing would ever fall due")
    for name, day in zip(DAYS, week, strict=True):
        for earlier, later in pairwise(day):
            if later.start < earlier.end:
                raise ValueError(f"{name}: {later} begins before {earlier} has ended")
    return week


def read_week(written: Mapping[str, Sequence[str]]) -> Week:
    """From `{"mon": ["08:00-12:00", "13:00-16:00"], …}`; days left out are free.

    Raises:
        ValueError: unknown day, unreadable hours, or what `checked` refuses.
    """
    if unknown := set(written) - set(DAYS):
        raise ValueError(f"unknown day {min(unknown)!r}; days are {', '.join(DAYS)}")
    return checked(tuple(tuple(sorted(_read(text) for text in written.get(day, ()))) for day in DAYS))


def _read(text: str) -> Hours:
    found = re.fullmatch(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)", text)
    if found is None:
        raise ValueError(f"{text!r}: write hours as 08:00-12:00, the end of a day as 24:00")
    begin_h, begin_min, end_h, end_min = map(int, found.groups())
    return Hours(begin_h * 60 + begin_min, end_h * 60 + end_min)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
