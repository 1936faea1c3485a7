"""The clock's rules on stories with known ends."""

from datetime import timedelta
from fractions import Fraction

import pytest

from central.clock.calendar import Calendar
from central.clock.clock import completion_at, due, spent
from central.clock.history import Entry
from central.clock.policy import Allowance, Policy
from tests.central.moments import NOON, at

HOUR = 3600


def policy(first_h: float, completion_h: float) -> Policy:
    return Policy(Allowance(timedelta(hours=first_h), Calendar()), Allowance(timedelta(hours=completion_h), Calendar()))


BOOK = {"jam": policy(6, 100), "flood": policy(2, 30)}


def entry(hour: float, holder: str = "dishub", category: str = "jam", **more: bool) -> Entry:
    return Entry(at(hour * HOUR), holder, category, **more)


def test_nobody_has_touched_it() -> None:
    found = due([entry(0)], BOOK)
    assert (found.first_response.due, found.completion.due) == (at(6 * HOUR), at(100 * HOUR))
    assert not found.breached(at(6 * HOUR)), "the last moment is in time"
    assert found.first_response.breached(at(6 * HOUR + 0.000_001))
    assert not found.completion.breached(at(100 * HOUR))


@pytest.mark.parametrize(("hour", "late"), [(5, False), (7, True)])
def test_first_response_stops_its_own_clock_only(hour: float, late: bool) -> None:
    found = due([entry(0), entry(hour, answered=True)], BOOK)
    assert found.first_response.stopped == at(hour * HOUR)
    assert found.first_response.due == at(6 * HOUR)
    assert found.first_response.breached(at(50 * HOUR)) == late
    assert (found.completion.due, found.completion.stopped) == (at(100 * HOUR), None)


def test_waiting_for_verification_does_not_count_and_rework_does() -> None:
    history = [entry(0), entry(90, running=False)]
    paused = due(history, BOOK).completion
    assert (paused.due, paused.stopped) == (at(100 * HOUR), at(90 * HOUR))
    assert not paused.breached(at(500 * HOUR))
    sent_back = due([*history, entry(200)], BOOK).completion
    assert (sent_back.due, sent_back.stopped) == (at(210 * HOUR), None)
    assert spent([*history, entry(200)], BOOK, at(203 * HOUR)) == {"dishub": timedelta(hours=93)}


def test_reported_too_late_stays_late() -> None:
    found = due([entry(0), entry(101, running=False), entry(300, running=False)], BOOK).completion
    assert found.breached(at(102 * HOUR))
    assert found.breached(at(400 * HOUR))
    assert not found.breached(at(99 * HOUR)), "not yet, then"


def test_each_agency_has_the_whole_allowance_once() -> None:
    handed_over = [entry(0), entry(50, "sda")]
    assert due(handed_over, BOOK).completion.due == at(150 * HOUR)
    assert due(handed_over, BOOK).first_response.due == at(56 * HOUR)
    back = [*handed_over, entry(60, "dishub")]
    assert due(back, BOOK).completion.due == at(110 * HOUR), "fifty hours are used up"
    assert spent(back, BOOK, at(61 * HOUR)) == {"dishub": timedelta(hours=51), "sda": timedelta(hours=10)}


def test_handing_it_over_is_the_first_agencys_response_not_the_seconds() -> None:
    history = [entry(0), entry(5, "sda", answered=True)]
    assert due(history, BOOK).first_response.stopped is None
    assert due([*history, entry(8, "dishub")], BOOK).first_response.stopped == at(5 * HOUR)


@pytest.mark.parametrize(("hour", "due_h"), [(10, 30), (29, 30), (40, 30)])
def test_shorter_category_half_way(hour: float, due_h: float) -> None:
    found = due([entry(0), entry(hour, category="flood")], BOOK)
    assert found.completion.due == at(due_h * HOUR)
    assert found.completion.breached(at(hour * HOUR)) == (hour > due_h)


def test_category_changed_after_the_answer_does_not_make_it_late() -> None:
    history = [entry(0), entry(5, answered=True), entry(9, category="flood")]
    assert not due(history, BOOK).first_response.breached(at(99 * HOUR))
    assert due(history, BOOK).completion.due == at(30 * HOUR)


def test_category_given_while_paused_holds_for_the_answer() -> None:
    """A pause must not take the longer allowance away: found by the long run of the properties."""
    book = {"flood": policy(2, 30), "jam": policy(6, 100)}
    history = [entry(0, category="flood"), entry(3), entry(5, answered=True)]
    paused = [entry(0, category="flood"), entry(3, running=False), entry(5, answered=True)]
    assert not due(history, book).first_response.breached(at(9 * HOUR))
    assert not due(paused, book).first_response.breached(at(9 * HOUR))


def test_the_other_machines_clock_runs_behind() -> None:
    history = [entry(2), entry(1, running=False), entry(3)]
    assert due(history, BOOK).completion.due == at(103 * HOUR)
    assert spent(history, BOOK, at(4 * HOUR)) == {"dishub": timedelta(hours=1)}


def test_a_share_of_the_time() -> None:
    assert completion_at([entry(0)], BOOK, Fraction(3, 4)).due == at(75 * HOUR)


def test_never_held() -> None:
    found = due([entry(1, running=False)], BOOK).completion
    assert (found.due, found.stopped) == (at(101 * HOUR), at(HOUR))


def test_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="opening"):
        due([], BOOK)
    with pytest.raises(KeyError):
        due([entry(0, category="vending")], BOOK)
    with pytest.raises(ValueError, match="none"):
        Allowance(timedelta(), Calendar())
    assert spent([entry(1)], BOOK, NOON) == {}
