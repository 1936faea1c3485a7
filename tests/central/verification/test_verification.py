"""An agency says that it is done; the camera has the last word."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from central.accounts.roles import Actor, Role
from central.boxes.enrolment import enrol
from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.complaints.workflow import act
from central.evidence.models import Exhibit
from central.incidents.models import Incident
from central.intake.handling import handle_reports
from central.intake.models import Quarantined
from central.intake.subscription import Message
from central.verification.asking import Due, commands
from central.verification.models import Question
from contract.commands import LookReply
from contract.kinds import EvidenceRole, IncidentKind, Sight
from contract.topics import ReplyTopic
from tests.central.fakebox import FakeBox
from tests.central.incidents.hearing import hear
from tests.central.moments import at

OFFICER = Actor(role=Role.OFFICER, name="budi", agency="dishub")
DONE_AT = 200.0


def filed_for(*boxes: FakeBox, jam: UUID | None = None) -> Complaint:
    """Of a jam that these cameras saw, each in an episode of its own or in this one; said to be done at `DONE_AT`."""
    hear(*(box.opened(jam or uuid4()) for box in boxes), now=at(0))
    tick(at(70))
    filed = Complaint.objects.get()
    act(filed.pk, "start", OFFICER, at(100))
    return act(filed.pk, "report_done", OFFICER, at(DONE_AT), note="cleared")


@pytest.fixture
def complaint(box: FakeBox, seeded: None) -> Complaint:
    return filed_for(box)


def asked(seconds: float) -> list[Due]:
    tick(at(seconds))
    return commands(at(seconds))


def answer(box: FakeBox, due: Due, sight: Sight, seconds: float, *, by: FakeBox | None = None) -> None:
    signer = by or box
    signer.camera = due.command.camera
    signed, _ = signer.still(b"\xff\xd8\xff" + sight.value.encode(), EvidenceRole.ASKED, seconds)
    reply = LookReply(
        id=due.command.id, camera=due.command.camera, sight=sight, time=at(seconds), reason="seen", evidence=(signed,)
    )
    handle_reports([Message(ReplyTopic(box.id).path, reply.to_bytes())], at(seconds))
    tick(at(seconds))


def state_of(complaint: Complaint) -> str:
    return Complaint.objects.get(pk=complaint.pk).state


def test_the_camera_is_asked_about_what_it_saw_until_it_answers(box: FakeBox, complaint: Complaint) -> None:
    (due,) = asked(201)
    assert (due.box, due.command.camera, due.command.zone) == (box.id, "simpang", "utara")
    assert due.command.kind is IncidentKind.JAM
    assert asked(205) == []
    (again,) = asked(212)
    assert again.command.id == due.command.id


def test_gone_is_done_with_a_picture_of_after(box: FakeBox, complaint: Complaint) -> None:
    (due,) = asked(201)
    answer(box, due, Sight.GONE, 203)
    assert state_of(complaint) == "done"
    last = complaint.history.order_by("step").last()
    assert last is not None
    assert (last.action, last.actor, last.user) == ("camera_confirms", "system", None)
    assert last.data["seen"][0]["sight"] == "gone"
    assert [exhibit.role for exhibit in Exhibit.objects.all()] == ["asked"]


def test_still_there_goes_back_to_the_agency_with_the_picture(box: FakeBox, complaint: Complaint) -> None:
    (due,) = asked(201)
    answer(box, due, Sight.PRESENT, 203)
    assert state_of(complaint) == "in_progress"
    assert [exhibit.role for exhibit in Exhibit.objects.all()] == ["asked"]
    act(complaint.pk, "report_done", OFFICER, at(300), note="now really")
    (second,) = asked(301)
    assert second.command.id != due.command.id
    answer(box, second, Sight.GONE, 303)
    assert state_of(complaint) == "done"


def test_solved_and_back_before_the_hold_has_ended_is_open_again(box: FakeBox, seeded: None) -> None:
    jam = uuid4()
    filed = filed_for(box, jam=jam)
    (due,) = asked(201)
    hear(box.closed(jam, 202), now=at(202))
    answer(box, due, Sight.GONE, 203)
    assert (state_of(filed), Incident.objects.get().state) == ("done", "clearing")
    hear(box.opened(uuid4(), 400), now=at(400))
    assert Incident.objects.get().state == "active"
    filed.refresh_from_db()
    last = filed.history.order_by("step").last()
    assert last is not None
    assert (filed.ended, last.action, last.actor) == (None, "recur", "system")


def test_a_camera_that_cannot_tell_is_asked_three_times_and_then_a_person(box: FakeBox, complaint: Complaint) -> None:
    when = DONE_AT + 1
    for _ in range(3):
        (due,) = asked(when)
        answer(box, due, Sight.UNKNOWN, when + 2)
        assert asked(when + 30) == []
        tick(at(when + 61))
        when += 62
    assert asked(when) == []
    assert state_of(complaint) == "verification"
    assert complaint.history.filter(action="camera_cannot_tell").count() == 1


def test_a_box_that_never_answers_leaves_it_to_a_person(complaint: Complaint) -> None:
    for second in range(int(DONE_AT), int(DONE_AT) + 300, 5):
        asked(second)
    assert state_of(complaint) == "verification"
    assert complaint.history.filter(action="camera_cannot_tell").count() == 1
    assert Question.objects.count() == 3


def test_all_cameras_that_saw_it_must_see_it_gone(box: FakeBox, seeded: None) -> None:
    other = FakeBox("pgk-02", camera="selatan")
    enrol(other.id, other.public_key, at(0))
    complaint = filed_for(box, other)
    due = {one.box: one for one in asked(201)}
    assert set(due) == {box.id, other.id}
    answer(box, due[box.id], Sight.GONE, 203)
    assert state_of(complaint) == "verification"
    answer(other, due[other.id], Sight.PRESENT, 204)
    assert state_of(complaint) == "in_progress"


def test_an_answer_counts_once(box: FakeBox, complaint: Complaint) -> None:
    (due,) = asked(201)
    answer(box, due, Sight.PRESENT, 203)
    answer(box, due, Sight.GONE, 204)
    assert state_of(complaint) == "in_progress"
    assert Question.objects.get().answered == at(203)


def test_a_picture_signed_by_somebody_else_is_set_aside(box: FakeBox, complaint: Complaint) -> None:
    (due,) = asked(201)
    answer(box, due, Sight.GONE, 203, by=FakeBox(box.id))
    assert state_of(complaint) == "verification"
    assert "signature" in Quarantined.objects.get().reason
    assert not Exhibit.objects.exists()


def test_an_answer_to_another_boxs_question_is_set_aside(box: FakeBox, complaint: Complaint) -> None:
    stranger = FakeBox("pgk-02")
    enrol(stranger.id, stranger.public_key, at(0))
    (due,) = asked(201)
    answer(stranger, due, Sight.GONE, 203)
    assert state_of(complaint) == "verification"
    assert "was not asked" in Quarantined.objects.get().reason


def test_what_an_operator_decided_meanwhile_stands(box: FakeBox, complaint: Complaint) -> None:
    (due,) = asked(201)
    act(complaint.pk, "send_back", Actor(role=Role.OPERATOR, name="ani"), at(202), note="I can see it")
    answer(box, due, Sight.GONE, 203)
    assert state_of(complaint) == "in_progress"
    question = Question.objects.get()
    assert question.until - question.asked == timedelta(seconds=60)
