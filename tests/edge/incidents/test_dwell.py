"""What stands, what passes, what hides, what leaves."""

import pickle
import time as clock

import numpy as np
import pytest

from edge.incidents.dwell import MAX_THINGS, TTL_S, DwellTable, Glimpse, Standing, clearest, look
from edge.perception.observation import Box, Observation
from tests.edge.incidents.standing import START, Thing, seen

CART: Box = (300, 150, 360, 230)


def follow(looks: list[Observation], table: DwellTable | None = None) -> DwellTable:
    table = table or DwellTable()
    for observation in looks:
        table = look(table, observation)
    return table


def steady(table: DwellTable) -> list[Standing]:
    return [thing for thing in table.things if thing.steady]


def moved(box: Box, x: float, y: float = 0.0) -> Box:
    return (box[0] + x, box[1] + y, box[2] + x, box[3] + y)


def test_what_keeps_its_place_stands_since_it_was_first_seen_there() -> None:
    table = follow([seen(time, [("vendor", CART)] if time >= 10 else []) for time in range(0, 60, 2)])
    (thing,) = steady(table)
    assert (thing.kind, thing.first_seen, thing.last_seen) == ("vendor", START + 10, START + 58)
    assert thing.share == 1
    assert thing.box == pytest.approx(CART)


def test_boxes_that_tremble_are_one_thing() -> None:
    noise = np.random.default_rng(3)
    looks = [seen(t, [("vendor", moved(CART, *noise.normal(0, 3, 2).tolist()))]) for t in range(0, 120, 2)]
    (thing,) = steady(follow(looks))
    assert thing.first_seen == START


@pytest.mark.parametrize("speed_px_s", [60.0, 12.0, 3.0, 1.5])
def test_what_passes_never_stands_for_long(speed_px_s: float) -> None:
    table = DwellTable()
    longest = 0.0
    for time in range(0, 60, 2):
        table = look(table, seen(time, [("vendor", moved(CART, speed_px_s * time - 200))]))
        longest = max([longest, *(thing.last_seen - thing.first_seen for thing in steady(table))])
    assert longest <= 40 / speed_px_s + 6, "about the time in which it leaves half of its width behind"


def test_kinds_between_which_a_detector_wavers_are_one_thing() -> None:
    kinds = ["truck", "bus", "truck", "car", "truck", "truck"]
    (thing,) = steady(follow([seen(2 * n, [(kind, CART)]) for n, kind in enumerate(kinds)]))
    assert (thing.kind, thing.hits) == ("truck", 6)


def test_kinds_that_nobody_confuses_are_two_things() -> None:
    assert len(follow([seen(0, [("truck", CART)]), seen(2, [("motorcycle", CART)])]).things) >= 1
    table = follow([seen(t, [("truck", CART), ("vendor", CART)]) for t in range(0, 10, 2)])
    assert sorted(thing.kind for thing in steady(table)) == ["truck", "vendor"]


def test_a_flicker_of_one_look_in_six_does_not_end_it_and_one_in_two_does_not_stand() -> None:
    (thing,) = steady(follow([seen(2 * n, [] if n % 6 == 5 else [("vendor", CART)]) for n in range(60)]))
    assert thing.first_seen == START
    assert steady(follow([seen(2 * n, [] if n % 2 else [("vendor", CART)]) for n in range(60)])) == []


def test_a_known_thing_may_be_seen_weakly_a_new_one_may_not() -> None:
    weak: list[Thing] = [("vendor", CART, 0.25)]
    assert follow([seen(t, weak) for t in range(0, 10, 2)]).things == ()
    (thing,) = steady(follow([seen(t, [("vendor", CART)] if t == 0 else weak) for t in range(0, 10, 2)]))
    assert thing.hits == 5


def test_a_lorry_that_hides_it_is_a_gap_and_no_end() -> None:
    lorry: Thing = ("truck", (250, 100, 450, 300))

    def at(time: float) -> list[Thing]:
        return [lorry] if 20 <= time < 64 else [("vendor", CART)]

    table = follow([seen(time, at(time)) for time in range(0, 64, 2)])
    (hidden,) = [thing for thing in table.things if thing.kind == "vendor"]
    assert (hidden.glimpse, hidden.share) == (Glimpse.HIDDEN, 1.0)
    (again,) = [thing for thing in steady(follow([seen(64, at(64))], table)) if thing.kind == "vendor"]
    assert (again.first_seen, again.glimpse) == (START, Glimpse.SEEN)


def test_what_is_hidden_for_longer_than_a_minute_has_left() -> None:
    lorry: Thing = ("truck", (250, 100, 450, 300))
    looks = [seen(time, [lorry] if time >= 20 else [("vendor", CART)]) for time in range(0, 90, 2)]
    assert [thing.kind for thing in follow(looks).things] == ["truck"]


def test_what_stands_behind_hides_nothing() -> None:
    behind: Thing = ("truck", (250, 20, 450, 200))
    looks = [seen(time, [behind] if time >= 20 else [("vendor", CART)]) for time in range(0, 22, 2)]
    (thing,) = [thing for thing in follow(looks).things if thing.kind == "vendor"]
    assert thing.glimpse is Glimpse.MISSED


def test_an_empty_place_is_empty_after_a_few_looks() -> None:
    table = follow([seen(time, [("vendor", CART)] if time < 60 else []) for time in range(0, 74, 2)])
    assert len(table.things) == 1
    assert follow([seen(76, [])], table).things == ()


def test_looks_a_quarter_of_a_minute_apart_do_as_well() -> None:
    looks = [seen(time, [("car", CART)] if time < 600 else []) for time in range(0, 631, 15)]
    assert follow(looks).things == ()
    (thing,) = steady(follow(looks[:-2]))
    assert thing.first_seen == START


def test_a_stream_that_comes_by_one_place_is_steady_there_but_not_still() -> None:
    noise = np.random.default_rng(19)
    stream = [seen(2 * n, [("car", moved(CART, *noise.uniform(-11, 11, 2).tolist()))]) for n in range(120)]
    things = follow(stream).things
    assert any(thing.steady and thing.hits > 100 for thing in things)
    assert not any(thing.still for thing in things if thing.hits > 10)
    parked = [seen(2 * n, [("car", moved(CART, *noise.normal(0, 2, 2).tolist()))]) for n in range(120)]
    (thing,) = follow(parked).things
    assert thing.still


@pytest.mark.parametrize(("below", "cut"), [(0, True), (40, False)])
def test_what_the_border_cuts_off_must_be_stiller(below: int, cut: bool) -> None:
    """Boxes that waver as those of cars creeping out of the picture: clear of the border they are one thing's."""
    dice = np.random.default_rng(3)
    boxes = [(268 + x, 279 - below + y, 364 + x, 360 - below) for x, y in dice.uniform(-8, 8, (10, 2)).tolist()]
    (creeping,) = follow([seen(2 * n, [("car", box)]) for n, box in enumerate(boxes)]).things
    assert creeping.fit < 0.92
    assert (creeping.cut, creeping.still) == (cut, not cut)
    (parked,) = follow([seen(2 * n, [("car", (268, 279 - below, 364, 360 - below))]) for n in range(10)]).things
    assert (parked.cut, parked.still) == (cut, True)


ENLARGED: Box = (200, 80, 500, 300)
ELSEWHERE: Box = (0, 80, 190, 300)


def test_a_small_thing_is_only_expected_where_the_look_enlarged() -> None:
    turns = [
        seen(5 * n, [] if n % 4 else [("vendor", CART)], enlarged=ELSEWHERE if n % 4 else ENLARGED) for n in range(25)
    ]
    (thing,) = steady(follow(turns))
    assert (thing.first_seen, thing.share, thing.glimpse) == (START, 1.0, Glimpse.SEEN)
    table = follow([seen(125, [], enlarged=ELSEWHERE)], follow(turns))
    assert table.things[0].glimpse is Glimpse.UNCLEAR
    table = follow([seen(130, [], enlarged=ENLARGED)], table)
    assert table.things[0].glimpse is Glimpse.MISSED


def test_a_large_thing_is_expected_wherever_the_look_enlarged() -> None:
    looks = [seen(5 * n, [("vendor", CART)], enlarged=ELSEWHERE) for n in range(6)]
    table = follow([*looks, seen(30, [], enlarged=ELSEWHERE)])
    assert table.things[0].glimpse is Glimpse.MISSED


def test_what_no_look_can_see_any_more_is_forgotten_in_time() -> None:
    table = follow([seen(time, [("vendor", CART)], enlarged=ENLARGED) for time in range(0, 20, 2)])
    times = range(20, int(TTL_S) + 40, 10)
    assert follow([seen(time, [], enlarged=ELSEWHERE) for time in times], table).things == ()


def test_a_look_that_is_not_newer_changes_nothing() -> None:
    table = follow([seen(0, [("vendor", CART)]), seen(2, [("vendor", CART)])])
    assert look(table, seen(2, [])) is table


def test_what_was_seen_once_and_is_gone_is_told_as_having_left() -> None:
    table = follow([seen(0, [("car", CART)]), seen(2, [])])
    assert [thing.kind for thing in table.left] == ["car"]
    assert follow([seen(4, [])], table).left == ()


@pytest.mark.parametrize(
    ("glimpses", "expected"),
    [
        ([], None),
        ([Glimpse.MISSED, Glimpse.SEEN, Glimpse.HIDDEN], Glimpse.SEEN),
        ([Glimpse.MISSED, Glimpse.HIDDEN], Glimpse.HIDDEN),
        ([Glimpse.MISSED], Glimpse.MISSED),
    ],
)
def test_of_several_things_the_clearest_glimpse_counts(glimpses: list[Glimpse], expected: Glimpse | None) -> None:
    things = [Standing(n, "vendor", CART, 0, 0, 1, (("vendor", 1),), glimpse=g) for n, g in enumerate(glimpses)]
    assert clearest(things) is expected


def test_a_street_full_of_ghosts_stays_in_bounds_and_keeps_what_stands() -> None:
    noise = np.random.default_rng(5)
    table = DwellTable()
    for time in range(0, 40, 2):
        ghosts: list[Thing] = [("car", moved((0, 0, 8, 8), *noise.uniform(0, (600, 340)).tolist())) for _ in range(150)]
        table = look(table, seen(time, [("vendor", CART), *ghosts]))
        assert len(table.things) <= MAX_THINGS
    assert [thing.first_seen for thing in steady(table) if thing.kind == "vendor"] == [START]


def test_an_hour_of_looks_takes_a_second_and_no_memory() -> None:
    noise = np.random.default_rng(7)
    passing: list[list[Thing]] = [
        [("car", moved((0, 200, 60, 250), *noise.uniform(0, (500, 90)).tolist())) for _ in range(4)] for _ in range(50)
    ]
    hour = [seen(time, [("vendor", CART), *passing[(time // 2) % 50]]) for time in range(0, 3600, 2)]
    began = clock.process_time()
    early = follow(hour[:300])
    late = follow(hour[300:], early)
    assert clock.process_time() - began < 1.5
    assert len(pickle.dumps(late)) < 1.2 * len(pickle.dumps(early))
    assert [thing.first_seen for thing in steady(late) if thing.kind == "vendor"] == [START]
