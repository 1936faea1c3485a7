"""What time alone brings about."""

import pytest
from django.contrib.auth.models import Group, User

from central.accounts.roles import actor_of
from central.boxes.models import Box
from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.complaints.workflow import act
from central.feed.models import Change
from central.incidents.models import Incident, Policy
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from central.intake.handling import handle_reports
from central.routing.models import Agency, Rule
from contract.kinds import Closing, IncidentKind
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


def hear(*messages: object, now: object) -> None:
    commit_events(list(messages), now)
    apply_pending(now)


def test_complaint_opens_when_the_incident_has_been_active_for_long_enough(box: FakeBox, seeded: None) -> None:
    hear(box.opened(episode()), now=at(1))
    tick(at(59))
    assert not Complaint.objects.exists()
    tick(at(60))
    tick(at(61))
    complaint = Complaint.objects.get()
    assert (complaint.agency_id, complaint.state, complaint.opened) == ("dishub", "waiting", at(60))
    assert complaint.decision["agency"] == "dishub"
    assert complaint.decision["opening"]["active_for_s"] == 60
    assert [(rule["rule"], rule["matched"]) for rule in complaint.decision["rules"]] == [(20, True)]
    assert complaint.decision["other_kinds"] == 4


def test_weak_incident_opens_none(box: FakeBox, seeded: None) -> None:
    hear(box.opened(episode(), confidence=0.49), now=at(1))
    tick(at(1000))
    assert Incident.objects.get().state == "candidate"
    assert not Complaint.objects.exists()


def test_gone_by_itself_is_credited_to_nobody(box: FakeBox, seeded: None) -> None:
    jam = episode()
    hear(box.opened(jam), now=at(1))
    tick(at(60))
    hear(box.closed(jam, 100), now=at(100))
    tick(at(699))
    assert Incident.objects.get().state == "clearing"
    tick(at(700))
    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.ended) == ("gone", at(700))
    assert complaint.history.filter(user__isnull=False).count() == 0
    assert Incident.objects.get().state == "closed"


def test_complaint_somebody_works_on_stays_with_them(box: FakeBox, seeded: None) -> None:
    user = User.objects.create_user("rina")
    user.groups.add(Group.objects.create(name="admin"))
    jam = episode()
    hear(box.opened(jam), now=at(1))
    tick(at(60))
    complaint = Complaint.objects.get()
    act(complaint.pk, "start", actor_of(user), at(65))
    hear(box.closed(jam, 100), now=at(100))
    tick(at(700))
    complaint.refresh_from_db()
    assert complaint.state == "in_progress"
    assert complaint.history.last().action == "incident_cleared"
    assert Incident.objects.get().state == "cleared"
    act(complaint.pk, "report_done", actor_of(user), at(800), note="opened the lane")
    act(complaint.pk, "accept", actor_of(user), at(900))
    assert Incident.objects.get().state == "closed"


def test_news_that_come_hours_late_end_in_the_same_complaint(box: FakeBox, seeded: None) -> None:
    jam = episode()
    hear(box.opened(jam), box.closed(jam, 100), now=at(20_000))
    tick(at(20_000))
    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.steps) == ("gone", 2)
    assert Incident.objects.get().state == "closed"


def test_short_jam_that_came_late_makes_none(box: FakeBox, seeded: None) -> None:
    jam = episode()
    hear(box.opened(jam), box.closed(jam, 59), now=at(20_000))
    tick(at(20_000))
    assert not Complaint.objects.exists()


def test_lost_episode_keeps_the_complaint_open(box: FakeBox, seeded: None) -> None:
    jam = episode()
    hear(box.opened(jam), box.closed(jam, 100, Closing.LOST), now=at(100))
    tick(at(100_000))
    assert Complaint.objects.get().state == "waiting"


def test_kind_nobody_answers_for_goes_to_the_default_desk_with_a_warning(box: FakeBox, seeded: None) -> None:
    Rule.objects.filter(kind="flood").delete()
    hear(box.opened(episode(), kind=IncidentKind.FLOOD), now=at(1))
    tick(at(60))
    complaint = Complaint.objects.get()
    assert complaint.agency_id == "diskominfo"
    assert "no rule matches flood" in complaint.warning


def test_without_any_desk_the_complaint_waits_and_others_go_on(box: FakeBox, seeded: None) -> None:
    Rule.objects.filter(kind="flood").delete()
    Agency.objects.update(is_default_desk=False)
    hear(box.opened(episode(), kind=IncidentKind.FLOOD), box.opened(episode()), now=at(1))
    tick(at(60))
    assert [complaint.kind for complaint in Complaint.objects.all()] == ["jam"]
    Agency.objects.filter(pk="sda").update(is_default_desk=True)
    tick(at(61))
    assert Complaint.objects.filter(kind="flood", agency_id="sda").exists()


def test_rules_inform_others_too(box: FakeBox, seeded: None) -> None:
    hear(box.opened(episode(), kind=IncidentKind.FLOOD), now=at(1))
    tick(at(60))
    assert set(Complaint.objects.get().also_inform.values_list("code", flat=True)) == {"bpbd", "dishub"}


def test_review_mode_waits(box: FakeBox, seeded: None) -> None:
    Policy.objects.filter(kind="jam").update(mode=Policy.Mode.REVIEW)
    hear(box.opened(episode()), now=at(1))
    tick(at(1000))
    assert not Complaint.objects.exists()


def test_box_without_a_heartbeat_for_three_intervals_is_offline(box: FakeBox) -> None:
    handle_reports([box.status(0, interval_s=10)], NOON)
    tick(at(30))
    assert Box.objects.get().state == "online"
    tick(at(31))
    found = Box.objects.get()
    assert (found.state, found.state_since) == ("offline", at(31))
    tick(at(40))
    assert Change.objects.filter(topic="box", what="offline").count() == 1
    handle_reports([box.status(50)], at(50))
    assert Box.objects.get().state == "online"
