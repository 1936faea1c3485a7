"""A report is a repetition, one more about a known problem, or news."""

from datetime import timedelta

import pytest

from central.accounts.roles import Actor, Role
from central.clockwork.tick import tick
from central.complaints.deciding import reject
from central.complaints.models import Complaint
from central.incidents.deciding import confirm, found_still_there
from central.incidents.models import Incident, Policy
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from central.reports.models import Report
from central.reports.taking import Sent, Taken, take
from contract.kinds import IncidentKind
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db

HERE = (-2.13, 106.11)
METRE = 1 / 111_195
OPERATOR = Actor(role=Role.OPERATOR, name="oki")


def sent(
    *, kind: str = "flood", sender: str = "email:a@example.org", north_m: float = 0, address: str = "", **more: str
) -> Sent:
    lat, lon = (None, None) if address else (HERE[0] + north_m * METRE, HERE[1])
    return Sent(kind, "open311", sender, more.get("description", "water"), address, lat, lon)


def told(*, seconds: float = 0, **what: object) -> Taken:
    return take(sent(**what), at(seconds))  # type: ignore[arg-type]


def seen_by(box: FakeBox, kind: IncidentKind, *, north_m: float = 0, seconds: float = 0, began: float = 0) -> None:
    place = (HERE[0] + north_m * METRE, HERE[1])
    opened = box.opened(episode(), kind=kind, location=place, seconds=seconds, began=began)
    commit_events([opened], at(seconds))
    while apply_pending(at(seconds)):
        pass


def test_news_is_a_candidate_that_waits_for_an_operator(seeded: None) -> None:
    taken = told()
    incident = taken.report.incident
    assert (taken.repeated, taken.known, taken.report.first) == (False, False, True)
    assert (incident.state, incident.camera, incident.kind, incident.began) == ("candidate", None, "flood", NOON)
    tick(at(7 * 24 * 3600))
    incident.refresh_from_db()
    assert incident.state == "candidate"
    assert not Complaint.objects.exists()


def test_confirmed_it_becomes_a_complaint(seeded: None) -> None:
    incident = confirm(told().report.incident_id, OPERATOR, at(60))
    assert (incident.state, incident.active_since) == ("active", at(60))
    tick(at(3600))
    complaint = Complaint.objects.get()
    assert (complaint.incident_id, complaint.kind, complaint.agency_id) == (incident.pk, "flood", "sda")


def test_confirmed_and_seen_by_no_camera_it_comes_back_to_an_operator(seeded: None) -> None:
    incident = confirm(told().report.incident_id, OPERATOR, NOON)
    long = Policy.objects.get(pk="flood").unknown_after_s
    tick(at(long - 1))
    incident.refresh_from_db()
    assert incident.state == "active"
    tick(at(long))
    incident.refresh_from_db()
    assert incident.state == "unknown"
    assert found_still_there(incident.pk, OPERATOR, at(long + 1)).state == "active"


def test_rejecting_the_incident_keeps_the_report(seeded: None) -> None:
    taken = told()
    reject(taken.report.incident_id, OPERATOR, "dry street", at(60))
    taken.report.refresh_from_db()
    assert taken.report.incident.state == "rejected"
    assert told(seconds=120, sender="phone:1").report.incident_id != taken.report.incident_id


@pytest.mark.parametrize(("north_m", "joins"), [(0, True), (95, True), (105, False)])
def test_it_joins_what_a_camera_sees_within_reach(box: FakeBox, seeded: None, north_m: float, joins: bool) -> None:
    seen_by(box, IncidentKind.FLOOD)
    taken = told(north_m=north_m, seconds=30)
    assert taken.known is joins
    assert (taken.report.incident_id == Incident.objects.get(camera__isnull=False).pk) is joins


def test_another_kind_is_another_thing(box: FakeBox, seeded: None) -> None:
    seen_by(box, IncidentKind.FLOOD)
    assert not told(kind="parking").known


def test_a_camera_joins_what_a_citizen_told(box: FakeBox, seeded: None) -> None:
    incident = told(seconds=-600).report.incident
    seen_by(box, IncidentKind.FLOOD, north_m=40)
    found = Incident.objects.get()
    assert found.pk == incident.pk
    assert (found.state, found.began, found.reason) == ("active", at(-600), "cars creep")
    tick(at(3600))
    assert Complaint.objects.get().incident_id == incident.pk


def test_a_citizen_brings_nothing_back(box: FakeBox, seeded: None) -> None:
    seen_by(box, IncidentKind.FLOOD)
    Incident.objects.update(state="cleared", cleared=at(50))
    assert not told(seconds=60).known


def test_a_citizen_joins_the_other_half_of_what_was_merged(seeded: None) -> None:
    one, other = told().report.incident, told(north_m=300, sender="phone:2").report.incident
    Incident.objects.filter(pk=other.pk).update(state="merged", merged_into=one)
    taken = told(north_m=300, sender="phone:3", seconds=9)
    assert taken.known
    assert taken.report.standing_incident == one


@pytest.mark.parametrize(
    ("more", "seconds", "repeated"),
    [
        ({}, 24 * 3600, True),
        ({"description": "still water"}, 60, True),
        ({"north_m": 49.0}, 60, True),
        ({"north_m": 51.0}, 60, False),
        ({}, 24 * 3600 + 1, False),
        ({"kind": "jam"}, 60, False),
        ({"sender": "email:b@example.org"}, 60, False),
    ],
)
def test_the_same_again_is_counted(seeded: None, more: dict[str, object], seconds: float, repeated: bool) -> None:
    first = told().report
    again = told(seconds=seconds, **more)
    assert again.repeated is repeated
    assert Report.objects.count() == (1 if repeated else 2)
    first.refresh_from_db()
    assert first.times == (2 if repeated else 1)
    if repeated:
        assert again.report == first
        assert first.last_received - first.received == timedelta(seconds=seconds)


def test_without_a_position_the_address_tells(seeded: None) -> None:
    first = told(address="Jl. Merdeka 5")
    assert told(address="jl. merdeka  5").repeated
    assert not told(address="Jl. Merdeka 6").repeated
    neighbour = told(address="JL. MERDEKA 5", sender="phone:1")
    assert (neighbour.known, neighbour.report.incident_id) == (True, first.report.incident_id)
    assert not told(sender="phone:1").known


def test_where_nothing_joins_by_distance_spots_stay_apart(seeded: None) -> None:
    Policy.objects.filter(pk="parking").update(join_m=0)
    first = told(kind="parking").report
    assert told(kind="parking", sender="phone:1").report.incident_id == first.incident_id
    assert not told(kind="parking", sender="phone:1", north_m=90).known


def test_its_words_are_read_when_its_own_incident_is_confirmed(seeded: None) -> None:
    first, joined = told().report, told(sender="phone:1").report
    assert not first.was_read
    confirm(first.incident_id, OPERATOR, at(60))
    first.refresh_from_db()
    joined.refresh_from_db()
    assert (first.was_read, joined.was_read) == (True, False)
