"""What a decree allows, and where it leaves a doubt."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from calibration.ground import CalibrationError, GroundPlane
from contract.schedule import WeeklyHours
from edge.incidents.area import Area, Areas, GroundZone
from edge.incidents.dwell import Standing
from edge.incidents.permits import Permit, Ruling, Standpoint, named, rule_on
from edge.perception.zone import Zone

JAKARTA = ZoneInfo("Asia/Jakarta")
SIZE = (1000, 500)
PLACE = Zone("SK 12/2025", ((0.2, 0.2), (0.6, 0.2), (0.6, 0.8), (0.2, 0.8)))
PERMIT = Permit("SK 12/2025", PLACE, date(2025, 7, 1), date(2026, 6, 30), WeeklyHours.parse("08:00-14:00"), 2)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=JAKARTA)
METRE = GroundPlane(np.diag([0.02, 0.02, 1.0]), *SIZE)
"""Fifty pixels a metre."""


def unit(x: float, key: int = 1, since: float = 0.0) -> Standing:
    """One whose footprint has its middle at x, half way down the place."""
    return Standing(key, "vendor", (x - 20, 195, x + 20, 261), since, 100, 0.8, (("vendor", 1),), hits=9, looks=9)


def ruling(
    *units: Standing,
    permits: tuple[Permit, ...] = (PERMIT,),
    moment: datetime = NOON,
    ground: GroundPlane | None = None,
) -> dict[int, Ruling]:
    apart = named(permits)
    areas = {permit.zone.id: Area(permit.zone.points, SIZE, ground) for permit in apart}
    return rule_on(units, apart, areas, moment, SIZE[0])


def test_inside_on_a_valid_day_within_the_hours_it_is_allowed() -> None:
    assert ruling(unit(400))[1].standpoint is Standpoint.ALLOWED


def test_outside_every_place_it_is_forbidden_and_there_is_nothing_to_add() -> None:
    assert ruling(unit(800))[1] == Ruling(Standpoint.FORBIDDEN)
    assert ruling(unit(400), permits=())[1] == Ruling(Standpoint.FORBIDDEN)


@pytest.mark.parametrize(
    ("moment", "standpoint", "why"),
    [
        (datetime(2026, 6, 30, 13, 59, tzinfo=JAKARTA), Standpoint.ALLOWED, "permit SK 12/2025"),
        (datetime(2026, 7, 1, 8, 0, tzinfo=JAKARTA), Standpoint.FORBIDDEN, "permit SK 12/2025 expired on 2026-06-30"),
        (datetime(2025, 6, 30, 12, 0, tzinfo=JAKARTA), Standpoint.FORBIDDEN, "permit SK 12/2025 begins on 2025-07-01"),
        (datetime(2025, 7, 1, 8, 0, tzinfo=JAKARTA), Standpoint.ALLOWED, "permit SK 12/2025"),
        (datetime(2026, 3, 2, 18, 0, tzinfo=JAKARTA), Standpoint.FORBIDDEN, "permit SK 12/2025 holds 08:00-14:00 only"),
        (
            datetime(2026, 3, 2, 14, 5, tzinfo=JAKARTA),
            Standpoint.DOUBTFUL,
            "5 min outside the hours of permit SK 12/2025, 08:00-14:00",
        ),
        (
            datetime(2026, 3, 2, 7, 51, tzinfo=JAKARTA),
            Standpoint.DOUBTFUL,
            "9 min outside the hours of permit SK 12/2025, 08:00-14:00",
        ),
        (datetime(2026, 3, 2, 7, 49, tzinfo=JAKARTA), Standpoint.FORBIDDEN, "permit SK 12/2025 holds 08:00-14:00 only"),
    ],
)
def test_days_and_hours(moment: datetime, standpoint: Standpoint, why: str) -> None:
    assert ruling(unit(400), moment=moment)[1] == Ruling(standpoint, why)


def test_a_permit_expires_at_midnight_of_its_own_place() -> None:
    always = Permit("SK 1", PLACE, date(2025, 7, 1), date(2026, 6, 30))
    last = datetime(2026, 6, 30, 23, 59, 59, tzinfo=JAKARTA)
    assert ruling(unit(400), permits=(always,), moment=last)[1].standpoint is Standpoint.ALLOWED
    elsewhere = last.astimezone(ZoneInfo("Asia/Jayapura"))
    assert ruling(unit(400), permits=(always,), moment=elsewhere)[1].standpoint is Standpoint.FORBIDDEN


@pytest.mark.parametrize(
    ("x", "standpoint"),
    [
        (589, Standpoint.ALLOWED),
        (592, Standpoint.DOUBTFUL),
        (608, Standpoint.DOUBTFUL),
        (611, Standpoint.FORBIDDEN),
    ],
)
def test_within_a_hundredth_of_the_picture_s_width_of_the_outline_nobody_can_tell(
    x: float, standpoint: Standpoint
) -> None:
    assert ruling(unit(x))[1].standpoint is standpoint


@pytest.mark.parametrize(
    ("x", "standpoint"),
    [
        (549, Standpoint.ALLOWED),
        (552, Standpoint.DOUBTFUL),
        (648, Standpoint.DOUBTFUL),
        (652, Standpoint.FORBIDDEN),
    ],
)
def test_where_the_camera_is_calibrated_it_is_a_metre(x: float, standpoint: Standpoint) -> None:
    found = ruling(unit(x), ground=METRE)[1]
    assert found.standpoint is standpoint
    assert found.why == ("on the border of permit SK 12/2025" if standpoint is Standpoint.DOUBTFUL else found.why)


def test_on_the_border_of_an_expired_permit_there_is_no_doubt() -> None:
    later = datetime(2026, 7, 1, 12, 0, tzinfo=JAKARTA)
    assert ruling(unit(600), moment=later)[1].standpoint is Standpoint.FORBIDDEN


def test_over_capacity_those_who_came_last_are_in_doubt() -> None:
    rulings = ruling(unit(300, 1, since=20), unit(400, 2, since=5), unit(500, 3, since=30), unit(800, 4))
    assert [rulings[key].standpoint for key in (1, 2, 3, 4)] == [
        Standpoint.ALLOWED,
        Standpoint.ALLOWED,
        Standpoint.DOUBTFUL,
        Standpoint.FORBIDDEN,
    ]
    assert rulings[3].why == "permit SK 12/2025 allows 2 units, 3 stand there"


def test_of_two_permits_the_one_that_holds_counts() -> None:
    expired = Permit("SK 1/2023", PLACE, date(2023, 1, 1), date(2024, 12, 31))
    for permits in ((expired, PERMIT), (PERMIT, expired)):
        assert ruling(unit(400), permits=permits)[1] == Ruling(Standpoint.ALLOWED, "permit SK 12/2025")


def test_one_decree_may_designate_two_places() -> None:
    other = Permit(
        "SK 12/2025",
        Zone("SK 12/2025", ((0.7, 0.2), (0.9, 0.2), (0.9, 0.8), (0.7, 0.8))),
        date(2025, 7, 1),
        date(2026, 6, 30),
    )
    rulings = ruling(unit(400, 1), unit(800, 2), permits=(PERMIT, other))
    assert {found.standpoint for found in rulings.values()} == {Standpoint.ALLOWED}


def test_a_permit_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Permit("SK 1", PLACE, date(2026, 2, 1), date(2026, 1, 1))
    with pytest.raises(ValueError, match="at least 1"):
        Permit("SK 1", PLACE, date(2026, 1, 1), date(2026, 2, 1), capacity=0)


def test_a_place_on_the_map_is_told_in_metres_also_where_it_leaves_the_picture() -> None:
    on_map = GroundZone("SK 12/2025", ((4.0, -3.0), (30.0, -3.0), (30.0, 8.0), (4.0, 8.0)))
    permit = replace(PERMIT, zone=on_map)
    (area,) = Areas([on_map], METRE).of(SIZE).values()
    for x, standpoint in ((140, Standpoint.FORBIDDEN), (240, Standpoint.DOUBTFUL), (980, Standpoint.ALLOWED)):
        ruled = rule_on([unit(x)], [permit], {on_map.id: area}, NOON, SIZE[0])
        assert ruled[1].standpoint is standpoint, x
        assert area.holds((x - 20, 195, x + 20, 261)) == (x > 200)


def test_a_place_on_the_map_needs_a_calibrated_camera() -> None:
    with pytest.raises(CalibrationError, match="no calibration"):
        Areas([GroundZone("SK 1", ((0, 0), (1, 0), (1, 1)))]).of(SIZE)
