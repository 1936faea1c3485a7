"""Somebody asks for a picture: the box is told, answers once, and its bytes follow."""

import pytest

from central.accounts.roles import Actor, Role
from central.boxes.models import Camera
from central.evidence.store import store
from central.intake.handling import handle_evidence, handle_reports
from central.intake.models import Quarantined
from central.intake.subscription import Message
from central.stills.asking import ask_for, commands
from central.stills.models import Still
from contract.commands import StillReply, TakeStill
from contract.kinds import EvidenceRole
from contract.topics import ReplyTopic
from tests.central.fakebox import FakeBox
from tests.central.moments import at

pytestmark = pytest.mark.django_db

OKI = Actor(role=Role.OPERATOR, name="oki")


@pytest.fixture
def camera(box: FakeBox) -> Camera:
    return Camera.objects.create(box_id=box.id, code="simpang")


def answer(box: FakeBox, still: Still, seconds: float, *, by: FakeBox | None = None, reason: str = "") -> Message:
    signed, message = (by or box).still(role=EvidenceRole.ASKED, seconds=seconds)
    reply = StillReply(
        action="still",
        id=still.pk,
        camera="simpang",
        time=at(seconds),
        reason=reason,
        evidence=() if reason else (signed,),
    )
    handle_reports([Message(ReplyTopic(box.id).path, reply.to_bytes())], at(seconds))
    return message


def test_it_is_asked_for_again_until_it_is_answered(box: FakeBox, camera: Camera) -> None:
    still = ask_for(camera, OKI, at(0))
    (due,) = commands(at(0.5))
    assert isinstance(due.command, TakeStill)
    assert (due.box, due.command.id, due.command.camera) == (box.id, still.pk, "simpang")
    assert commands(at(2)) == []
    assert len(commands(at(6))) == 1
    message = answer(box, still, 7)
    still.refresh_from_db()
    assert (still.taken, still.reason, still.has_arrived) == (at(7), "", False)
    handle_evidence([message], at(8), store())
    assert still.has_arrived
    assert commands(at(20)) == []


def test_why_there_is_none_is_written_down(box: FakeBox, camera: Camera) -> None:
    still = ask_for(camera, OKI, at(0))
    answer(box, still, 7, reason="No newer picture came from this camera in time")
    still.refresh_from_db()
    assert (still.sha256, still.reason) == ("", "No newer picture came from this camera in time")


def test_nobody_answers_for_another_or_with_a_foreign_signature(box: FakeBox, camera: Camera) -> None:
    still = ask_for(camera, OKI, at(0))
    answer(box, still, 7, by=FakeBox(box.id))
    still.refresh_from_db()
    assert still.answered is None
    assert "signature" in Quarantined.objects.get().reason


def test_a_question_is_over_in_time_and_pressing_twice_is_pressing_once(box: FakeBox, camera: Camera) -> None:
    still = ask_for(camera, OKI, at(0))
    assert ask_for(camera, OKI, at(3)) == still
    assert ask_for(camera, OKI, at(6)) != still
    assert still.is_over(at(31))
    assert [due.command.id for due in commands(at(31))] == [Still.objects.exclude(pk=still.pk).get().pk]
