"""Silences hide what they name, for as long as they say, and never a dangerous flood."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from central.accounts.roles import Actor, Role
from central.boxes.models import Camera
from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.incidents.deciding import confirm
from central.incidents.models import Policy
from central.silences.areas import check_ring, contains
from central.silences.changing import end, silence
from central.silences.matching import heard_from
from central.silences.models import Silence
from contract.kinds import IncidentKind
from tests.central.fakebox import FakeBox, episode
from tests.central.incidents.hearing import hear, the_incident
from tests.central.moments import at

RINA = Actor(Role.OPERATOR, "rina")
SQUARE = [[106.0, -3.0], [107.0, -3.0], [107.0, -2.0], [106.0, -2.0]]
WHY = "car-free day"


def quiet(begins: float = 0, ends: float = 3600, now: float = 0, **more: Any) -> Silence:
    return silence(RINA, at(now), begins=at(begins), ends=at(ends), reason=WHY, **more)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_square_holds_what_lies_between_its_sides(lon: float, lat: float) -> None:
    inside = 106 < lon < 107 and -3 < lat < -2
    on_the_edge = lon in {106, 107} or lat in {-3, -2}
    assert on_the_edge or contains(SQUARE, lon, lat) == inside


def test_a_concave_area() -> None:
    u_shape = [[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3]]
    assert contains(u_shape, 0.5, 2)
    assert not contains(u_shape, 1.5, 2)


@pytest.mark.parametrize("ring", [None, "x", [[1, 2]], [[1, 2], [3, 4], [5]], [[1, 2], [3, 4], [500, 6]], [1, 2, 3]])
def test_what_is_no_area(ring: object) -> None:
    with pytest.raises(ValidationError):
        check_ring(ring)


def span(begins: float, ends: float) -> Silence:
    return Silence(begins=at(begins), ends=at(ends))


@pytest.mark.parametrize(
    ("spans", "heard"),
    [
        ([], 5),
        ([span(0, 10)], 10),
        ([span(6, 10)], 5),
        ([span(0, 5)], 5),
        ([span(8, 20), span(0, 10)], 20),
        ([span(0, 10), span(10, 11)], 11),
        ([span(0, 10), span(11, 12)], 10),
    ],
)
def test_when_something_is_heard(spans: list[Silence], heard: float) -> None:
    assert heard_from(at(5), spans) == at(heard)


def state_at(seconds: float) -> tuple[str, int]:
    tick(at(seconds))
    return the_incident().state, Complaint.objects.count()


@pytest.mark.django_db
class TestHiding:
    """One jam from the beginning, a silence of an hour."""

    def test_hidden_then_heard(self, box: FakeBox, seeded: None) -> None:
        quiet(kind="jam")
        hear(box.opened(episode(), 10), now=at(10))
        assert state_at(3599) == ("suppressed", 0)
        assert state_at(3600) == ("active", 0)
        assert state_at(3659) == ("active", 0)
        assert state_at(3660) == ("active", 1)

    def test_over_before_the_silence_ends(self, box: FakeBox, seeded: None) -> None:
        quiet(kind="jam")
        jam = episode()
        hear(box.opened(jam, 10), now=at(10))
        hear(box.closed(jam, 3000), now=at(3000))
        assert state_at(3500) == ("clearing", 0)
        assert state_at(4000) == ("closed", 0)

    def test_heard_late_of_what_happened_in_the_silence(self, box: FakeBox, seeded: None) -> None:
        quiet(kind="jam")
        jam = episode()
        hear(box.opened(jam, 10), box.closed(jam, 3000), now=at(9000))
        assert state_at(9001) == ("closed", 0)

    def test_a_silence_that_comes_after_it_counted(self, box: FakeBox, seeded: None) -> None:
        hear(box.opened(episode(), 10), now=at(10))
        quiet(30, 3600, now=30, kind="jam")
        assert state_at(100) == ("suppressed", 0)
        assert state_at(3600) == ("active", 1)

    def test_what_was_filed_stays_filed(self, box: FakeBox, seeded: None) -> None:
        hear(box.opened(episode(), 10), now=at(10))
        assert state_at(70) == ("active", 1)
        quiet(80, 3600, now=80, kind="jam")
        assert state_at(100) == ("active", 1)

    def test_ended_early(self, box: FakeBox, seeded: None) -> None:
        made = quiet(kind="jam")
        hear(box.opened(episode(), 10), now=at(10))
        end(made.pk, RINA, at(500))
        assert state_at(560) == ("active", 1)
        made.refresh_from_db()
        assert (made.ends, made.ended_early_by) == (at(500), "rina")
        end(made.pk, RINA, at(900))
        made.refresh_from_db()
        assert made.ends == at(500)

    def test_an_operator_s_word_is_stronger(self, box: FakeBox, seeded: None) -> None:
        Policy.objects.filter(kind="jam").update(mode=Policy.Mode.REVIEW)
        hear(box.opened(episode(), 10), now=at(10))
        confirm(the_incident().pk, RINA, at(20))
        quiet(30, 3600, now=30, kind="jam")
        assert state_at(100) == ("active", 1)

    def test_another_camera_still_tells(self, box: FakeBox, seeded: None) -> None:
        hear(box.opened(episode(), 1), now=at(1))
        quiet(2, 3600, now=2, camera=Camera.objects.get())
        assert state_at(3) == ("suppressed", 0)
        box.camera = "rumah-sakit"
        hear(box.opened(episode(), 10), now=at(10))
        assert state_at(100) == ("active", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("names", "hides"),
    [
        ({"kind": "flood"}, True),
        ({"kind": "jam"}, False),
        ({"camera": True}, True),
        ({"camera": True, "zone": "utara"}, True),
        ({"camera": True, "zone": "selatan"}, False),
        ({"area": SQUARE}, True),
        ({"area": [[0, 0], [1, 0], [1, 1]]}, False),
        ({"kind": "flood", "area": SQUARE, "camera": True}, True),
    ],
)
def test_what_it_names_must_match(names: dict[str, Any], hides: bool, box: FakeBox, seeded: None) -> None:
    camera, _ = Camera.objects.get_or_create(box_id=box.id, code=box.camera)
    quiet(**names | ({"camera": camera} if "camera" in names else {}))
    hear(box.opened(episode(), 10, kind=IncidentKind.FLOOD, location=(-2.5, 106.5)), now=at(10))
    assert the_incident().state == ("suppressed" if hides else "active")


@pytest.mark.django_db
@pytest.mark.parametrize(("severity", "state"), [(2, "suppressed"), (3, "active"), (4, "active")])
def test_a_dangerous_flood_is_never_hidden(severity: int, state: str, box: FakeBox, seeded: None) -> None:
    quiet(kind="flood")
    hear(box.opened(episode(), 10, kind=IncidentKind.FLOOD, severity=severity), now=at(10))
    assert state_at(100) == (state, 1 if state == "active" else 0)


@pytest.mark.django_db
def test_a_flood_that_becomes_dangerous_breaks_the_silence(box: FakeBox, seeded: None) -> None:
    quiet(kind="flood")
    water = episode()
    hear(box.opened(water, 10, kind=IncidentKind.FLOOD), now=at(10))
    assert state_at(100) == ("suppressed", 0)
    hear(box.updated(water, 200, kind=IncidentKind.FLOOD, severity=3), now=at(200))
    assert state_at(201) == ("active", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"zone": "utara"},
        {"kind": "jam", "ends": 0},
        {"kind": "jam", "reason": ""},
        {"area": [[1, 2]]},
        {"kind": "nonsense"},
    ],
)
def test_what_is_no_silence(fields: dict[str, Any]) -> None:
    times: dict[str, datetime] = {"begins": at(0), "ends": at(fields.pop("ends", 10))}
    with pytest.raises(ValidationError):
        silence(RINA, at(0), **{"reason": WHY} | times | fields)
    assert not Silence.objects.exists()
