"""What must hold for every calendar and every history; `test_properties.py` tries it on few cases and on many."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from central.clock.calendar import NOTHING, Calendar
from central.clock.clock import Deadline, Due, due, spent
from central.clock.history import Entry
from central.clock.holidays import Holidays
from central.clock.hours import ROUND_THE_CLOCK, Hours, Week
from central.clock.policy import Allowance, Policy
from tests.central.clock import arbitrary
from tests.central.clock.arbitrary import at

Book = dict[str, Policy]


def working_time_is_exact_and_inverted(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    end = calendar.after(start, amount)
    assert end >= start
    assert calendar.worked(start, end) == amount
    if amount > NOTHING:
        assert calendar.worked(start, end - timedelta(microseconds=1)) == amount - timedelta(microseconds=1)


def round_the_clock_is_the_wall_clock(zone: str, start: datetime, amount: timedelta) -> None:
    calendar = Calendar(ROUND_THE_CLOCK, zone)
    assert calendar.after(start, amount) == start + amount
    assert calendar.worked(start, start + amount) == amount


def time_split_anywhere_adds_up(calendar: Calendar, moments: list[datetime], amounts: list[timedelta]) -> None:
    first, middle, last = sorted(moments)
    assert calendar.worked(first, middle) + calendar.worked(middle, last) == calendar.worked(first, last)
    assert calendar.after(calendar.after(first, amounts[0]), amounts[1]) == calendar.after(first, sum(amounts, NOTHING))


def hours_split_anywhere_change_nothing(calendar: Calendar, cut: int, start: datetime, amount: timedelta) -> None:
    split = replace(calendar, week=_split(calendar.week, cut))
    assert split.after(start, amount) == calendar.after(start, amount)
    assert split.worked(start, start + amount) == calendar.worked(start, start + amount)


def a_calendar_is_monotone(calendar: Calendar, moments: list[datetime], amounts: list[timedelta]) -> None:
    earlier, later = sorted(moments)
    less, more = sorted(amounts)
    assert calendar.after(earlier, less) <= calendar.after(later, less)
    assert calendar.after(earlier, less) <= calendar.after(earlier, more)


def holidays_only_push_later(calendar: Calendar, more: frozenset[Any], start: datetime, amount: timedelta) -> None:
    fuller = replace(calendar, holidays=Holidays(extra=calendar.holidays.extra | more))
    assert fuller.after(start, amount) >= calendar.after(start, amount)
    assert fuller.worked(start, start + amount) <= calendar.worked(start, start + amount)


def held_later_is_never_due_earlier(history: list[Entry], book: Book, delay: timedelta) -> None:
    """Opened later, or resumed later. Not: everything later. A stop that moves into working hours may come too late."""
    opened = [at(history[0], history[0].time + delay)]
    _no_earlier(due(opened, book), due(history[:1], book))
    for index, entry in enumerate(history):
        if entry.running and (index == 0 or not history[index - 1].running):
            time = min([entry.time + delay, *(following.time for following in history[index + 1 : index + 2])])
            _no_earlier(due([*history[:index], at(entry, time), *history[index + 1 :]], book), due(history, book))


def by_the_wall_clock_everything_moves_together(history: list[Entry], book: Book, delay: timedelta) -> None:
    wall = {
        name: Policy(Allowance(policy.first_response.time, Calendar()), Allowance(policy.completion.time, Calendar()))
        for name, policy in book.items()
    }
    before, after = due(history, wall), due([at(entry, entry.time + delay) for entry in history], wall)
    assert after.first_response.due == before.first_response.due + delay
    assert after.completion.due == before.completion.due + delay


def longer_policy_is_never_due_earlier(history: list[Entry], book: Book, more: timedelta) -> None:
    longer = {
        name: Policy(
            replace(policy.first_response, time=policy.first_response.time + more),
            replace(policy.completion, time=policy.completion.time + more),
        )
        for name, policy in book.items()
    }
    _no_earlier(due(history, longer), due(history, book))


def pause_takes_nothing_back(
    history: list[Entry], book: Book, start: datetime, length: timedelta, now: datetime
) -> None:
    paused = _with_pause(history, start, length)
    before, after = spent(history, book, now), spent(paused, book, now)
    for agency, time in after.items():
        assert NOTHING <= time <= before[agency]
    _no_earlier(due(paused, book), due(history, book))


def history_split_anywhere_changes_nothing(history: list[Entry], book: Book, moment: datetime, now: datetime) -> None:
    split = _split_history(history, max(moment, history[0].time))
    assert due(split, book) == due(history, book)
    assert spent(split, book, now) == spent(history, book, now)


def category_changed_half_way_keeps_time_spent(history: list[Entry], book: Book, moment: datetime, to: str) -> None:
    history = [*history[:-1], replace(history[-1], running=True)]
    moment = max(moment, history[-1].time)
    changed = [*history, replace(history[-1], time=moment, category=to, answered=False)]
    holder = history[-1].holder
    kept = spent(history, book, moment)[holder]
    assert spent(changed, book, moment)[holder] == kept
    left = book[to].completion.time - kept
    if left > NOTHING:
        assert due(changed, book).completion.due == book[to].completion.calendar.after(moment, left)
    else:
        assert due(changed, book).completion.due <= moment


def only_the_holders_time_counts(history: list[Entry], book: Book, now: datetime) -> None:
    had = spent(history, book, now)
    for agency, time in had.items():
        own = [replace(entry, running=entry.running and entry.holder == agency) for entry in history]
        assert spent(own, book, now)[agency] == time
    if all(entry.time <= now for entry in history):
        deadline = due(history, book).completion
        allowed = book[history[-1].category].completion.time
        # With exactly the allowance spent by the evening, the next morning is late without another minute.
        assert deadline.breached(now) >= (had[history[-1].holder] > allowed)
        assert deadline.breached(now) <= (had[history[-1].holder] >= allowed)


def _no_earlier(later: Due, earlier: Due) -> None:
    for one, other in ((later.first_response, earlier.first_response), (later.completion, earlier.completion)):
        assert _reached(one) >= _reached(other)


def _reached(deadline: Deadline) -> datetime:
    """When it falls due by this history; never, when the clock stopped before."""
    never = datetime.max.replace(tzinfo=UTC)
    return deadline.due if deadline.comes else never


def _split(week: Week, cut: int) -> Week:
    return tuple(
        tuple(
            piece
            for hours in day
            for piece in (
                (Hours(hours.start, cut), Hours(cut, hours.end)) if hours.start < cut < hours.end else (hours,)
            )
        )
        for day in week
    )


def _standing(history: list[Entry], moment: datetime) -> Entry:
    return [entry for entry in history if entry.time <= moment][-1]


def _split_history(history: list[Entry], moment: datetime) -> list[Entry]:
    extra = replace(_standing(history, moment), time=moment, answered=False)
    return sorted([*history, extra], key=lambda entry: entry.time)


def _with_pause(history: list[Entry], start: datetime, length: timedelta) -> list[Entry]:
    """The same with the clock stopped for a while; everything else as it was."""
    start = max(start, history[0].time)
    end = start + length
    marked = _split_history(_split_history(history, start), end)
    return [replace(entry, running=False) if start <= entry.time < end else entry for entry in marked]


RULES: dict[Any, dict[str, st.SearchStrategy[Any]]] = {
    working_time_is_exact_and_inverted: {
        "calendar": arbitrary.calendars,
        "start": arbitrary.moments,
        "amount": arbitrary.amounts,
    },
    round_the_clock_is_the_wall_clock: {
        "zone": st.sampled_from([*arbitrary.ZONES, "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe"]),
        "start": arbitrary.moments,
        "amount": arbitrary.amounts,
    },
    time_split_anywhere_adds_up: {
        "calendar": arbitrary.calendars,
        "moments": st.lists(arbitrary.moments, min_size=3, max_size=3),
        "amounts": st.lists(arbitrary.amounts, min_size=2, max_size=2),
    },
    hours_split_anywhere_change_nothing: {
        "calendar": arbitrary.calendars,
        "cut": st.integers(0, 1440),
        "start": arbitrary.moments,
        "amount": arbitrary.amounts,
    },
    a_calendar_is_monotone: {
        "calendar": arbitrary.calendars,
        "moments": st.lists(arbitrary.moments, min_size=2, max_size=2),
        "amounts": st.lists(arbitrary.amounts, min_size=2, max_size=2),
    },
    holidays_only_push_later: {
        "calendar": arbitrary.calendars,
        "more": arbitrary.free_days,
        "start": arbitrary.moments,
        "amount": arbitrary.amounts,
    },
    held_later_is_never_due_earlier: {
        "history": arbitrary.histories(),
        "book": arbitrary.books,
        "delay": arbitrary.pauses,
    },
    by_the_wall_clock_everything_moves_together: {
        "history": arbitrary.histories(),
        "book": arbitrary.books,
        "delay": arbitrary.pauses,
    },
    longer_policy_is_never_due_earlier: {
        "history": arbitrary.histories(),
        "book": arbitrary.books,
        "more": arbitrary.pauses,
    },
    pause_takes_nothing_back: {
        "history": arbitrary.histories(),
        "book": arbitrary.books,
        "start": arbitrary.moments,
        "length": arbitrary.pauses,
        "now": arbitrary.moments,
    },
    history_split_anywhere_changes_nothing: {
        "history": arbitrary.histories(),
        "book": arbitrary.books,
        "moment": arbitrary.moments,
        "now": arbitrary.moments,
    },
    category_changed_half_way_keeps_time_spent: {
        "history": arbitrary.histories(),
        "book": arbitrary.books,
        "moment": arbitrary.moments,
        "to": st.sampled_from(arbitrary.CATEGORIES),
    },
    only_the_holders_time_counts: {
        "history": arbitrary.histories(),
        "book": arbitrary.books,
        "now": arbitrary.moments,
    },
}
"""Each rule with what it is tried on."""
