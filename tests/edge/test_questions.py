"""Questions of the centre are answered once, and never forgotten in silence."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from contract.commands import LookAgain, LookReply
from contract.kinds import IncidentKind, Sight
from edge.questions import Questions

NOW = datetime(2026, 1, 1, 7, 0, tzinfo=UTC)


class Desk:
    """The centre's end of the wire, and a clock."""

    def __init__(self) -> None:
        self.now = NOW
        self.heard: list[LookReply] = []
        self.questions = Questions(frozenset({"simpang"}), self.heard.append, lambda: self.now)

    def ask(self, question: LookAgain) -> None:
        self.questions.hear(question.to_bytes())

    def answer(self, question: LookAgain, sight: Sight) -> None:
        reply = LookReply(id=question.id, camera=question.camera, sight=sight, time=self.now, reason="seen")
        self.questions.answer(question, reply)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def question(camera: str = "simpang") -> LookAgain:
    until = NOW + timedelta(seconds=60)
    return LookAgain(id=uuid4(), camera=camera, kind=IncidentKind.JAM, zone="utara", until=until)


def test_a_question_waits_for_a_look_and_is_answered_once(desk: Desk) -> None:
    asked = question()
    desk.ask(asked)
    desk.ask(asked)
    assert desk.questions.waiting("simpang") == [asked]
    desk.answer(asked, Sight.GONE)
    assert desk.questions.waiting("simpang") == []
    assert [reply.sight for reply in desk.heard] == [Sight.GONE]


def test_the_same_question_again_has_the_same_answer(desk: Desk) -> None:
    asked = question()
    desk.ask(asked)
    desk.answer(asked, Sight.PRESENT)
    desk.ask(asked)
    assert [reply.sight for reply in desk.heard] == [Sight.PRESENT, Sight.PRESENT]
    assert desk.questions.waiting("simpang") == []


def test_a_camera_without_pictures_cannot_tell(desk: Desk) -> None:
    asked = question()
    desk.ask(asked)
    desk.now += timedelta(seconds=61)
    assert desk.questions.waiting("simpang") == []
    (reply,) = desk.heard
    assert (reply.sight, reply.id) == (Sight.UNKNOWN, asked.id)
    assert "No newer picture" in reply.reason


def test_a_camera_of_another_box_is_said_to_be_unknown(desk: Desk) -> None:
    desk.ask(question(camera="bundaran"))
    (reply,) = desk.heard
    assert (reply.sight, reply.reason) == (Sight.UNKNOWN, "This box has no camera bundaran")


@pytest.mark.parametrize("payload", [b"", b"{}", b'{"action": "reboot"}', b"x" * 20_000])
def test_what_cannot_be_read_is_passed_over_and_logged(desk: Desk, payload: bytes) -> None:
    with capture_logs() as logs:
        desk.questions.hear(payload)
    assert [entry["log_level"] for entry in logs] == ["warning"]
    assert desk.heard == []
