"""Several askers share a camera's looks, and the most impatient does not starve the others."""

import pytest

from edge.attention.wish import Wish, Wishes, together
from edge.perception.observation import LookKind

GLANCE, STARE = LookKind.GLANCE, LookKind.STARE
OTHERWISE = Wish(GLANCE, 10.0)


def play(wishes: list[Wish], seconds: float) -> list[tuple[float, Wish]]:
    """The looks of so many seconds, each asker wishing the same after every one."""
    askers, now, looks = Wishes(), 0.0, []
    while now < seconds:
        look = askers.next(now, wishes, OTHERWISE)
        now += look.after_s
        looks.append((now, look))
        askers.met_by(look)
    return looks


def test_what_is_due_first_decides_when_and_the_most_thorough_how() -> None:
    look = together([Wish(GLANCE, 2.0), Wish(GLANCE, 2.4, water=True), Wish(STARE, 5.0)], OTHERWISE)
    assert (look.kind, look.after_s, look.water) == (GLANCE, 2.0, True)
    assert together([], OTHERWISE) == OTHERWISE


def test_nobody_starves_beside_an_impatient_asker() -> None:
    looks = play([Wish(GLANCE, 1.0), Wish(STARE, 2.0), Wish(GLANCE, 5.0, water=True)], 60)
    stares = [time for time, look in looks if look.kind is STARE]
    waters = [time for time, look in looks if look.water]
    assert len(looks) == pytest.approx(60, abs=2)
    assert len(stares) == pytest.approx(30, abs=2)
    assert len(waters) == pytest.approx(12, abs=2)


def test_a_stare_meets_a_glance_but_not_a_look_for_water() -> None:
    looks = play([Wish(STARE, 2.0), Wish(GLANCE, 3.0), Wish(GLANCE, 3.0, water=True)], 12)
    assert [time for time, _ in looks] == [2.0, 3.0, 4.0, 6.0, 8.0, 9.0, 10.0, 12.0]
    assert all(look.kind is STARE or look.water for _, look in looks)


def test_an_asker_that_is_content_waits_for_nothing() -> None:
    askers = Wishes()
    askers.next(0.0, [Wish(STARE, 1.0), None], OTHERWISE)
    assert askers.next(0.5, [None, None], OTHERWISE) == OTHERWISE
    assert askers.next(0.5, [Wish(STARE, 1.0), None], OTHERWISE).after_s == 1.0


def test_who_becomes_more_impatient_is_served_sooner() -> None:
    askers = Wishes()
    askers.next(0.0, [Wish(GLANCE, 10.0)], OTHERWISE)
    assert askers.next(0.0, [Wish(STARE, 2.0)], OTHERWISE).after_s == 2.0
