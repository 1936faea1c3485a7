"""Whose it is: passed on, sent elsewhere, rejected, handed to somebody, promised for a day."""

import pytest

from central.accounts.roles import Actor
from central.complaints.models import Complaint, History
from central.complaints.workflow import Refused, act, offered
from central.routing.models import Agency
from tests.central.complaints.conftest import another, staff
from tests.central.fakebox import FakeBox
from tests.central.moments import at

pytestmark = pytest.mark.django_db
State = Complaint.State
People = dict[str, Actor]


def pass_on(complaint: Complaint, actor: Actor, agency: str, seconds: float = 70) -> Complaint:
    return act(complaint.pk, "wrong_agency", actor, at(seconds), note="not our road", inputs={"agency": agency})


def officer_of(agency: str) -> Actor:
    return staff(f"of-{agency}", "officer", agency)


class TestWrongAgency:
    """What belongs to another agency goes there, and not round for ever."""

    def test_it_waits_at_the_other(self, complaint: Complaint, people: People) -> None:
        act(complaint.pk, "start", people["officer"], at(65))
        after = pass_on(complaint, people["officer"], "satpol-pp")
        assert (after.agency_id, after.state, after.state_since) == ("satpol-pp", State.WAITING, at(70))
        row = History.objects.latest("step")
        assert (row.data, row.note) == ({"from": "dishub", "agency": "satpol-pp"}, "not our road")
        assert offered(after, people["officer"]) == []

    def test_since_when_it_waits_is_the_new_agency_s_time(self, complaint: Complaint, people: People) -> None:
        assert pass_on(complaint, people["officer"], "satpol-pp").state_since == at(70)

    def test_without_a_choice_it_goes_to_the_default_desk(self, complaint: Complaint, people: People) -> None:
        assert pass_on(complaint, people["officer"], "").agency_id == "diskominfo"

    def test_not_back_to_who_said_so_before(self, complaint: Complaint, people: People) -> None:
        pass_on(complaint, people["officer"], "sda")
        with pytest.raises(Refused, match="sudah"):
            pass_on(complaint, people["stranger"], "dishub")

    def test_after_two_bounces_an_operator_decides(self, complaint: Complaint, people: People) -> None:
        pass_on(complaint, people["officer"], "sda")
        pass_on(complaint, people["stranger"], "satpol-pp")
        third = officer_of("satpol-pp")
        with pytest.raises(Refused, match="operator"):
            pass_on(complaint, third, "bpbd")
        note, inputs = "it is a market street", {"agency": "dishub"}
        after = act(complaint.pk, "reroute", people["operator"], at(90), note=note, inputs=inputs)
        assert after.agency_id == "dishub"
        assert "wrong_agency" in {each.action for each in offered(after, people["officer"])}, "counted anew"

    @pytest.mark.parametrize("agency", ["dishub", "nobody", "asleep"])
    def test_only_to_another_that_works(self, agency: str, complaint: Complaint, people: People) -> None:
        Agency.objects.create(code="asleep", short="Z", name="Z", active=False)
        with pytest.raises(Refused):
            pass_on(complaint, people["officer"], agency)
        complaint.refresh_from_db()
        assert (complaint.agency_id, complaint.steps) == ("dishub", 1)

    def test_not_to_one_that_has_the_same_incident(self, complaint: Complaint, people: People, box: FakeBox) -> None:
        twin = another(box, 7)
        Complaint.objects.filter(pk=twin.pk).update(incident=complaint.incident, agency="sda")
        with pytest.raises(Refused, match=twin.number):
            pass_on(complaint, people["officer"], "sda")


class TestPromise:
    """EWS: proposed by the officer, promised by the head."""

    def propose(self, complaint: Complaint, actor: Actor, until: str) -> Complaint:
        return act(complaint.pk, "estimate", actor, at(70), inputs={"until": until})

    def test_proposed_then_approved(self, complaint: Complaint, people: People) -> None:
        after = self.propose(complaint, people["officer"], "2026-03-04T17:00")
        assert after.estimate is not None
        assert (after.estimate.isoformat(), after.estimate_approved) == ("2026-03-04T17:00:00+07:00", None)
        after = act(complaint.pk, "approve_estimate", people["head"], at(80))
        assert (after.estimate_approved, after.state) == (at(80), State.WAITING)
        assert History.objects.latest("step").data["until"].startswith("2026-03-04T10:00:00")

    def test_a_new_proposal_needs_a_new_word(self, complaint: Complaint, people: People) -> None:
        self.propose(complaint, people["officer"], "2026-03-04T17:00")
        act(complaint.pk, "approve_estimate", people["head"], at(80))
        assert self.propose(complaint, people["officer"], "2026-03-05T17:00").estimate_approved is None

    def test_declined(self, complaint: Complaint, people: People) -> None:
        self.propose(complaint, people["officer"], "2026-03-04T17:00")
        assert act(complaint.pk, "decline_estimate", people["head"], at(80), note="too late").estimate is None
        with pytest.raises(Refused):
            act(complaint.pk, "approve_estimate", people["head"], at(90))

    def test_the_head_of_another_agency_has_no_say(self, complaint: Complaint, people: People) -> None:
        self.propose(complaint, people["officer"], "2026-03-04T17:00")
        with pytest.raises(Refused):
            act(complaint.pk, "approve_estimate", staff("lain", "head", "sda"), at(80))

    @pytest.mark.parametrize("until", ["", "soon", "2026-13-45T00:00", "2026-03-02T11:00", "2026-03-02"])
    def test_only_a_time_to_come(self, until: str, complaint: Complaint, people: People) -> None:
        with pytest.raises(Refused):
            self.propose(complaint, people["officer"], until)

    def test_a_promise_does_not_bind_the_next_agency(self, complaint: Complaint, people: People) -> None:
        self.propose(complaint, people["officer"], "2026-03-04T17:00")
        assert pass_on(complaint, people["officer"], "sda").estimate is None


class TestHandingOver:
    """To a person of the agency."""

    def assign(self, complaint: Complaint, people: People, name: str, action: str = "assign") -> Complaint:
        return act(complaint.pk, action, people["officer"], at(70), inputs={"assignee": name})

    def test_to_a_colleague_and_then_to_another(self, complaint: Complaint, people: People) -> None:
        after = self.assign(complaint, people, "budi")
        assert (after.state, after.assignee) == (State.DISPOSITION, people["officer"].user)
        after = self.assign(complaint, people, "dian", "reassign")
        assert (after.state, after.assignee) == (State.DISPOSITION, people["head"].user)
        assert History.objects.latest("step").data == {"assignee": "dian"}

    def test_to_the_team(self, complaint: Complaint, people: People) -> None:
        assert self.assign(complaint, people, "").assignee is None

    @pytest.mark.parametrize("name", ["sari", "rina", "ghost"])
    def test_not_to_somebody_else_s_people(self, name: str, complaint: Complaint, people: People) -> None:
        with pytest.raises(Refused):
            self.assign(complaint, people, name)


class TestEnds:
    """Rejected, reopened, merged, taken apart."""

    def test_rejected_with_a_reason_and_reopened(self, complaint: Complaint, people: People) -> None:
        with pytest.raises(Refused):
            act(complaint.pk, "reject", people["officer"], at(70))
        after = act(complaint.pk, "reject", people["officer"], at(70), note="a wedding, with a permit")
        assert (after.state, after.ended) == (State.REJECTED, at(70))
        after = act(complaint.pk, "reopen", people["operator"], at(80), note="the permit is for next week")
        assert (after.state, after.ended) == (State.WAITING, None)

    def test_merged_and_taken_apart_goes_back_to_where_it_was(
        self, complaint: Complaint, people: People, box: FakeBox
    ) -> None:
        other = another(box, 2)
        act(other.pk, "start", people["officer"], at(70))
        after = act(other.pk, "merge", people["operator"], at(80), note="the same", inputs={"into": complaint.number})
        assert (after.state, after.merged_into, after.ended) == (State.MERGED, complaint, at(80))
        after = act(other.pk, "unmerge", people["operator"], at(90), note="not the same")
        assert (after.state, after.merged_into, after.ended) == (State.IN_PROGRESS, None, None)

    def test_what_cannot_be_merged(self, complaint: Complaint, people: People, box: FakeBox) -> None:
        ended, foreign = another(box, 2), another(box, 3)
        act(ended.pk, "reject", people["officer"], at(70), note="no")
        Complaint.objects.filter(pk=foreign.pk).update(agency="sda")
        for number in (complaint.number, ended.number, foreign.number, "SGP-2026-999999", ""):
            with pytest.raises(Refused):
                act(complaint.pk, "merge", people["operator"], at(80), note="?", inputs={"into": number})

    def test_an_incident_that_ended_waits_for_a_reopened_complaint(self, complaint: Complaint, people: People) -> None:
        incident = complaint.incident
        type(incident).objects.filter(pk=incident.pk).update(state="cleared", cleared=at(65))
        for action, who in (("start", "officer"), ("report_done", "officer"), ("accept", "operator")):
            act(complaint.pk, action, people[who], at(70), note="so")
        incident.refresh_from_db()
        assert incident.state == "closed"
        act(complaint.pk, "reopen", people["operator"], at(80), note="a citizen’s picture")
        incident.refresh_from_db()
        assert (incident.state, incident.closed) == ("cleared", None)
