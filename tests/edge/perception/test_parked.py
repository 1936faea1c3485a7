"""Parked cars are those that others drive past, look after look."""

from edge.perception.observation import Track
from edge.perception.parked import Place, drives_past, is_still, mark, remember

KERB = (100.0, 100.0, 160.0, 150.0)


def standing(box: tuple[float, float, float, float] = KERB, wobble: float = 0.5) -> Track:
    return Track("car", 0.8, box, 8, 0.0, 2.0, (wobble, 0.0), 0.02)


def looks(count: int, every_s: float, passed: bool, tracks: list[Track] | None = None) -> tuple[Place, ...]:
    places: tuple[Place, ...] = ()
    for number in range(count):
        places = remember(places, [standing()] if tracks is None else tracks, number * every_s, passed)
    return places


def parked(places: tuple[Place, ...], time: float) -> bool:
    return mark([standing()], places, time)[0].parked


def test_one_that_others_drive_past_for_a_minute_is_parked() -> None:
    assert parked(looks(35, 2.0, passed=True), 68)


def test_in_a_jam_all_stand_and_nobody_is_parked() -> None:
    assert not parked(looks(300, 2.0, passed=False), 600)


def test_a_minute_has_to_pass_whatever_drives_by() -> None:
    assert not parked(looks(20, 2.0, passed=True), 40)


def test_one_that_moves_is_not_parked_where_it_was() -> None:
    places = looks(35, 2.0, passed=True)
    leaving = Track("car", 0.8, KERB, 8, 0.0, 2.0, (30.0, 0.0), 0.9)
    assert not mark([leaving], places, 70)[0].parked


def test_a_place_that_was_left_is_free_again() -> None:
    places = looks(35, 2.0, passed=True)
    for time in range(70, 140, 2):
        places = remember(places, [], float(time), True)
    assert places == ()


def test_what_is_remembered_stays_small() -> None:
    places: tuple[Place, ...] = ()
    for number in range(500):
        x = float(number % 50) * 12
        places = remember(places, [standing((x, 0, x + 10, 10))], number * 30.0, False)
    assert len(places) <= 3


def test_motorcycles_that_slip_through_prove_nothing() -> None:
    fast = Track("motorcycle", 0.8, KERB, 8, 0.0, 2.0, (80.0, 0.0), 3.0)
    assert not drives_past(fast)
    assert drives_past(Track("car", 0.8, KERB, 8, 0.0, 2.0, (80.0, 0.0), 3.0))
    assert not drives_past(Track("car", 0.8, KERB, 8, 0.0, 2.0, (80.0, 0.0), None))
    assert is_still(standing())
