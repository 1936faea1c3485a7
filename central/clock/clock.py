"""When a complaint is due, and how much time each agency has had.

The rules, which the city's agencies can be told in four sentences:

- The clock counts only time in which an agency holds the complaint and nothing else is waited for. Each agency has the
  whole allowance: time somebody else held it is not its fault; what it used before, it does not get back.
- Time used is used: a pause, a category corrected half way or a return keeps it. Each piece is measured by the
  calendar of the category the complaint had then.
- The allowance is that of the category it has now; for the first response, of the one it had when it was answered.
- While the clock stands still, the deadline reads as if it ran on at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from central.clock.calendar import NOTHING, Calendar
from central.clock.history import Entry, Stretch, in_order, stretches, until_answered
from central.clock.policy import Allowance, Policy


@dataclass(frozen=True, slots=True)
class Deadline:
    """One of the two, for the agency that holds the complaint now."""

    due: datetime
    """While the clock stands still, as if it ran on at once."""
    stopped: datetime | None
    """When the clock stopped: answered, reported as done, paused or ended. None: it runs."""

    def breached(self, now: datetime) -> bool:
        """Whether it was missed by `now`, or by the time the clock stopped."""
        return self.due < (now if self.stopped is None else min(self.stopped, now))

    @property
    def comes(self) -> bool:
        """Whether it was reached, or will be if nothing happens: not, when the clock stopped before."""
        return self.stopped is None or self.due <= self.stopped


@dataclass(frozen=True, slots=True)
class Due:
    """Both deadlines."""

    first_response: Deadline
    completion: Deadline

    def breached(self, now: datetime) -> bool:
        """Whether either was missed."""
        return self.first_response.breached(now) or self.completion.breached(now)


def due(history: Sequence[Entry], policies: Mapping[str, Policy]) -> Due:
    """Both deadlines of the agency that holds the complaint at the history's end; `policies` by category, as they were
    frozen when the complaint was opened.

    Raises:
        ValueError: empty history.
        KeyError: a category without a policy.
        central.clock.calendar.NeverDue: an allowance that does not pass within a hundred years.
    """
    return Due(first_response_at(history, policies), completion_at(history, policies))


def first_response_at(
    history: Sequence[Entry], policies: Mapping[str, Policy], share: Fraction = Fraction(1)
) -> Deadline:
    """When `share` of the time for the first response has passed (1: the deadline itself)."""
    allowances = {category: policy.first_response for category, policy in policies.items()}
    return _deadline(until_answered(in_order(history)), allowances, share)


def completion_at(history: Sequence[Entry], policies: Mapping[str, Policy], share: Fraction = Fraction(1)) -> Deadline:
    """When `share` of the time for the completion has passed."""
    allowances = {category: policy.completion for category, policy in policies.items()}
    return _deadline(in_order(history), allowances, share)


def spent(history: Sequence[Entry], policies: Mapping[str, Policy], now: datetime) -> dict[str, timedelta]:
    """Time each agency has had until `now`, as its completion counts it. What lies after `now` is not looked at.

    Raises:
        ValueError: empty history.
        KeyError: a category without a policy.
    """
    had = dict.fromkeys((entry.holder for entry in history if entry.time <= now), NOTHING)
    for stretch in stretches(in_order(history)):
        if stretch.start < now:
            end = now if stretch.end is None else min(stretch.end, now)
            calendar = policies[stretch.category].completion.calendar
            had[stretch.holder] = had.get(stretch.holder, NOTHING) + calendar.worked(stretch.start, end)
    return had


def _deadline(entries: Sequence[Entry], allowances: Mapping[str, Allowance], share: Fraction) -> Deadline:
    last = entries[-1]
    amount = _part(allowances[last.category].time, share)
    calendars = {name: allowance.calendar for name, allowance in allowances.items()}
    held = [stretch for stretch in stretches(entries) if stretch.holder == last.holder]
    if not held:  # the clock never ran
        since = next(entry.time for entry in entries if entry.holder == last.holder)
        held = [Stretch(last.holder, last.category, since, since)]
    return Deadline(due=_moment(held, amount, calendars), stopped=held[-1].end)


def _moment(held: Sequence[Stretch], amount: timedelta, calendars: Mapping[str, Calendar]) -> datetime:
    """When so much of the held time has passed; after its end, as if it ran on."""
    moment, left = held[0].start, amount
    for stretch in held:
        calendar = calendars[stretch.category]
        moment = calendar.after(stretch.start, left)
        if stretch.end is None or moment <= stretch.end:
            break
        left -= calendar.worked(stretch.start, stretch.end)
    return moment


def _part(time: timedelta, share: Fraction) -> timedelta:
    return time * share.numerator / share.denominator
