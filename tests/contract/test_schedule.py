"""Hours of the week as people write them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contract.schedule import ALWAYS, DAYS, WeeklyHours

JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


def at(moment: str, zone: ZoneInfo = JAKARTA) -> datetime:
    """A moment such as "Mon 06:30" of the week of 5 January 2026."""
    day, clock = moment.split()
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 1, 5 + DAYS.index(day), hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("Mon-Fri 06:00-22:00", "Mon 06:00, Fri 21:59", "Mon 05:59, Fri 22:00, Sat 12:00"),
        ("06:00-22:00", "Sun 06:00", "Sun 22:00"),
        ("Mon-Sun 00:00-24:00", "Mon 00:00, Sun 23:59", ""),
        ("Mon 22:00-06:00", "Mon 23:00, Tue 05:59", "Mon 05:00, Tue 06:00, Tue 23:00"),
        ("Sun 22:00-06:00", "Sun 23:00, Mon 05:59", "Mon 06:00, Sun 05:00"),
        ("Fri-Mon 10:00-11:00", "Fri 10:00, Sun 10:00, Mon 10:00", "Tue 10:00, Thu 10:00"),
        ("Mon, Wed 08:00-10:00", "Mon 09:00, Wed 09:00", "Tue 09:00"),
        ("Mon-Fri 06:00-10:00, 16:00-20:00; Sat 08:00-12:00", "Tue 17:00, Sat 09:00", "Tue 12:00, Sat 17:00"),
        ("mon - fri 06:00 - 22:00", "Mon 06:00", "Sun 06:00"),
        ("Mon 22:00-02:00, Tue 01:00-03:00", "Tue 00:30, Tue 02:30", "Tue 03:00"),
    ],
)
def test_hours_hold_from_their_start_up_to_their_end(text: str, inside: str, outside: str) -> None:
    hours = WeeklyHours.parse(text)
    assert all(hours.covers(at(moment)) for moment in inside.split(", "))
    assert not any(hours.covers(at(moment)) for moment in outside.split(", ") if moment)


def test_the_whole_week_is_always() -> None:
    assert WeeklyHours.parse("00:00-24:00").spans == ALWAYS.spans


def test_it_is_the_camera_s_clock_that_counts() -> None:
    hours = WeeklyHours.parse("06:00-07:00")
    moment = at("Mon 06:30")
    assert hours.covers(moment)
    assert not hours.covers(moment.astimezone(JAYAPURA)), "two hours later there"


@pytest.mark.parametrize(
    ("text", "moment", "away_min"),
    [
        ("08:00-14:00", "Mon 14:05", 5),
        ("08:00-14:00", "Mon 07:50", 10),
        ("08:00-14:00", "Mon 08:00", 0),
        ("Mon 00:00-01:00", "Sun 23:00", 60),
        ("Sun 22:00-24:00", "Mon 00:30", 30),
        ("Mon 12:00-13:00", "Fri 00:30", 3 * 24 * 60 + 11.5 * 60),
    ],
)
def test_how_far_a_moment_is_from_the_hours(text: str, moment: str, away_min: float) -> None:
    assert WeeklyHours.parse(text).away_s(at(moment)) == pytest.approx(60 * away_min)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "no hours"),
        ("Mon-Fri", "no times after the days"),
        ("Mon 08:00-10:00 Tue", "no times after the days"),
        ("Senin 08:00-10:00", "'Senin' is neither a day"),
        ("Mon 8-10", "'8-10' is neither a day"),
        ("Mon 08:00-25:00", "'08:00-25:00' is no time of day"),
        ("Mon 24:00-08:00", "is no time of day"),
        ("Mon 08:60-09:00", "is no time of day"),
        ("Mon 08:00-08:00", "write 00:00-24:00 for the whole day"),
    ],
)
def test_what_cannot_be_read_is_said_with_an_example(text: str, expected: str) -> None:
    with pytest.raises(ValueError, match=r"write|a day runs") as caught:
        WeeklyHours.parse(text)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("text", "moment", "near"),
    [
        ("Mon 06:00-22:00", "Mon 05:49", False),
        ("Mon 06:00-22:00", "Mon 05:50", True),
        ("Mon 06:00-22:00", "Mon 22:09", True),
        ("Mon 06:00-22:00", "Mon 22:10", False),
        ("Sun 22:00-06:00", "Mon 06:05", True),
        ("Mon 00:00-02:00", "Sun 23:55", True),
    ],
)
def test_what_is_near_the_hours(text: str, moment: str, near: bool) -> None:
    assert WeeklyHours.parse(text).is_near(at(moment), 10) is near


def test_turns_of_the_week_to_come() -> None:
    night = WeeklyHours.parse("Sat 22:00-02:00")
    assert night.turns_after(at("Sat 23:00")) == [at("Sun 02:00"), at("Sat 22:00") + timedelta(days=7)]
    assert night.turns_after(at("Sun 02:00"), 10) == [
        at("Sun 02:10"),
        at("Sat 21:50") + timedelta(days=7),
        at("Sat 22:00") + timedelta(days=7),
        at("Sun 02:00") + timedelta(days=7),
    ]
