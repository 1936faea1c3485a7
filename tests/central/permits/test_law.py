"""What a permit allows: a table, and that the box judges alike."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.permits.law import Answer, Place, Spot, Why, changes_after, permitted
from contract.schedule import WeeklyHours
from edge.incidents.area import Area
from edge.incidents.dwell import Standing
from edge.incidents.permits import Permit as BoxPermit
from edge.incidents.permits import Standpoint, rule_on
from edge.perception.zone import Zone
from tests.central.permits.places import JAKARTA, JAYAPURA, MAKASSAR, outline, place, spot

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=JAKARTA)
"""A Monday."""
YES, AMBIGUOUS, NO = Answer.YES, Answer.AMBIGUOUS, Answer.NO
NIGHT = WeeklyHours.parse("Sat 22:00-04:00")
DAILY = WeeklyHours.parse("00:00-24:00")


def on(day: int, hour: int, minute: int = 0, second: int = 0, *, month: int = 3, zone: Any = JAKARTA) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=zone)


@pytest.mark.parametrize(
    ("where", "units", "when", "places", "answer", "why"),
    [
        pytest.param(spot(), 1, NOON, [place()], YES, Why.PERMIT, id="in the middle of everything"),
        pytest.param(spot(), 1, NOON, [], NO, Why.NOWHERE, id="no permit at all"),
        pytest.param(spot(40), 1, NOON, [place()], NO, Why.NOWHERE, id="20 m beside it"),
        # the border, 1 m to both sides
        pytest.param(spot(21.05), 1, NOON, [place()], NO, Why.NOWHERE, id="1.05 m outside"),
        pytest.param(spot(20.95), 1, NOON, [place()], AMBIGUOUS, Why.BORDER, id="0.95 m outside"),
        pytest.param(spot(19.05), 1, NOON, [place()], AMBIGUOUS, Why.BORDER, id="0.95 m inside"),
        pytest.param(spot(18.95), 1, NOON, [place()], YES, Why.PERMIT, id="1.05 m inside"),
        pytest.param(spot(20.6, 10.6), 1, NOON, [place()], AMBIGUOUS, Why.BORDER, id="0.85 m off a corner"),
        pytest.param(spot(20.9, 10.9), 1, NOON, [place()], NO, Why.NOWHERE, id="1.27 m off a corner"),
        pytest.param(spot(20, 5), 1, on(2, 3), [place()], NO, Why.HOURS, id="on the border, hours away"),
        # the days
        pytest.param(spot(), 1, on(30, 21, month=6), [place()], YES, Why.PERMIT, id="last day"),
        pytest.param(spot(), 1, on(1, 12, month=7), [place()], NO, Why.EXPIRED, id="the day after"),
        pytest.param(
            spot(),
            1,
            on(30, 23, 59, 59, month=6),
            [place(hours=DAILY)],
            YES,
            Why.PERMIT,
            id="last second",
        ),
        pytest.param(spot(), 1, on(1, 0, month=7), [place(hours=DAILY)], NO, Why.EXPIRED, id="midnight after it"),
        pytest.param(
            spot(), 1, on(1, 12, month=1), [place(valid_from=date(2026, 1, 2))], NO, Why.BEGINS, id="a day too early"
        ),
        pytest.param(spot(), 1, on(1, 12, month=1), [place()], YES, Why.PERMIT, id="first day"),
        pytest.param(
            spot(), 1, NOON, [place(valid_from=NOON.date(), valid_to=NOON.date())], YES, Why.PERMIT, id="one day only"
        ),
        # time zones: 30 June 17:00 UTC is 1 July 00:00 WIB, 01:00 WITA, 02:00 WIT
        pytest.param(
            spot(), 1, on(30, 16, 30, month=6, zone=UTC), [place(hours=DAILY)], YES, Why.PERMIT, id="23:30 in WIB"
        ),
        pytest.param(
            spot(),
            1,
            on(30, 16, 30, month=6, zone=UTC),
            [place(hours=DAILY, zone=MAKASSAR)],
            NO,
            Why.EXPIRED,
            id="00:30 of the next day in WITA",
        ),
        pytest.param(
            spot(),
            1,
            on(30, 14, 59, month=6, zone=UTC),
            [place(hours=DAILY, zone=JAYAPURA)],
            YES,
            Why.PERMIT,
            id="23:59 in WIT",
        ),
        pytest.param(
            spot(),
            1,
            on(30, 15, 0, month=6, zone=UTC),
            [place(hours=DAILY, zone=JAYAPURA)],
            NO,
            Why.EXPIRED,
            id="midnight in WIT",
        ),
        pytest.param(spot(), 1, on(2, 21, zone=MAKASSAR), [place()], YES, Why.PERMIT, id="asked in another zone"),
        pytest.param(spot(), 1, on(2, 21), [place(zone=JAYAPURA)], NO, Why.HOURS, id="21:00 WIB is past 22:00 in WIT"),
        # the hours, and minutes around them
        pytest.param(spot(), 1, on(2, 5, 49, 59), [place()], NO, Why.HOURS, id="more than 10 min before"),
        pytest.param(spot(), 1, on(2, 5, 50), [place()], AMBIGUOUS, Why.AROUND, id="10 min before"),
        pytest.param(spot(), 1, on(2, 5, 59, 59), [place()], AMBIGUOUS, Why.AROUND, id="a second before"),
        pytest.param(spot(), 1, on(2, 6), [place()], YES, Why.PERMIT, id="as they begin"),
        pytest.param(spot(), 1, on(2, 21, 59, 59), [place()], YES, Why.PERMIT, id="a second before the end"),
        pytest.param(spot(), 1, on(2, 22), [place()], AMBIGUOUS, Why.AROUND, id="at the end"),
        pytest.param(spot(), 1, on(2, 22, 9, 59), [place()], AMBIGUOUS, Why.AROUND, id="minutes after"),
        pytest.param(spot(), 1, on(2, 22, 10), [place()], NO, Why.HOURS, id="10 min after"),
        # across midnight
        pytest.param(spot(), 1, on(7, 23), [place(hours=NIGHT)], YES, Why.PERMIT, id="Saturday night"),
        pytest.param(spot(), 1, on(8, 3, 59), [place(hours=NIGHT)], YES, Why.PERMIT, id="until Sunday morning"),
        pytest.param(spot(), 1, on(8, 4, 5), [place(hours=NIGHT)], AMBIGUOUS, Why.AROUND, id="packing up on Sunday"),
        pytest.param(spot(), 1, on(7, 3), [place(hours=NIGHT)], NO, Why.HOURS, id="the night before"),
        pytest.param(
            spot(),
            1,
            on(8, 0, 30),
            [place(hours=NIGHT, valid_to=date(2026, 3, 7))],
            NO,
            Why.EXPIRED,
            id="it expires at midnight, in the middle of its hours",
        ),
        # capacity
        pytest.param(spot(), 2, NOON, [place()], YES, Why.PERMIT, id="full"),
        pytest.param(spot(), 3, NOON, [place()], AMBIGUOUS, Why.CAPACITY, id="one too many"),
        pytest.param(spot(), 300, NOON, [place(capacity=None)], YES, Why.PERMIT, id="any number"),
        pytest.param(spot(), 3, on(2, 23), [place()], NO, Why.HOURS, id="too many, and outside the hours"),
        # overlapping permits: the best of them
        pytest.param(
            spot(), 3, NOON, [place(), place(sk="SK 13", capacity=5)], YES, Why.PERMIT, id="the other one has room"
        ),
        pytest.param(
            spot(20),
            1,
            NOON,
            [place(), place(sk="SK 13", ring=outline(west_m=15))],
            YES,
            Why.PERMIT,
            id="inside the other",
        ),
        pytest.param(
            spot(),
            1,
            on(1, 12, month=7),
            [place(), place(sk="SK 13", valid_to=date(2026, 12, 31))],
            YES,
            Why.PERMIT,
            id="renewed by another SK",
        ),
        pytest.param(
            spot(), 1, on(2, 3), [place(), place(sk="SK 13", ring=outline(west_m=90))], NO, Why.HOURS, id="says why not"
        ),
        # a camera that cannot tell the spot
        pytest.param(spot(60, within_m=60), 1, NOON, [place()], AMBIGUOUS, Why.NEARBY, id="somewhere within 60 m"),
        pytest.param(spot(90, within_m=60), 1, NOON, [place()], NO, Why.NOWHERE, id="too far all the same"),
        pytest.param(spot(60, within_m=60), 1, on(2, 3), [place()], NO, Why.HOURS, id="near, but hours away"),
    ],
)
def test_table(*, where: Spot, units: int, when: datetime, places: list[Place], answer: Answer, why: Why) -> None:
    ruling = permitted(where, units, when, places)
    assert (ruling.answer, ruling.why) == (answer, why)


def test_the_ruling_names_the_sk() -> None:
    assert permitted(spot(), 1, NOON, [place()]).sk == "SK 12/2026"
    assert permitted(spot(), 3, NOON, [place()]).details == {"capacity": 2, "units": 3}


@pytest.mark.parametrize(
    ("when", "places", "changes"),
    [
        pytest.param(on(2, 12), [place()], on(2, 22), id="end of the hours"),
        pytest.param(on(2, 22), [place()], on(2, 22, 10), id="then the doubt ends"),
        pytest.param(on(2, 22, 10), [place()], on(3, 5, 50), id="until the next morning"),
        pytest.param(on(1, 12, month=2), [place(hours=DAILY)], on(1, 0, month=7), id="five months later, on expiry"),
        pytest.param(on(1, 12, month=7), [place()], None, id="never again"),
        pytest.param(
            datetime(2025, 12, 1, tzinfo=JAKARTA), [place(hours=NIGHT)], on(3, 21, 50, month=1), id="the first Saturday"
        ),
        pytest.param(on(2, 12), [place(), place(sk="SK 13", hours=DAILY)], on(1, 0, month=7), id="the other goes on"),
        pytest.param(on(2, 12), [], None, id="none"),
    ],
)
def test_when_the_answer_changes(when: datetime, places: list[Place], changes: datetime | None) -> None:
    assert changes_after(spot(), 1, when, places) == changes


moments = st.datetimes(datetime(2026, 6, 20), datetime(2026, 7, 5)).map(lambda naive: naive.replace(tzinfo=JAKARTA))
spells = st.sampled_from(["06:00-22:00", "Sat 22:00-04:00", "Mon-Fri 08:00-12:00, 13:00-15:00", "Sun 00:00-24:00"])


@given(moments, spells, st.integers(0, 20_000))
def test_nothing_changes_before_it_is_said_to(moment: datetime, text: str, minutes: int) -> None:
    known = [place(hours=WeeklyHours.parse(text))]
    change = changes_after(spot(), 1, moment, known)
    later = moment + timedelta(minutes=minutes)
    if change is None or later < change:
        assert permitted(spot(), 1, later, known).answer == permitted(spot(), 1, moment, known).answer
    else:
        assert permitted(spot(), 1, change, known).answer != permitted(spot(), 1, moment, known).answer


SAID_BY_THE_BOX = {Standpoint.ALLOWED: YES, Standpoint.DOUBTFUL: AMBIGUOUS, Standpoint.FORBIDDEN: NO}
PICTURE = Zone("SK 12/2026", ((0.2, 0.2), (0.6, 0.2), (0.6, 0.8), (0.2, 0.8)))


@given(moments.map(lambda moment: moment.replace(second=30)), spells, st.integers(1, 4))
def test_box_and_centre_judge_alike(moment: datetime, text: str, units: int) -> None:
    """The worst of the units the box sees is what the centre says of them together."""
    ours = place(hours=WeeklyHours.parse(text))
    theirs = BoxPermit(ours.sk, PICTURE, ours.valid_from, ours.valid_to, ours.hours, ours.capacity)
    stand = [
        Standing(key, "vendor", (380, 195, 420, 261), 0, 100, 0.8, (("vendor", 1),), hits=9, looks=9)
        for key in range(units)
    ]
    rulings = rule_on(stand, [theirs], {PICTURE.id: Area(PICTURE.points, (1000, 500))}, moment, 1000)
    worst = max((ruling.standpoint for ruling in rulings.values()), key=list(Standpoint).index)
    assert SAID_BY_THE_BOX[worst] is permitted(spot(), units, moment, [ours]).answer
