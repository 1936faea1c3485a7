"""What sells where none may, and what only comes by."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from calibration.ground import GroundPlane
from contract.events import Measures
from contract.schedule import WeeklyHours
from edge.incidents.attendance import Attendance, attended
from edge.incidents.lifecycle import EpisodeState, Stage
from edge.incidents.permits import Permit
from edge.incidents.vending import VendingRule, VendingSettings
from edge.perception.observation import Box, LookKind
from edge.perception.zone import Zone
from tests.edge.incidents.standing import SIZE, START, Thing, film, phases, seen, told

PAVEMENT = Zone("trotoar", ((0.3, 0.2), (0.8, 0.2), (0.8, 0.9), (0.3, 0.9)))
SETTINGS = VendingSettings(zones=(PAVEMENT,))
CART: Box = (300, 150, 360, 220)
SELLER: Thing = ("person", (370, 160, 388, 215))
FAR: Thing = ("person", (560, 160, 578, 215))
OPEN_FROM = 0.6
"""Confidence from which the centre opens a complaint by itself."""


def shifted(box: Box, x: float, y: float = 0.0) -> Box:
    return (box[0] + x, box[1] + y, box[2] + x, box[3] + y)


def sells(start: float, end: float, *others: Thing) -> Callable[[float], list[Thing]]:
    return lambda time: [*([("vendor", CART), SELLER] if start <= time < end else []), *others]


def test_a_cart_that_sells_for_the_dwell_opens_and_closes_when_it_has_left() -> None:
    steps, _ = told(VendingRule(SETTINGS), film(30, 15, sells(60, 1200)))
    opened, closed = [step for step in steps if step.phase.value != "updated"]
    assert (opened.began, opened.time) == (START + 60, START + 660)
    assert opened.measures == {"units": 1, "dwell_s": 600, "duration_s": 600}
    assert opened.confidence >= OPEN_FROM
    assert opened.reason == "A unit stands and sells where none may, for 10 min"
    assert (closed.phase.value, closed.reason) == ("closed", "No selling unit stands here")
    assert START + 1200 + SETTINGS.hold_s <= closed.time <= START + 1200 + SETTINGS.hold_s + 45
    assert all(Measures.model_validate(step.measures) for step in steps)


def test_it_is_suspected_while_it_dwells_and_looked_at_often_enough() -> None:
    rule = VendingRule(SETTINGS)
    _, states = told(rule, film(5, 15, sells(60, 1200)))
    assert (states["trotoar"].stage, states["trotoar"].began) == (Stage.SUSPECTED, START + 60)
    assert (rule.wish(START, states).kind, rule.wish(START, states).after_s) == (LookKind.GLANCE, 15)
    assert VendingRule(replace(SETTINGS, dwell_s=10)).wish(START, {}).after_s == 2


def pushed(time: float) -> list[Thing]:
    x = -280 + 12 * (time % 60)
    return [("vendor", shifted(CART, x)), ("person", shifted(SELLER[1], x))]


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(pushed, id="a cart that is pushed past again and again"),
        pytest.param(lambda time: [SELLER, FAR], id="people who wait"),
        pytest.param(lambda time: [("vendor", CART)], id="a unit to which nobody attends"),
        pytest.param(lambda time: [("vendor", CART), FAR], id="a unit and somebody far from it"),
        pytest.param(
            lambda time: [("vendor", shifted(CART, -250)), ("person", shifted(SELLER[1], -250))],
            id="a cart that sells outside the zone",
        ),
        pytest.param(
            lambda time: [("vendor", (370, 160, 390, 216), 0.45), SELLER],
            id="somebody who waits, also taken for a unit",
        ),
        pytest.param(
            lambda time: [("vendor", CART, 0.5), ("truck", CART, 0.6), SELLER], id="a lorry, also taken for a unit"
        ),
        pytest.param(lambda time: [("vendor", CART, 0.47), SELLER], id="a sign, weakly taken for a unit"),
        pytest.param(sells(0, 540), id="less than the dwell"),
        pytest.param(
            lambda time: [("vendor", CART), *([SELLER] if time % 60 == 0 else [])],
            id="a unit at which somebody stops now and then",
        ),
    ],
)
def test_nothing_opens(at: Callable[[float], Sequence[Thing]]) -> None:
    steps, _ = told(VendingRule(replace(SETTINGS, dwell_s=600)), film(40, 15, at))
    assert steps == []


def test_a_pushed_cart_stays_quiet_with_a_dwell_of_seconds() -> None:
    assert told(VendingRule(replace(SETTINGS, dwell_s=15)), film(10, 2, pushed))[0] == []


def test_a_cart_pushed_towards_the_camera_from_afar_stays_quiet_with_a_dwell_of_seconds() -> None:
    def at(time: float) -> list[Thing]:
        metres = 38 - 0.94 * time
        left, bottom = 404 + 1830 / metres, 19 + 4041 / metres
        cart = (left, bottom - 1750 / metres, left + 1080 / metres, bottom)
        return [("vendor", cart), ("person", (left - 4, cart[1], left + 4, bottom))]

    zone = Zone("trotoar", ((0.3, 0.1), (0.99, 0.1), (0.99, 0.95), (0.3, 0.95)))
    assert told(VendingRule(replace(SETTINGS, zones=(zone,), dwell_s=5)), film(28 / 60, 1, at))[0] == []


def test_a_lorry_that_hides_the_seller_for_a_while_changes_nothing() -> None:
    lorry: Thing = ("truck", (240, 80, 460, 300))

    def at(time: float) -> list[Thing]:
        return [lorry] if 300 <= time < 345 or 800 <= time < 845 else sells(0, 10_000)(time)

    steps, _ = told(VendingRule(SETTINGS), film(20, 15, at))
    assert phases(steps) == ["opened"]
    assert steps[0].began == START


def test_a_detector_that_flickers_changes_nothing() -> None:
    noise = np.random.default_rng(17)

    def flickering(time: float) -> list[Thing]:
        box = shifted(CART, *noise.normal(0, 2, 2).tolist())
        return [SELLER] if int(time / 15) % 7 == 6 else [("vendor", box, float(noise.uniform(0.4, 0.8))), SELLER]

    steps, states = told(VendingRule(SETTINGS), film(40, 15, flickering))
    assert phases(steps) == ["opened"]
    assert states["trotoar"].stage is Stage.CONFIRMED


def test_a_seller_who_steps_aside_does_not_end_it_one_who_has_left_does() -> None:
    def at(time: float) -> list[Thing]:
        away = 900 <= time < 1020 or time >= 1500
        return [("vendor", CART)] if away else [("vendor", CART), SELLER]

    steps, _ = told(VendingRule(SETTINGS), film(60, 15, at))
    assert phases(steps) == ["opened", "closed"]
    assert START + 1620 <= steps[-1].time <= START + 2400
    assert steps[-1].reason == "Nobody attends to what stands here"


def test_three_units_are_worse_than_one() -> None:
    def market(time: float) -> list[Thing]:
        carts: list[Thing] = [("vendor", shifted(CART, 0, 75 * n - 80)) for n in range(3)]
        return [*carts, *(("person", shifted(SELLER[1], 0, 75 * n - 80)) for n in range(3))]

    steps, _ = told(VendingRule(SETTINGS), film(12, 15, market))
    assert (steps[0].measures["units"], steps[0].severity) == (3, 2)
    assert steps[0].reason.startswith("3 units stand and sell where none may")


# START is Thursday, 1 January 2026, 07:00 in Jakarta.
def permit(**changes: object) -> VendingSettings:
    place = Zone("SK 7", ((0.4, 0.3), (0.7, 0.3), (0.7, 0.8), (0.4, 0.8)))
    values: dict[str, object] = {"valid_from": date(2025, 1, 1), "valid_to": date(2026, 12, 31), **changes}
    return replace(SETTINGS, permits=(Permit("SK 7", place, **values),))  # type: ignore[arg-type]


def test_under_a_permit_nothing_opens() -> None:
    assert told(VendingRule(permit()), film(30, 15, sells(0, 10_000)))[0] == []


def test_an_expired_permit_is_void_and_the_reason_says_so() -> None:
    steps, _ = told(VendingRule(permit(valid_to=date(2025, 12, 31))), film(12, 15, sells(0, 10_000)))
    assert steps[0].reason.endswith("permit SK 7 expired on 2025-12-31")
    assert steps[0].confidence >= OPEN_FROM


def test_when_the_permit_s_hours_end_the_dwell_begins_and_is_doubtful_at_first() -> None:
    settings = replace(permit(hours=WeeklyHours.parse("06:00-07:10")), dwell_s=300)
    steps, _ = told(VendingRule(settings), film(40, 15, sells(0, 10_000)))
    assert phases(steps) == ["opened"]
    assert steps[0].began == pytest.approx(START + 600, abs=15)
    assert steps[0].time == pytest.approx(START + 900, abs=15)
    assert steps[0].confidence < OPEN_FROM
    assert "for a person to judge, 5 min outside the hours" in steps[0].reason
    assert steps[0].doubt == "5 min outside the hours of permit SK 7, 06:00-07:10"
    sure = [step for step in steps if step.time > START + 1260]
    assert all(step.confidence >= OPEN_FROM and step.doubt == "" for step in sure)


def test_on_the_border_of_a_permit_a_person_decides() -> None:
    def at(time: float) -> list[Thing]:
        return [("vendor", shifted(CART, -75)), ("person", shifted(SELLER[1], -75))]

    steps, _ = told(VendingRule(permit()), film(12, 15, at))
    assert phases(steps) == ["opened"]
    assert steps[0].confidence < OPEN_FROM
    assert steps[0].reason.endswith("for a person to judge, on the border of permit SK 7")


def test_over_capacity_a_person_decides_unless_another_is_beyond_doubt() -> None:
    inside: list[Thing] = [
        ("vendor", CART),
        SELLER,
        ("vendor", shifted(CART, 0, 60)),
        ("person", shifted(SELLER[1], 0, 60)),
    ]
    outside: list[Thing] = [("vendor", shifted(CART, 140)), ("person", shifted(SELLER[1], 140))]
    steps, _ = told(VendingRule(permit(capacity=1)), film(12, 15, lambda time: inside))
    assert steps[0].confidence < OPEN_FROM
    assert steps[0].measures["units"] == 1
    steps, _ = told(VendingRule(permit(capacity=1)), film(12, 15, lambda time: inside + outside))
    assert steps[0].confidence >= OPEN_FROM
    assert steps[0].measures["units"] == 2


def test_outside_the_schedule_selling_is_allowed() -> None:
    settings = replace(SETTINGS, schedule=WeeklyHours.parse("Mon-Wed 00:00-24:00"))
    assert told(VendingRule(settings), film(30, 15, sells(0, 10_000)))[0] == []


def test_a_restart_while_it_dwells_does_not_begin_anew() -> None:
    looks = film(14, 15, sells(0, 10_000))
    _, states = told(VendingRule(SETTINGS), looks[:20])
    stored = {zone: EpisodeState.from_json(json.loads(json.dumps(state.to_json()))) for zone, state in states.items()}
    steps, _ = told(VendingRule(SETTINGS), looks[21:], stored)
    assert (steps[0].began, steps[0].time) == (START, START + 600)


GROUND = GroundPlane(np.diag([1 / 30, 1 / 30, 1.0]), *SIZE)
"""Thirty pixels a metre: the cart is 2 m wide."""


@pytest.mark.parametrize(
    ("person", "near", "near_m"),
    [
        pytest.param((370, 160, 388, 215), True, True, id="beside it"),
        pytest.param((320, 140, 338, 190), True, True, id="behind it"),
        pytest.param((402, 160, 420, 215), True, True, id="just within reach"),
        pytest.param((440, 160, 458, 215), False, False, id="three metres to the side"),
        pytest.param((320, 210, 338, 265), False, True, id="before it, where an unknown view may be flat"),
        pytest.param((302, 152, 358, 218), False, False, id="the unit itself, taken for a person"),
    ],
)
def test_who_is_within_reach(person: Box, near: bool, near_m: bool) -> None:
    look = seen(0, [("vendor", CART), ("person", person)])
    assert attended([CART], look, None) == [near]
    assert attended([CART], look, GROUND) == [near_m]


def test_attendance_fades() -> None:
    attendance = Attendance()
    for time in range(0, 300, 15):
        attendance = attendance.after(time, 100, near=True)
    assert attendance.enough
    shares = []
    for time in range(300, 600, 15):
        attendance = attendance.after(time, 100, near=False)
        shares.append(attendance.share)
    assert shares[0] > 0.8
    assert shares == sorted(shares, reverse=True)
    assert not attendance.enough


def test_on_the_map_it_tells_where_the_unit_stands() -> None:
    from calibration.geodesy import LonLat

    plain = GroundPlane(np.diag([0.05, 0.05, 1.0]), *SIZE)
    steps, _ = told(VendingRule(SETTINGS, plain), film(12, 15, sells(0, 10_000)))
    assert steps[0].spot is None, "in metres only nobody knows where on Earth it is"
    placed = replace(plain, origin=LonLat(106.11, -2.13))
    steps, _ = told(VendingRule(SETTINGS, placed), film(12, 15, sells(0, 10_000)))
    assert steps[0].spot is not None
    east, north = placed.origin.metres(np.array([steps[0].spot]))[0]
    assert (east, north) == pytest.approx((330 * 0.05, (220 - 70 / 6) * 0.05), abs=0.01)
