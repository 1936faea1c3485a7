"""Parked cars are those that others drive past, in more than one look and for longer than a queue takes to form."""

import pytest

from edge.perception.observation import Track
from edge.perception.parked import Place, drives_past, is_still, mark, remember

KERB = (300.0, 100.0, 360.0, 150.0)


def standing(box: tuple[float, float, float, float] = KERB, wobble: float = 0.5) -> Track:
    return Track("car", 0.8, box, 8, 0.0, 2.0, (wobble, 0.0), 0.02)


def driving(
    start: tuple[float, float] = (200, 180),
    end: tuple[float, float] = (420, 180),
    speed: float = 3.0,
    kind: str = "car",
    score: float = 0.8,
) -> Track:
    """Its foot goes from `start` to `end` in the look."""
    x, y = end
    return Track(kind, score, (x - 30, y - 50, x + 30, y), 8, 0.0, 2.0, (x - start[0], y - start[1]), speed)


def looks(count: int, *others: Track) -> tuple[Place, ...]:
    places: tuple[Place, ...] = ()
    for number in range(count):
        places = remember(places, [standing(), *others], number * 2.0)
    return places


LATER = 1e6


def is_parked(places: tuple[Place, ...]) -> bool:
    return mark([standing()], places, LATER)[0].parked


def test_one_that_others_drive_past_for_a_while_is_parked_and_stays_so_while_it_stands() -> None:
    assert not is_parked(looks(1, driving()))
    places = looks(5, driving())
    assert is_parked(places)
    for number in range(1, 100):
        places = remember(places, [standing()], number * 20.0)
    assert is_parked(places)


def test_whoever_is_driven_past_is_left_out_of_that_look_and_of_no_other() -> None:
    places = looks(1, driving())
    assert mark([standing()], places, 0.0)[0].parked
    places = remember(places, [standing()], 2.0)
    assert not mark([standing()], places, 2.0)[0].parked


def test_two_passing_far_apart_prove_it_as_well_as_many() -> None:
    places = remember((), [standing(), driving()], 0.0)
    for number in range(1, 15):
        places = remember(places, [standing()], number * 2.0)
    assert not is_parked(places)
    assert is_parked(remember(places, [standing(), driving()], 30.0))


def test_one_that_drives_past_and_out_of_the_zone_proves_it_too() -> None:
    places: tuple[Place, ...] = ()
    for number in range(5):
        places = remember(places, [standing()], number * 2.0, left=[driving()])
    assert is_parked(places)


def test_no_vehicle_is_taken_to_stand_where_it_left_the_zone() -> None:
    assert remember((), [], 0.0, left=[driving(), standing()]) == ()


def test_while_a_queue_forms_one_lane_passes_the_other_and_nobody_is_parked() -> None:
    places = looks(3, driving())
    for number in range(3, 60):
        places = remember(places, [standing()], number * 2.0)
    assert not is_parked(places)


def test_in_a_jam_all_stand_and_nobody_is_parked() -> None:
    neighbours = [standing((100.0 + 70 * number, 170, 160.0 + 70 * number, 220)) for number in range(6)]
    assert not is_parked(looks(300, *neighbours))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(driving(kind="motorcycle"), id="a motorcycle slips through"),
        pytest.param(driving(speed=0.7), id="it creeps beside it"),
        pytest.param(driving(score=0.45), id="it may be a motorcycle taken for a car"),
        pytest.param(driving(end=(280, 180)), id="it arrives at the queue's end"),
        pytest.param(driving(start=(380, 180), end=(600, 180)), id="it drives off before it"),
        pytest.param(driving(start=(200, 400), end=(420, 400)), id="it is on another road"),
        pytest.param(Track("car", 0.8, KERB, 3, 0, 2, (90, 0), None), id="nobody knows how fast it was"),
    ],
)
def test_what_proves_nothing(other: Track) -> None:
    assert not drives_past(other, KERB)
    assert not is_parked(looks(20, other))


def test_passing_counts_in_either_direction() -> None:
    assert drives_past(driving(), KERB)
    assert drives_past(driving(start=(420, 180), end=(200, 180)), KERB)


def test_one_that_moves_is_not_parked_where_it_was() -> None:
    leaving = Track("car", 0.8, KERB, 8, 0.0, 2.0, (30.0, 0.0), 0.9)
    assert not mark([leaving], looks(9, driving()), 16.0)[0].parked
    assert is_still(standing())
    assert not is_still(leaving)


def test_a_place_that_was_left_is_free_again() -> None:
    places = looks(3, driving())
    for time in range(6, 80, 2):
        places = remember(places, [], float(time))
    assert places == ()


def test_what_is_remembered_stays_small() -> None:
    places: tuple[Place, ...] = ()
    for number in range(500):
        x = float(number % 50) * 12
        places = remember(places, [standing((x, 0, x + 10, 10))], number * 30.0)
    assert len(places) <= 3
