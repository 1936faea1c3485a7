"""Working time on days known from the wall calendar."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from central.clock.calendar import Calendar, NeverDue
from central.clock.holidays import Holidays
from central.clock.hours import DAYS, ROUND_THE_CLOCK, read_week

OFFICE = read_week({day: ["08:00-12:00", "13:00-16:30"] for day in DAYS[:5]})
WIB = ZoneInfo("Asia/Jakarta")


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2026-03-02 09:00", 2, "2026-03-02 11:00"),
        ("2026-03-02 11:00", 2, "2026-03-02 14:00"),  # over the break
        ("2026-03-02 16:00", 1, "2026-03-03 08:30"),  # over the night
        ("2026-03-06 16:00", 1, "2026-03-09 08:30"),  # Friday to Monday
        ("2026-03-07 11:00", 1, "2026-03-09 09:00"),  # from a Saturday
        ("2026-03-02 08:00", 7.5, "2026-03-02 16:30"),  # a whole day ends at its own end
        ("2026-03-16 08:00", 22.5, "2026-03-25 16:30"),  # Nyepi and Idul Fitri with its joint leave: 18 to 24 March
        ("2026-03-02 03:00", 0, "2026-03-02 03:00"),
    ],
)
def test_office_hours_in_jakarta(start: str, amount: float, end: str) -> None:
    calendar = Calendar(OFFICE, "Asia/Jakarta", Holidays("ID", ("public", "government")))
    begin, expected = (datetime.fromisoformat(text).replace(tzinfo=WIB) for text in (start, end))
    assert calendar.after(begin, hours(amount)) == expected
    assert calendar.worked(begin, expected) == hours(amount)


def test_three_working_days_are_three_days_round_the_clock_without_weekend_and_holidays() -> None:
    working_days = Calendar(read_week({day: ["00:00-24:00"] for day in DAYS[:5]}), holidays=Holidays("ID"))
    thursday = datetime(2026, 4, 2, 10, 15, tzinfo=WIB)  # Good Friday follows
    assert working_days.after(thursday, hours(72)) == datetime(2026, 4, 8, 10, 15, tzinfo=WIB)


def test_each_zone_has_its_own_morning() -> None:
    midnight = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # 07:00 WIB, 08:00 WITA, 09:00 WIT
    ends = [
        Calendar(OFFICE, zone).after(midnight, hours(1)).hour
        for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
    ]
    assert ends == [2, 1, 1]


def test_a_city_adds_its_own_days() -> None:
    anniversary = Calendar(OFFICE, holidays=Holidays(extra=frozenset({date(2026, 6, 22)})))
    assert anniversary.after(datetime(2026, 6, 22, 9, tzinfo=WIB), hours(1)) == datetime(2026, 6, 23, 9, tzinfo=WIB)


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/Santiago", date(2026, 9, 6), 23),  # there midnight itself is skipped
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_days_on_which_clocks_are_changed(zone: str, day: date, length: float) -> None:
    calendar = Calendar(ROUND_THE_CLOCK, zone)
    whole = Calendar(read_week({DAYS[day.weekday()]: ["00:00-24:00"]}), zone)
    halves = Calendar(read_week({DAYS[day.weekday()]: ["00:00-02:10", "02:10-24:00"]}), zone)
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - hours(24)
    for each in (whole, halves):
        assert each.worked(begin, begin + hours(72)) == hours(length)
    assert calendar.worked(begin, begin + hours(72)) == hours(72)


def test_years_ahead_at_once() -> None:
    calendar = Calendar(OFFICE, holidays=Holidays("ID"))
    start = datetime(2026, 3, 2, 9, 0, tzinfo=WIB)
    ten_years = hours(7.5 * 240 * 10)
    end = calendar.after(start, ten_years)
    assert end.year in {2035, 2036}
    began = time.perf_counter()
    for _ in range(20):
        calendar.after(start, ten_years)
    assert (time.perf_counter() - began) / 20 < 0.05


def test_what_cannot_be() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        Calendar(OFFICE, "Asia/Atlantis")
    with pytest.raises(ValueError, match="XX"):
        Holidays("XX")
    with pytest.raises(ValueError, match="bank"):
        Holidays("ID", ("bank",))
    with pytest.raises(NeverDue, match="hundred years"):
        Calendar(read_week({"mon": ["08:00-08:01"]})).after(datetime(2026, 1, 1, tzinfo=UTC), hours(1000))
