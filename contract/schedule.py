"""Hours of the week, as people write them: "Mon-Fri 06:00-22:00, Sat 08:00-12:00"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from contract.sentences import Unfit

WIB = ZoneInfo("Asia/Jakarta")
"""Western Indonesia, UTC+7 the whole year: where nothing else is said."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN
EXAMPLE = '"Mon-Fri 06:00-22:00, Sat 08:00-12:00"'
_TIMES = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")

Span = tuple[int, int]
"""Minutes since Monday 00:00: start ≤ minute < end."""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Hours that come back every week, on the clock of wherever the camera hangs.

    Attributes:
        spans: in order, apart from one another; what runs over the end of the week is two.
        text: as it was written.

    Example:
        >>> WeeklyHours.parse("Sun 22:00-06:00").spans
        ((0, 360), (9960, 10080))
    """

    spans: tuple[Span, ...]
    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads days and times, in this order, separated by commas, semicolons or spaces.

        A day is Mon … Sun or a range of them, also Fri-Mon; times without a day hold every day. An end that is not
        after its start lies on the next day. "00:00-24:00" is the whole day.

        Raises:
            ValueError: which word cannot be read, and what to write.
        """
        spans = [span for day, (start, end) in _entries(text) for span in _on(day, start, end)]
        return cls(tuple(_merged(spans)), text)

    def covers(self, moment: datetime) -> bool:
        """Whether it is one of these hours; `moment` is local time."""
        minute = _minute_of_week(moment)
        return any(start <= minute < end for start, end in self.spans)

    def is_near(self, moment: datetime, minutes: float) -> bool:
        """Whether one of these hours begins within so many minutes, or ended less than so many ago."""
        now = _minute_of_week(moment)
        return any((start - now) % WEEK_MIN <= minutes or (now - end) % WEEK_MIN < minutes for start, end in self.spans)

    def turns_after(self, moment: datetime, minutes: int = 0) -> list[datetime]:
        """When they begin or end within the week after `moment`, or come near or cease to be by so many minutes."""
        monday = moment.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=moment.weekday())
        edges = {edge for start, end in self.spans for edge in (start - minutes, start, end, end + minutes)}
        turns = {monday + timedelta(minutes=edge + week) for edge in edges for week in (-WEEK_MIN, 0, WEEK_MIN)}
        return sorted(turn for turn in turns if moment < turn <= moment + timedelta(days=7))

    def away_s(self, moment: datetime) -> float:
        """Seconds to the nearest of these hours, before or after; 0 within them."""
        minute = _minute_of_week(moment)
        return 60 * min(_away_min(minute, span) for span in self.spans)


ALWAYS = WeeklyHours(((0, WEEK_MIN),), "Mon-Sun 00:00-24:00")


def _entries(text: str) -> Iterator[tuple[int, Span]]:
    """Every day with every range of minutes that holds on it."""
    words = re.sub(r"\s*-\s*", "-", text).replace(",", " ").replace(";", " ").split()
    days: list[int] = []
    named = timed = False
    for word in words:
        times = _TIMES.fullmatch(word)
        if times is None:
            if timed:
                days, timed = [], False
            days.extend(_days(word))
            named = True
            continue
        timed = True
        for day in days or range(7):
            yield day, _times(word, *map(int, times.groups()))
    if not timed:
        text = f"{'no times after the days' if named else 'no hours'}; write for example {EXAMPLE}"
        raise Unfit(text, "hours.no_times" if named else "hours.none", example=EXAMPLE)


def _days(word: str) -> list[int]:
    first, _, last = word.partition("-")
    known = {day.lower(): number for number, day in enumerate(DAYS)}
    try:
        start, end = known[first.lower()], known[(last or first).lower()]
    except KeyError:
        text = f"{word!r} is neither a day (Mon … Sun) nor times; write for example {EXAMPLE}"
        raise Unfit(text, "hours.word", word=word, example=EXAMPLE) from None
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _times(word: str, start_h: int, start_min: int, end_h: int, end_min: int) -> Span:
    start, end = 60 * start_h + start_min, 60 * end_h + end_min
    if max(start_min, end_min) > 59 or start >= DAY_MIN or end > DAY_MIN:
        raise Unfit(f"{word!r} is no time of day; a day runs from 00:00 to 24:00", "hours.time", word=word)
    if start == end:
        raise Unfit(f"{word!r} begins and ends at once; write 00:00-24:00 for the whole day", "hours.empty", word=word)
    return start, end if end > start else end + DAY_MIN


def _on(day: int, start: int, end: int) -> Iterator[Span]:
    """The span on that day, cut at the end of the week."""
    start, end = start + day * DAY_MIN, end + day * DAY_MIN
    yield start, min(end, WEEK_MIN)
    if end > WEEK_MIN:
        yield 0, end - WEEK_MIN


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order, those that touch or overlap made one."""
    ordered = sorted(spans)
    start, end = ordered[0]
    for (_, _), (next_start, next_end) in pairwise(ordered):
        if next_start > end:
            yield start, end
            start = next_start
        end = max(end, next_end)
    yield start, end


def _minute_of_week(moment: datetime) -> float:
    seconds = 60 * moment.minute + moment.second + moment.microsecond / 1e6
    return moment.weekday() * DAY_MIN + moment.hour * 60 + seconds / 60


def _away_min(minute: float, span: Span) -> float:
    """Minutes between a moment and a span, around the end of the week where that is nearer."""
    start, end = span
    if start <= minute < end:
        return 0.0
    return min((start - minute) % WEEK_MIN, (minute - end) % WEEK_MIN)
