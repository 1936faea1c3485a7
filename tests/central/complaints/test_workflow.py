"""Who may do what to a complaint, in which state."""

from itertools import product

import pytest
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet

from central.accounts.models import Membership
from central.accounts.roles import NOBODY, SYSTEM, Actor, actor_of
from central.complaints.access import visible_to
from central.complaints.models import Complaint, History, HistoryIsAppendOnly
from central.complaints.opening import open_for
from central.complaints.transitions import TRANSITIONS
from central.complaints.workflow import Refused, act, offered
from central.feed.models import Change
from central.incidents.models import Incident
from central.incidents.policies import policy_of
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db
State = Complaint.State


def staff(name: str, role: str, agency: str | None = None) -> Actor:
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    if agency:
        Membership.objects.create(user=user, agency_id=agency)
    return actor_of(user)


@pytest.fixture
def complaint(box: FakeBox, seeded: None) -> Complaint:
    commit_events([box.opened(episode())], NOON)
    apply_pending(NOON)
    return open_for(Incident.objects.get(), policy_of("jam"), at(60))


@pytest.fixture
def people(seeded: None) -> dict[str, Actor]:
    return {
        "officer": staff("budi", "officer", "dishub"),
        "stranger": staff("sari", "officer", "sda"),
        "operator": staff("rina", "operator"),
        "admin": staff("agus", "admin"),
        "system": SYSTEM,
        "nobody": NOBODY,
    }


ALLOWED = {
    "officer": {"coordinate", "assign", "start", "report_done", "note"},
    "stranger": set(),
    "operator": {"coordinate", "accept", "send_back", "note"},
    "admin": {"coordinate", "assign", "start", "report_done", "accept", "send_back", "note"},
    "system": {"vanish", "incident_cleared", "camera_confirms", "camera_refutes", "camera_cannot_tell"},
    "nobody": set(),
}
EDGES = {
    State.WAITING: {"coordinate", "assign", "start", "note", "vanish", "incident_cleared"},
    State.COORDINATION: {"assign", "start", "note", "incident_cleared"},
    State.DISPOSITION: {"start", "note", "incident_cleared"},
    State.IN_PROGRESS: {"report_done", "note", "incident_cleared"},
    State.VERIFICATION: {
        "accept",
        "send_back",
        "note",
        "incident_cleared",
        "camera_confirms",
        "camera_refutes",
        "camera_cannot_tell",
    },
    State.DONE: set(),
    State.GONE: set(),
}


@pytest.mark.parametrize("state", State.values)
def test_every_action_by_everybody_in_every_state(complaint: Complaint, people: dict[str, Actor], state: str) -> None:
    for (who, actor), action in product(people.items(), TRANSITIONS):
        Complaint.objects.filter(pk=complaint.pk).update(state=state)
        complaint.refresh_from_db()
        may = action in EDGES[State(state)] and action in ALLOWED[who]
        if action == "vanish" and History.objects.filter(complaint=complaint, user__isnull=False).exists():
            may = False
        assert (TRANSITIONS[action] in offered(complaint, actor)) == may, (who, action)
        if may:
            act(complaint.pk, action, actor, at(70), note="because")
        else:
            with pytest.raises(Refused):
                act(complaint.pk, action, actor, at(70), note="because")


def test_the_whole_way(complaint: Complaint, people: dict[str, Actor]) -> None:
    way = [
        ("officer", "coordinate", State.COORDINATION),
        ("officer", "assign", State.DISPOSITION),
        ("officer", "start", State.IN_PROGRESS),
        ("officer", "report_done", State.VERIFICATION),
        ("operator", "send_back", State.IN_PROGRESS),
        ("officer", "report_done", State.VERIFICATION),
        ("operator", "accept", State.DONE),
    ]
    for number, (who, action, state) in enumerate(way, start=1):
        after = act(complaint.pk, action, people[who], at(60 + number), note="done so")
        assert (after.state, after.state_since) == (state, at(60 + number))
    assert after.ended == at(67)
    rows = list(History.objects.values_list("step", "actor", "action", "before", "after"))
    assert rows[0] == (1, "system", "open", "", "waiting")
    assert rows[-1] == (8, "rina", "accept", "verification", "done")
    assert Change.objects.filter(topic="complaint", ref=complaint.pk).count() == 8


def test_report_of_done_needs_words(complaint: Complaint, people: dict[str, Actor]) -> None:
    act(complaint.pk, "start", people["officer"], at(70))
    with pytest.raises(Refused):
        act(complaint.pk, "report_done", people["officer"], at(80), note="  ")
    complaint.refresh_from_db()
    assert complaint.state == State.IN_PROGRESS


def test_note_stays_in_its_state(complaint: Complaint, people: dict[str, Actor]) -> None:
    after = act(complaint.pk, "note", people["operator"], at(70), note="called them")
    assert (after.state, after.state_since, after.steps) == (State.WAITING, at(60), 2)


def test_officer_sees_own_agency_and_what_it_is_informed_of(complaint: Complaint, people: dict[str, Actor]) -> None:
    def numbers(actor: Actor) -> list[str]:
        found: QuerySet[Complaint] = visible_to(actor)
        return list(found.values_list("number", flat=True))

    assert numbers(people["officer"]) == numbers(people["operator"]) == numbers(people["admin"]) == [complaint.number]
    assert numbers(people["stranger"]) == numbers(people["nobody"]) == numbers(SYSTEM) == []
    complaint.also_inform.add("sda")
    assert numbers(people["stranger"]) == [complaint.number]


def test_history_is_append_only(complaint: Complaint) -> None:
    row = complaint.history.get()
    row.note = "nothing happened"
    with pytest.raises(HistoryIsAppendOnly):
        row.save()
    with pytest.raises(HistoryIsAppendOnly):
        row.delete()


def test_officer_without_an_agency_is_nobody(seeded: None) -> None:
    assert staff("lost", "officer") == NOBODY


def test_inactive_user_is_nobody(seeded: None) -> None:
    actor = staff("gone", "admin")
    assert actor.user is not None
    actor.user.is_active = False
    assert actor_of(actor.user) == NOBODY
