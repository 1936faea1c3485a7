"""The record of who looked at which evidence."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from central.accounts.roles import Actor, Role, actor_of
from central.incidents.models import Incident
from central.viewing import duty, purposes
from central.viewing.finding import Question, in_pieces
from central.viewing.models import Viewing, ViewingIsWrittenOnce
from central.viewing.recording import Look, forget, is_recorded, record
from tests.central.desks.conftest import City, city, staff  # noqa: F401 — a fixture
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db

WALL, COMPLAINT = Viewing.Page.WALL, Viewing.Page.COMPLAINT


@pytest.fixture
def oki(city: City) -> Actor:  # noqa: F811
    return actor_of(staff("oki", Role.OPERATOR))


def looks(city: City, *sha256: str, **more: Any) -> list[Look]:  # noqa: F811
    return [Look(each, "image/jpeg", city.jam.incident_id, **more) for each in sha256]


def test_cameras_are_work_for_those_who_watch_or_set_them_up() -> None:
    work = {role for role in Role if duty.is_work_on_camera(Actor(role=role, name="x"))}
    assert work == {Role.OPERATOR, Role.ADMIN}


def test_a_wall_of_sixty_is_one_question_and_one_insert(city: City, oki: Actor, django_assert_num_queries: Any) -> None:  # noqa: F811
    wall = looks(city, *(f"{number:064x}" for number in range(60)))
    with django_assert_num_queries(2):
        record(oki, WALL, wall, NOON, by_hand=False)
    with django_assert_num_queries(1):  # refreshed: nothing new
        record(oki, WALL, wall, at(60), by_hand=False)
    assert Viewing.objects.count() == 60
    with django_assert_num_queries(0):
        record(oki, WALL, [], NOON, by_hand=False)


def test_what_refreshes_itself_counts_once_an_hour_and_what_is_opened_each_time(city: City, oki: Actor) -> None:  # noqa: F811
    for second in (0, 30, 3599, 3601):
        record(oki, COMPLAINT, looks(city, "a" * 64), at(second), by_hand=False)
    assert Viewing.objects.count() == 2
    record(oki, COMPLAINT, looks(city, "a" * 64), at(3602), by_hand=True)
    record(oki, WALL, looks(city, "a" * 64), at(3602), by_hand=False)
    record(actor_of(staff("adi", Role.ADMIN)), COMPLAINT, looks(city, "a" * 64), at(3602), by_hand=False)
    assert Viewing.objects.count() == 5


def test_the_bytes_of_a_recorded_page_are_no_second_look(city: City, oki: Actor) -> None:  # noqa: F811
    record(oki, WALL, looks(city, "a" * 64), NOON, by_hand=False)
    assert is_recorded(oki, "a" * 64, at(3600))
    assert not is_recorded(oki, "b" * 64, at(3600))
    assert not is_recorded(oki, "a" * 64, NOON + timedelta(hours=12))
    assert not is_recorded(actor_of(staff("adi", Role.ADMIN)), "a" * 64, at(1))


def test_it_stays_as_it_was_written_and_goes_by_age(city: City, oki: Actor) -> None:  # noqa: F811
    record(oki, WALL, looks(city, "a" * 64), NOON, by_hand=True)
    written = Viewing.objects.get()
    written.actor = "nobody"
    with pytest.raises(ViewingIsWrittenOnce):
        written.save()
    with pytest.raises(ViewingIsWrittenOnce):
        written.delete()
    forget(NOON + timedelta(days=729), 10)
    assert Viewing.objects.get().actor == "oki"
    forget(NOON + timedelta(days=731), 10)
    assert not Viewing.objects.exists()


@pytest.mark.parametrize(
    ("role", "days_over", "is_work"),
    [
        (Role.OPERATOR, None, True),
        (Role.OPERATOR, 6.9, True),
        (Role.OPERATOR, 7.1, False),
        (Role.OFFICER, None, True),
        (Role.HEAD, 7.1, False),
        (Role.ADMIN, None, False),
        (Role.AUDITOR, None, False),
    ],
)
def test_what_is_work_on_a_complaint(city: City, role: Role, days_over: float | None, is_work: bool) -> None:  # noqa: F811
    actor = Actor(role=role, name="x", agency="dishub")
    city.jam.ended = None if days_over is None else NOON - timedelta(days=days_over)
    assert duty.is_work_on_complaint(actor, city.jam, NOON) is is_work


def test_an_incident_stays_an_operators_work_while_an_agency_works_on_it(city: City, oki: Actor) -> None:  # noqa: F811
    incident = city.jam.incident
    later = NOON + timedelta(days=30)
    assert duty.is_work_on_incident(oki, incident, later)
    incident.state, incident.closed = Incident.State.CLOSED, NOON
    assert duty.is_work_on_incident(oki, incident, later)
    incident.complaints.update(ended=NOON)
    assert not duty.is_work_on_incident(oki, incident, later)
    assert not duty.is_work_on_incident(Actor(role=Role.ADMIN, name="adi"), incident, NOON)


def test_a_reason_holds_for_an_hour_and_for_what_it_was_given(city: City) -> None:  # noqa: F811
    auditor, admin = actor_of(staff("aini", Role.AUDITOR)), actor_of(staff("adi", Role.ADMIN))
    jam, flood = city.jam.incident, city.flood.incident
    purposes.declare(auditor, "keluhan warga soal gambar", jam, NOON)
    held = purposes.standing(auditor, at(3599))
    assert purposes.reason_for(held, jam.pk) == "keluhan warga soal gambar"
    assert purposes.reason_for(held, flood.pk) == ""
    assert purposes.standing(auditor, at(3600)) == {}
    assert purposes.standing(admin, at(1)) == {}
    purposes.declare(admin, "  membantu   regu malam ", None, NOON)
    assert purposes.reason_for(purposes.standing(admin, at(1)), flood.pk) == "membantu regu malam"
    for actor, reason, incident in ((admin, "  x       y ", None), (auditor, "alasan yang panjang", None)):
        with pytest.raises(ValueError, match="reason"):
            purposes.declare(actor, reason, incident, NOON)


def test_questions(city: City, oki: Actor) -> None:  # noqa: F811
    aini = actor_of(staff("aini", Role.AUDITOR))
    record(oki, COMPLAINT, looks(city, "a" * 64, complaint_id=city.jam.pk), NOON, by_hand=True)
    record(oki, WALL, looks(city, "b" * 64), NOON + timedelta(days=1), by_hand=True)
    record(aini, COMPLAINT, looks(city, "c" * 64, reason="keluhan warga"), NOON + timedelta(days=2), by_hand=True)

    def found(**asked: Any) -> str:
        return "".join(each.sha256[0] for each in Question(**asked).found())

    assert found() == "cba"
    assert found(who="oki") == "ba"
    assert found(who="ok") == ""
    assert found(case=city.jam.number.lower()) == "a"
    assert found(case=f"#{city.jam.incident_id}") == "cba"
    assert found(case="#") == found(case="#x") == found(case="SGP-0") == ""
    assert found(sha256="BBBB") == "b"
    day = date(NOON.year, NOON.month, NOON.day)
    assert found(first=day + timedelta(days=1)) == "cb"
    assert found(last=day) == "a"
    assert found(given_reasons_only=True) == "c"
    assert [len(piece) for piece in in_pieces(Question().found(), 2)] == [2, 1]


def test_pieces_lose_and_repeat_nothing_at_equal_times(city: City, oki: Actor) -> None:  # noqa: F811
    record(oki, WALL, looks(city, *(f"{number:064x}" for number in range(25))), NOON, by_hand=True)
    pieces = list(in_pieces(Question().found(), 10))
    assert [len(piece) for piece in pieces] == [10, 10, 5]
    assert len({each.pk for piece in pieces for each in piece}) == 25


def test_whoever_looked_cannot_be_deleted(city: City, oki: Actor) -> None:  # noqa: F811
    from django.db.models import ProtectedError

    record(oki, WALL, looks(city, "a" * 64), NOON, by_hand=True)
    with pytest.raises(ProtectedError):
        User.objects.get(username="oki").delete()
