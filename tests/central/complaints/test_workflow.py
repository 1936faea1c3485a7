"""Who may do what to a complaint, in which state."""

from itertools import product

import pytest
from django.db import transaction
from django.db.models import QuerySet

from central.accounts.roles import NOBODY, SYSTEM, Actor, actor_of
from central.complaints.access import visible_to
from central.complaints.models import Complaint, History, HistoryIsAppendOnly
from central.complaints.opening import open_for
from central.complaints.transitions import TRANSITIONS
from central.complaints.workflow import Refused, act, offered
from central.feed.models import Change
from central.incidents.models import Incident
from central.incidents.policies import policy_of
from tests.central.complaints.conftest import staff
from tests.central.moments import at

pytestmark = pytest.mark.django_db
State = Complaint.State


OF_THE_AGENCY = {
    "coordinate",
    "assign",
    "reassign",
    "start",
    "report_done",
    "estimate",
    "wrong_agency",
    "reject",
    "note",
}
OF_THE_HEAD = {"approve_estimate", "decline_estimate"}
OF_OPERATORS = {"accept", "send_back", "reroute", "void", "reopen", "merge", "unmerge"}
BY_CAMERA = {"camera_confirms", "camera_refutes", "camera_cannot_tell"}
ALLOWED = {
    "officer": OF_THE_AGENCY,
    "head": OF_THE_AGENCY | OF_THE_HEAD,
    "stranger": set(),
    "operator": OF_OPERATORS | {"coordinate", "note"},
    "admin": OF_THE_AGENCY | OF_THE_HEAD | OF_OPERATORS,
    "system": {"vanish", "incident_cleared", "recur"} | BY_CAMERA,
    "nobody": set(),
}
ALWAYS = {"note", "void", "merge", "incident_cleared"}
AT_AGENCY = ALWAYS | {"estimate", "approve_estimate", "decline_estimate", "wrong_agency", "reroute", "reject"}
EDGES = {
    State.WAITING: AT_AGENCY | {"coordinate", "assign", "start", "vanish"},
    State.COORDINATION: AT_AGENCY | {"assign", "start"},
    State.DISPOSITION: AT_AGENCY | {"start", "reassign"},
    State.IN_PROGRESS: AT_AGENCY | {"report_done", "reassign"},
    State.VERIFICATION: ALWAYS | BY_CAMERA | {"accept", "send_back"},
    State.DONE: {"reopen", "recur"},
    State.GONE: {"reopen", "recur"},
    State.REJECTED: {"reopen"},
    State.MERGED: {"unmerge"},
}


@pytest.mark.parametrize("state", State.values)
def test_every_action_by_everybody_in_every_state(complaint: Complaint, people: dict[str, Actor], state: str) -> None:
    inputs = {"agency": "satpol-pp", "until": at(9000).isoformat(), "into": other_of(complaint).number}
    for (who, actor), action in product(people.items(), sorted(TRANSITIONS)):
        with transaction.atomic():
            Complaint.objects.filter(pk=complaint.pk).update(state=state, estimate=at(900))
            complaint.refresh_from_db()
            may = action in EDGES[State(state)] and action in ALLOWED[who]
            assert (TRANSITIONS[action] in offered(complaint, actor)) == may, (who, action)
            if may:
                after = act(complaint.pk, action, actor, at(70), note="because", inputs=inputs)
                assert after.state == (TRANSITIONS[action].target or state)
            else:
                with pytest.raises(Refused):
                    act(complaint.pk, action, actor, at(70), note="because", inputs=inputs)
            transaction.set_rollback(True)


def other_of(complaint: Complaint) -> Complaint:
    """Another open complaint of the same agency."""
    incident = Incident.objects.get(pk=complaint.incident_id)
    incident.pk, incident.key = None, "jam@elsewhere"
    incident.save()
    return open_for(incident, policy_of("jam"), at(60))


@pytest.mark.parametrize("source", State.values)
@pytest.mark.parametrize("target", State.values)
def test_every_pair_of_states(source: str, target: str) -> None:
    """The table has these edges and no others; back to where a merged one came from is decided by its history."""
    leads = {
        State.COORDINATION: {"coordinate"},
        State.DISPOSITION: {"assign"},
        State.IN_PROGRESS: {"start", "send_back", "camera_refutes"},
        State.VERIFICATION: {"report_done"},
        State.DONE: {"accept", "camera_confirms"},
        State.GONE: {"vanish"},
        State.REJECTED: {"reject", "void"},
        State.MERGED: {"merge"},
        State.WAITING: {"wrong_agency", "reroute", "reopen", "recur"},
    }
    expected = EDGES[State(source)] & leads[State(target)]
    found = {each.action for each in TRANSITIONS.values() if source in each.sources and each.target == target}
    assert found == expected


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
