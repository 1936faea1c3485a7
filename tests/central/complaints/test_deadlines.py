"""Deadlines beside the complaint, reckoned in the transaction of each history row."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command

from central.accounts.roles import SYSTEM, Actor, actor_of
from central.complaints import chain, deadlines
from central.complaints.deadlines import HELD, NOT_HELD, reckon, story_of
from central.complaints.models import Complaint
from central.complaints.opening import open_for
from central.complaints.workflow import act
from central.incidents.models import Incident
from central.incidents.policies import policy_of
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from central.readiness import _database_faults
from central.service.policies import publish
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db

H = 3600
OPENED = 60


@pytest.fixture
def complaint(box: FakeBox, seeded: None) -> Complaint:
    commit_events([box.opened(episode())], NOON)
    apply_pending(NOON)
    return open_for(Incident.objects.get(), policy_of("jam"), at(OPENED))


@pytest.fixture
def admin(db: None) -> Actor:
    user = User.objects.create_user("adi")
    user.groups.add(Group.objects.create(name="admin"))
    return actor_of(user)


def after(hours: float) -> object:
    return at(OPENED + hours * H)


def test_every_state_is_held_or_not() -> None:
    assert set(Complaint.State.values) == HELD | NOT_HELD
    assert not HELD & NOT_HELD


def test_at_opening(complaint: Complaint) -> None:
    assert (complaint.first_response_due, complaint.completion_due) == (after(6), after(168))
    assert (complaint.first_response_stopped, complaint.completion_stopped) == (None, None)
    assert (complaint.next_due, complaint.due_soon, complaint.next_step) == (after(6), after(4.5), after(4.5))
    assert str(complaint.service) == "jam v1"
    row = complaint.history.get()
    assert (row.data["service"], row.data["kind"], row.data["agency"]) == ("jam v1", "jam", "dishub")


def test_note_is_no_response_and_a_step_is(complaint: Complaint, admin: Actor) -> None:
    noted = act(complaint.pk, "note", admin, after(1), note="seen")
    assert (noted.first_response_stopped, noted.next_due) == (None, after(6))
    started = act(complaint.pk, "start", admin, after(2))
    assert started.first_response_stopped == after(2)
    assert (started.next_due, started.due_soon, started.next_step) == (after(168), after(126), after(126))


def test_what_the_system_writes_is_no_response(complaint: Complaint) -> None:
    assert act(complaint.pk, "incident_cleared", SYSTEM, after(1)).first_response_stopped is None


def test_verification_stops_the_clock_and_coming_back_starts_it(complaint: Complaint, admin: Actor) -> None:
    act(complaint.pk, "start", admin, after(2))
    reported = act(complaint.pk, "report_done", admin, after(100), note="done")
    assert (reported.completion_due, reported.completion_stopped) == (after(168), after(100))
    assert (reported.next_due, reported.due_soon, reported.next_step) == (None, None, None)
    back = act(complaint.pk, "send_back", admin, after(150), note="not yet")
    assert (back.completion_due, back.completion_stopped, back.next_due) == (after(218), None, after(218))
    act(complaint.pk, "report_done", admin, after(219), note="done")
    done = act(complaint.pk, "accept", admin, after(230))
    assert (done.completion_due, done.completion_stopped) == (after(218), after(219)), "an hour late, and it stays so"


def test_promise_of_the_opening_stays(complaint: Complaint, admin: Actor) -> None:
    publish("jam", {"completion_s": 60}, after(1))
    assert act(complaint.pk, "start", admin, after(2)).completion_due == after(168)


def test_handed_over_and_made_another_kind(complaint: Complaint, admin: Actor) -> None:
    publish("flood", {"completion_s": 50 * H}, at(0))
    chain.append(complaint, action="x", after="waiting", actor=admin, now=after(10), data={"agency": "sda"})
    reckon(complaint, after(10))
    assert (complaint.first_response_due, complaint.completion_due) == (after(16), after(178))
    chain.append(complaint, action="x", after="waiting", actor=admin, now=after(20), data={"kind": "flood"})
    reckon(complaint, after(20))
    assert complaint.completion_due == after(60)
    hours = {agency: had / timedelta(hours=1) for agency, had in story_of(complaint).spent(after(30)).items()}
    assert hours == {"dishub": 10, "sda": 20}


def test_level_is_derived(complaint: Complaint, admin: Actor) -> None:
    levels = [story_of(complaint).level(after(hours)) for hours in (4.4, 4.5, 6, 125, 168, 252)]
    assert levels == [0, 1, 2, 2, 2, 3]
    act(complaint.pk, "start", admin, after(2))
    levels = [story_of(complaint).level(after(hours)) for hours in (6, 126, 168, 252)]
    assert levels == [0, 1, 2, 3]


def test_backfill(complaint: Complaint, admin: Actor, capsys: pytest.CaptureFixture[str]) -> None:
    act(complaint.pk, "start", admin, after(2))
    complaint.refresh_from_db()
    whole = {field: getattr(complaint, field) for field in deadlines.FIELDS}
    call_command("reckon", "--check")
    assert "1 complaints, 0 differ" in capsys.readouterr().out
    assert "deadlines" not in " ".join(_database_faults())
    Complaint.objects.update(service=None, **dict.fromkeys(deadlines.FIELDS))
    assert "1 complaints have no deadlines; run: sigap-central manage reckon" in list(_database_faults())
    with pytest.raises(CommandError, match="1 of 1 complaints differ"):
        call_command("reckon", "--check")
    complaint.refresh_from_db()
    assert complaint.completion_due is None, "a check changes nothing"
    call_command("reckon")
    complaint.refresh_from_db()
    assert {field: getattr(complaint, field) for field in deadlines.FIELDS} == whole | {"next_step": None}, (
        "reminders that were due long ago are not sent now"
    )
    assert str(complaint.service) == "jam v1"
