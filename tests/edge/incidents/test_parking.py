"""What is parking where none may, and what only stops there."""

import json
import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from contract.events import Measures
from contract.schedule import WeeklyHours
from edge.incidents.lifecycle import EpisodeState, Stage
from edge.incidents.parking import ParkingRule, ParkingSettings
from edge.incidents.permits import Permit
from edge.perception.observation import Box, LookKind, Track, ZoneTraffic
from edge.perception.zone import Zone
from tests.edge.incidents.standing import START, Thing, detections, film, phases, seen, told

KERB = Zone("kerb", ((0.5, 0.3), (0.8, 0.3), (0.8, 0.9), (0.5, 0.9)))
ROAD = Zone("road", ((0.2, 0.3), (0.5, 0.3), (0.5, 0.9), (0.2, 0.9)))
SETTINGS = ParkingSettings(zones=(KERB,))
LORRY: Box = (350, 150, 430, 230)
BESIDE: Box = (230, 160, 300, 225)


def shifted(box: Box, x: float, y: float = 0.0) -> Box:
    return (box[0] + x, box[1] + y, box[2] + x, box[3] + y)


def parked_from(start: float, end: float, *others: Thing, kind: str = "truck") -> Callable[[float], list[Thing]]:
    return lambda time: [*([(kind, LORRY)] if start <= time < end else []), *others]


def test_a_lorry_that_stands_for_the_dwell_opens_and_closes_when_it_has_left() -> None:
    steps, states = told(ParkingRule(SETTINGS), film(20, 10, parked_from(60, 660)))
    opened, closed = [step for step in steps if step.phase.value != "updated"]
    assert (opened.phase.value, closed.phase.value) == ("opened", "closed")
    assert opened.began == START + 60
    assert opened.time == START + 360
    assert opened.reason == "A truck has stood for 5 min where none may park"
    assert opened.measures["dwell_s"] == 300
    assert opened.confidence >= 0.6, "the centre opens a complaint by itself"
    assert START + 660 + SETTINGS.hold_s <= closed.time <= START + 660 + SETTINGS.hold_s + 40
    assert states["kerb"].stage is Stage.IDLE
    assert all(Measures.model_validate(step.measures) for step in steps)


def test_it_is_suspected_while_it_dwells() -> None:
    _, states = told(ParkingRule(SETTINGS), film(4, 10, parked_from(60, 660)))
    assert (states["kerb"].stage, states["kerb"].began) == (Stage.SUSPECTED, START + 60)


@pytest.mark.parametrize("dwell_s", [60.0, 300.0, 1800.0])
def test_it_looks_twenty_times_a_dwell_within_bounds(dwell_s: float) -> None:
    wish = ParkingRule(ParkingSettings(zones=(KERB,), dwell_s=dwell_s)).wish(START, {})
    assert (wish.kind, wish.after_s) == (LookKind.GLANCE, {60.0: 3.0, 300.0: 15.0, 1800.0: 15.0}[dwell_s])


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(parked_from(60, 330, kind="bus"), id="a bus at its stop for less than the dwell"),
        pytest.param(lambda time: [("truck", shifted(LORRY, -200))], id="a car parked outside the zone"),
        pytest.param(lambda time: [("truck", (240.0, 60.0, 340.0, 230.0))], id="a roof that leans in from outside"),
        pytest.param(lambda time: [("motorcycle", LORRY)], id="a motorcycle, which this camera does not count"),
        pytest.param(lambda time: [("bicycle", LORRY)], id="a bicycle"),
        pytest.param(lambda time: [("vendor", LORRY)], id="a cart, which is no vehicle"),
        pytest.param(lambda time: [("vendor", LORRY, 0.7), ("car", LORRY, 0.5)], id="a cart, also taken for a car"),
        pytest.param(lambda time: [("truck", LORRY, 0.37)], id="a shop front, weakly taken for a lorry"),
        pytest.param(lambda time: [("car", shifted(LORRY, 0, 37 * (time % 40 / 10)))], id="traffic that passes"),
        pytest.param(
            lambda time: [("truck", LORRY)] if time % 30 else [], id="a bay whose vehicle is there two looks in three"
        ),
    ],
)
def test_nothing_opens(at: Callable[[float], Sequence[Thing]]) -> None:
    steps, _ = told(ParkingRule(SETTINGS), film(30, 10, at))
    assert steps == []


def test_taxis_that_take_turns_in_a_bay_are_no_one_that_parks() -> None:
    def ranks(time: float) -> list[Thing]:
        return [("car", LORRY)] if time % 240 < 180 else []

    assert told(ParkingRule(SETTINGS), film(60, 15, ranks))[0] == []


def test_motorcycles_count_where_the_camera_says_so() -> None:
    settings = ParkingSettings(zones=(KERB,), vehicles=frozenset({"motorcycle"}))
    steps, _ = told(ParkingRule(settings), film(10, 10, lambda time: [("motorcycle", LORRY)]))
    assert phases(steps) == ["opened"]
    assert told(ParkingRule(settings), film(10, 10, lambda time: [("truck", LORRY)]))[0] == []


def test_a_detector_that_flickers_between_kinds_and_misses_a_look_in_eight_changes_nothing() -> None:
    noise = np.random.default_rng(11)

    def flickering(time: float) -> list[Thing]:
        box = shifted(LORRY, *noise.normal(0, 2, 2).tolist())
        kind = ("truck", "bus", "truck", "car")[int(time / 10) % 4]
        return [] if int(time / 10) % 8 == 7 else [(kind, box, 0.5)]

    steps, _ = told(ParkingRule(SETTINGS), film(30, 10, flickering))
    assert phases(steps) == ["opened"]
    assert steps[0].began == START


def test_who_passes_before_it_hides_it_but_does_not_end_it() -> None:
    def at(time: float) -> list[Thing]:
        bus: Thing = ("bus", (300, 90, 470, 280))
        return [bus] if 400 <= time < 450 else [("truck", LORRY)]

    steps, _ = told(ParkingRule(SETTINGS), film(12, 10, at))
    assert phases(steps) == ["opened"]


def queue(arrives: float, leaves: float) -> Callable[[float], list[Thing]]:
    """Cars that come to stand one behind the other, two of them in the zone, and leave together."""
    places = [shifted(LORRY, 0, 70 * n - 60) for n in range(3)] + [shifted(BESIDE, 0, 70 * n - 60) for n in range(3)]

    def at(time: float) -> list[Thing]:
        return [("car", box) for n, box in enumerate(places) if arrives + 5 * n <= time < leaves]

    return at


@pytest.mark.parametrize("every_s", [2.0, 10.0])
def test_a_queue_at_a_red_light_is_not_parked_however_short_the_dwell(every_s: float) -> None:
    settings = ParkingSettings(zones=(KERB,), dwell_s=30)

    def lights(time: float) -> list[Thing]:
        return queue(10, 90)(time % 120)

    assert told(ParkingRule(settings), film(20, every_s, lights))[0] == []


def test_a_standing_jam_is_a_queue_for_as_long_as_it_lasts() -> None:
    assert told(ParkingRule(SETTINGS), film(30, 10, queue(10, 10_000)))[0] == []


def test_who_stays_when_the_queue_drives_on_was_parked() -> None:
    def at(time: float) -> list[Thing]:
        passing: list[Thing] = [("car", shifted(BESIDE, 0, 90 * (time % 30 / 10 - 1)))] if time >= 150 else []
        return [*(queue(10, 150)(time) if time < 150 else [("car", LORRY)]), *passing]

    places = [shifted(LORRY, 0, 70 * n - 60) for n in range(3)]
    stays = [box for box in places if box != LORRY]

    def all_in_line(time: float) -> list[Thing]:
        others: list[Thing] = [("car", box) for box in stays] if time < 150 else []
        return [("car", LORRY), *others, *(at(time)[1:] if time >= 150 else [])]

    steps, _ = told(ParkingRule(SETTINGS), film(12, 10, all_in_line))
    assert phases(steps) == ["opened"]
    assert steps[0].began == START


def test_a_row_of_parked_vehicles_opens_once_others_drive_past_one_of_them() -> None:
    row = [shifted(LORRY, 0, 70 * n - 60) for n in range(3)]

    def quiet(time: float) -> list[Thing]:
        return [("car", box) for box in row]

    def traffic(time: float) -> list[Thing]:
        passing: list[Thing] = [("car", BESIDE)] if time % 40 == 0 else []
        return [*quiet(time), *passing]

    assert told(ParkingRule(SETTINGS), film(20, 10, quiet))[0] == [], "nobody can tell it from a queue"
    steps, _ = told(ParkingRule(SETTINGS), film(20, 10, traffic))
    assert phases(steps) == ["opened"]
    assert steps[-1].measures["vehicles"] == 3, "those beside one that is parked do not queue behind it"
    assert steps[-1].severity == 2


def overtaking(time: float) -> Track:
    return Track("car", 0.9, shifted(BESIDE, 0, -80), 8, time - 2, time, (0.0, -160.0), 2.0)


def road(speed: float | None, vehicles: float = 6) -> ZoneTraffic:
    return ZoneTraffic("road", 0.5, vehicles, speed, followed_share=0.0 if speed is None else 1.0)


@pytest.mark.parametrize(
    ("traffic", "opens"),
    [
        pytest.param(road(0.1), False, id="the road beside it stands"),
        pytest.param(road(2.0), True, id="the road beside it flows"),
        pytest.param(road(0.1, vehicles=1), True, id="one other on the road"),
        pytest.param(road(None), True, id="nobody knows how the road moves"),
    ],
)
def test_on_a_road_that_stands_it_waits(traffic: ZoneTraffic, opens: bool) -> None:
    settings = ParkingSettings(zones=(KERB,), roads=(ROAD,))
    looks = [seen(time, [("truck", LORRY)], traffic=[traffic]) for time in range(0, 600, 10)]
    assert bool(told(ParkingRule(settings), looks)[0]) is opens


def test_a_road_far_from_it_may_stand() -> None:
    far = Zone("road", ((0.0, 0.3), (0.05, 0.3), (0.05, 0.9), (0.0, 0.9)))
    settings = ParkingSettings(zones=(KERB,), roads=(far,))
    looks = [seen(time, [("truck", (420.0, 150.0, 480.0, 230.0))], traffic=[road(0.1)]) for time in range(0, 600, 10)]
    assert phases(told(ParkingRule(settings), looks)[0]) == ["opened"]


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        pytest.param({60, 200}, ["opened"], id="over longer than a red light"),
        pytest.param(set(range(60, 170, 10)), [], id="while a light is red"),
    ],
)
def test_on_a_road_that_stands_others_may_drive_past_it_all_the_same(passed: set[int], expected: list[str]) -> None:
    settings = ParkingSettings(zones=(KERB,), roads=(ROAD,))
    looks = [
        seen(t, [("truck", LORRY)], traffic=[road(0.1)], tracks=[overtaking(START + t)] if t in passed else [])
        for t in range(0, 600, 10)
    ]
    steps, _ = told(ParkingRule(settings), looks)
    assert phases(steps) == expected


def test_a_jam_that_forms_beside_it_later_does_not_close_it() -> None:
    def at(time: float) -> list[Thing]:
        return [("truck", LORRY), *(("car", shifted(BESIDE, 0, 70 * n - 60)) for n in range(3) if time > 420)]

    steps, states = told(ParkingRule(SETTINGS), film(20, 10, at))
    assert phases(steps) == ["opened"]
    assert states["kerb"].open


# START is Thursday 07:00 in Jakarta.
@pytest.mark.parametrize(
    ("schedule", "opened_after_s"),
    [
        ("Mon-Fri 06:00-22:00", 300),
        ("Thu 07:05-09:00", 600),
        ("Sat-Sun 00:00-24:00", None),
        ("22:00-06:30", None),
        ("Wed 22:00-07:30", 300),
    ],
)
def test_it_is_forbidden_only_in_the_hours_and_only_their_minutes_count(
    schedule: str, opened_after_s: float | None
) -> None:
    settings = ParkingSettings(zones=(KERB,), schedule=WeeklyHours.parse(schedule))
    steps, _ = told(ParkingRule(settings), film(20, 10, parked_from(0, 10_000)))
    assert [step.time - START for step in steps[:1]] == ([] if opened_after_s is None else [opened_after_s])


def test_it_closes_when_the_hours_end() -> None:
    settings = ParkingSettings(zones=(KERB,), schedule=WeeklyHours.parse("06:00-07:10"))
    steps, _ = told(ParkingRule(settings), film(20, 10, parked_from(0, 10_000)))
    assert phases(steps) == ["opened", "closed"]
    assert steps[-1].reason == "At this hour vehicles may stand here"


def permit(**changes: object) -> ParkingSettings:
    place = Zone("SK 9", ((0.5, 0.3), (0.75, 0.3), (0.75, 0.85), (0.5, 0.85)))
    values: dict[str, object] = {"valid_from": date(2025, 1, 1), "valid_to": date(2026, 12, 31), **changes}
    return replace(SETTINGS, permits=(Permit("SK 9", place, **values),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "box", "opened", "why"),
    [
        pytest.param({}, LORRY, None, "", id="under a permit"),
        pytest.param({"valid_to": date(2025, 12, 31)}, LORRY, True, "permit SK 9 expired on 2025-12-31", id="expired"),
        pytest.param({"valid_to": date(2026, 1, 1)}, LORRY, None, "", id="on its last day"),
        pytest.param(
            {"hours": WeeklyHours.parse("18:00-22:00")}, LORRY, True, "permit SK 9 holds", id="at other hours"
        ),
        pytest.param({"hours": WeeklyHours.parse("06:00-07:05")}, LORRY, False, "5 min outside", id="just after them"),
        pytest.param({}, shifted(LORRY, 90), False, "on the border of permit SK 9", id="on its border"),
        pytest.param({}, shifted(LORRY, 118), True, "", id="beside it"),
    ],
)
def test_a_permit_says_who_may_park(changes: dict[str, object], box: Box, opened: bool | None, why: str) -> None:
    """`opened`: so sure that the centre acts by itself; None where nothing opens."""
    steps, _ = told(ParkingRule(permit(**changes)), film(12, 10, lambda _: [("truck", box)]))
    steps = [step for step in steps if step.phase.value == "opened"]
    assert [step.confidence >= 0.6 for step in steps] == ([] if opened is None else [opened])
    for step in steps:
        assert why in step.reason
        assert bool(step.doubt) is not opened


def test_over_a_permit_s_capacity_the_last_that_came_is_in_doubt() -> None:
    second = shifted(LORRY, 0, 75)

    def at(time: float) -> list[Thing]:
        return [("truck", LORRY), *([("bus", second)] if time >= 120 else [])]

    (opened, *_), _ = told(ParkingRule(permit(capacity=1)), film(12, 10, at))
    assert opened.began == START + 120
    assert (opened.measures["vehicles"], opened.confidence) == (1, 0.5)
    assert opened.doubt == "permit SK 9 allows 1 unit, 2 stand there"


def handed_down(states: dict[str, EpisodeState]) -> dict[str, EpisodeState]:
    return {zone: EpisodeState.from_json(json.loads(json.dumps(state.to_json()))) for zone, state in states.items()}


def test_a_restart_while_it_dwells_does_not_begin_anew() -> None:
    looks = film(8, 10, parked_from(0, 10_000))
    _, states = told(ParkingRule(SETTINGS), looks[:20])
    steps, _ = told(ParkingRule(SETTINGS), looks[22:], handed_down(states))
    assert phases(steps) == ["opened"]
    assert (steps[0].began, steps[0].time) == (START, START + 300)


def test_after_a_restart_another_vehicle_does_not_inherit_the_dwell() -> None:
    looks = film(8, 10, parked_from(0, 10_000))
    _, states = told(ParkingRule(SETTINGS), looks[:20])
    later = film(30, 10, lambda time: [("truck", LORRY)] if time >= 1000 else [])[20:]
    steps, _ = told(ParkingRule(SETTINGS), later, handed_down(states))
    assert [step.began for step in steps[:1]] == [START + 1000]


def test_after_a_restart_an_open_episode_goes_on() -> None:
    looks = film(12, 10, parked_from(0, 10_000))
    _, states = told(ParkingRule(SETTINGS), looks[:40])
    steps, after = told(ParkingRule(SETTINGS), looks[42:], handed_down(states))
    assert phases(steps) == []
    assert after["kerb"].episode == states["kerb"].episode
    assert steps[-1].measures["dwell_s"] == pytest.approx(steps[-1].time - START)


def test_another_stream_of_the_camera_with_larger_pictures_goes_on() -> None:
    looks = film(8, 10, parked_from(0, 10_000))
    twice: Box = (2 * LORRY[0], 2 * LORRY[1], 2 * LORRY[2], 2 * LORRY[3])
    larger = [replace(look, size=(1280, 720), detections=detections([("truck", twice)])) for look in looks[20:]]
    steps, _ = told(ParkingRule(SETTINGS), [*looks[:20], *larger])
    assert phases(steps) == ["opened"]
    assert (steps[0].began, steps[0].time) == (START, START + 300)


def test_who_comes_after_the_episode_closed_begins_anew() -> None:
    settings = ParkingSettings(zones=(KERB,), dwell_s=60, hold_s=10)
    steps, _ = told(ParkingRule(settings), film(10, 2, lambda t: [("truck", LORRY)] if t < 120 or t >= 140 else []))
    opened = [step for step in steps if step.phase.value == "opened"]
    assert [step.began - START for step in opened] == [0, 140]
    assert opened[0].episode != opened[1].episode


def test_small_far_vehicles_are_found_although_only_every_fourth_look_enlarges_them() -> None:
    far: Box = (400, 130, 424, 150)
    mine, other = (320.0, 90.0, 540.0, 240.0), (0.0, 90.0, 220.0, 240.0)
    looks = [
        seen(15 * n, [("truck", far)] if n % 4 == 0 else [], enlarged=mine if n % 4 == 0 else other) for n in range(60)
    ]
    steps, _ = told(ParkingRule(SETTINGS), looks)
    assert phases(steps) == ["opened"]


def test_what_it_remembers_of_hours_of_traffic_stays_small() -> None:
    noise = np.random.default_rng(13)
    rule = ParkingRule(SETTINGS)

    def busy(time: float) -> list[Thing]:
        return [("car", shifted((0, 120, 60, 170), *noise.uniform(0, (560, 150)).tolist())) for _ in range(12)]

    told(rule, film(10, 4, busy))
    early = len(pickle.dumps(rule))
    told(rule, [seen(600.0 + time, []) for time in range(0, 60, 4)])
    assert len(pickle.dumps(rule)) < early
