"""Hours as people write them."""

import pytest
from hypothesis import given

from central.clock.hours import DAYS, ROUND_THE_CLOCK, Hours, Week, checked, read_week
from tests.central.clock.arbitrary import weeks


def test_a_day_may_have_several_working_periods() -> None:
    week = read_week({"mon": ["13:00-16:30", "08:00-12:00"], "sat": ["22:00-24:00"]})
    assert week[0] == (Hours(480, 720), Hours(780, 990))
    assert week[5] == (Hours(1320, 1440),)
    assert not week[6]


def test_round_the_clock_loses_no_minute() -> None:
    assert read_week({day: ["00:00-24:00"] for day in DAYS}) == ROUND_THE_CLOCK


@given(weeks)
def test_what_is_written_is_read_again(week: Week) -> None:
    assert read_week({day: [str(hours) for hours in of] for day, of in zip(DAYS, week, strict=True)}) == week


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"monday": ["08:00-12:00"]}, "unknown day 'monday'"),
        ({"mon": ["8-12"]}, "write hours as 08:00-12:00"),
        ({"mon": ["08:60-12:00"]}, "write hours as"),
        ({"mon": ["22:00-06:00"]}, "past midnight write two"),
        ({"mon": ["08:00-08:00"]}, "must end after"),
        ({"mon": ["20:00-24:01"]}, "must end after"),
        ({"mon": ["08:00-12:00", "11:59-13:00"]}, "begins before"),
        ({"mon": []}, "nothing would ever fall due"),
    ],
)
def test_hours_that_cannot_be(written: dict[str, list[str]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_week(written)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="seven"):
        checked(ROUND_THE_CLOCK[:6])
