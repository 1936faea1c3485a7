"""Commands of the centre ("is it still there?", "show me"): kept until a look can answer them, answered once."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from pydantic import ValidationError

from contract.commands import Command, LookReply, Reply, StillReply, TakeStill, read_command
from contract.kinds import Sight

WAITING_LIMIT = 256
ANSWERS_KEPT = 256

log = structlog.get_logger(__name__)


class Questions:
    """Heard on the uplink's thread, answered on the looking one.

    Args:
        cameras: ids of the cameras that can be asked about.
        reply: sends an answer; called on either thread.
        clock: the box's wall clock.
    """

    def __init__(self, cameras: frozenset[str], reply: Callable[[Reply], None], clock: Callable[[], datetime]):
        self._cameras = cameras
        self._reply = reply
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: OrderedDict[UUID, Command] = OrderedDict()
        self._answers: OrderedDict[UUID, Reply] = OrderedDict()

    def hear(self, payload: bytes) -> str | None:
        """A command as it came. One that was answered before is answered the same; what cannot be read is logged.

        Returns:
            The camera that a look is wanted of; None where none is.
        """
        try:
            question = read_command(payload)
        except (ValidationError, ValueError) as error:
            log.warning("command passed over: it cannot be read", reason=str(error))
            return None
        with self._lock:
            answered = self._answers.get(question.id)
            if answered is None and question.camera in self._cameras and len(self._waiting) < WAITING_LIMIT:
                self._waiting.setdefault(question.id, question)
        if answered is not None:
            self._reply(answered)
        elif question.camera not in self._cameras:
            self.answer(question, self.unknown(question, f"This box has no camera {question.camera}"))
        else:
            return question.camera
        return None

    def waiting(self, camera: str) -> list[Command]:
        """What is asked about a camera, in order; a question whose time is over is answered with `unknown`."""
        now = self._clock()
        with self._lock:
            asked = [question for question in self._waiting.values() if question.camera == camera]
        for question in asked:
            if question.until <= now:
                self.answer(question, self.unknown(question, "No newer picture came from this camera in time"))
        return [question for question in asked if question.until > now]

    def answer(self, question: Command, reply: Reply) -> None:
        """Answers a question and remembers the answer, in case it is lost on the way."""
        with self._lock:
            self._waiting.pop(question.id, None)
            self._answers[question.id] = reply
            while len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)
        self._reply(reply)

    def unknown(self, question: Command, reason: str) -> Reply:
        """The answer of a box that cannot see."""
        now = self._clock()
        if isinstance(question, TakeStill):
            return StillReply(action="still", id=question.id, camera=question.camera, time=now, reason=reason)
        return LookReply(id=question.id, camera=question.camera, sight=Sight.UNKNOWN, time=now, reason=reason)
