"""What cameras answered, and what follows: still there → sent back with the picture; gone → done; else a person."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from central.accounts.roles import SYSTEM
from central.boxes.models import Box
from central.complaints.models import Complaint
from central.complaints.workflow import Refused, act
from central.evidence.exhibits import claim
from central.verification.asking import ask_about
from central.verification.models import Question
from contract.commands import LookReply
from contract.evidence import EvidenceError, parse_public_key

ATTEMPTS = 3
AGAIN_AFTER = timedelta(seconds=60)
BATCH = 200

log = structlog.get_logger()


class NoSuchQuestion(ValueError):  # noqa: N818 — what it is
    """An answer to something that this box was not asked."""


@transaction.atomic
def hear(box_id: str, reply: LookReply, now: datetime) -> None:
    """Writes an answer down, once; its pictures join the evidence of the episode.

    Raises:
        NoSuchQuestion: this box was not asked, or not about this camera.
        EvidenceError: a picture that the box did not sign, or of another camera.
    """
    question = (
        Question.objects.select_for_update(of=("self",))
        .select_related("episode__camera")
        .filter(pk=reply.id, episode__box_id=box_id, episode__camera__code=reply.camera)
        .first()
    )
    if question is None:
        raise NoSuchQuestion(f"box {box_id} was not asked question {reply.id} about camera {reply.camera}")
    if question.answered is not None:
        return
    key = parse_public_key(Box.objects.get(pk=box_id).public_key)
    for signed in reply.evidence:
        signed.verify(key, box_id)
        if signed.manifest.camera != reply.camera:
            raise EvidenceError(f"evidence {signed.manifest.sha256[:12]}… is of another camera than was asked")
    claim(((question.episode, signed) for signed in reply.evidence), now)
    question.answered = now
    question.sight = reply.sight.value
    question.reason = reply.reason
    question.measures = reply.measures.model_dump(mode="json", exclude_none=True)
    question.save(update_fields=["answered", "sight", "reason", "measures"])


def decide(now: datetime) -> int:
    """Settles every complaint whose newest round of questions is over; returns how many."""
    open_questions = Question.objects.filter(answered__isnull=True, until__gt=now).values("complaint")
    heard = Complaint.objects.filter(state=Complaint.State.VERIFICATION, questions__isnull=False)
    decided = 0
    for pk in heard.exclude(pk__in=open_questions).distinct().order_by("pk").values_list("pk", flat=True)[:BATCH]:
        try:
            decided += _decide_one(pk, now)
        except Refused as refused:  # somebody was quicker; the complaint is no longer ours to decide
            log.info("verification overtaken", complaint=pk, reason=str(refused))
    return decided


def _decide_one(pk: int, now: datetime) -> bool:
    complaint = Complaint.objects.get(pk=pk)  # not locked: `act` locks in its own order, and checks the state again
    questions = list(
        Question.objects.filter(complaint=pk, claimed=complaint.state_since).select_related("episode__camera")
    )
    if complaint.state != Complaint.State.VERIFICATION or not questions:
        return False
    attempt = max(question.attempt for question in questions)
    round_ = [question for question in questions if question.attempt == attempt]
    if any(question.answered is None and question.until > now for question in round_):
        return False
    sights = {question.sight or Question.Sight.UNKNOWN.value for question in round_}
    if Question.Sight.PRESENT in sights:
        _act(complaint, "camera_refutes", round_, now)
    elif sights == {Question.Sight.GONE.value}:
        _act(complaint, "camera_confirms", round_, now)
    elif attempt < ATTEMPTS:
        if now - max(question.asked for question in round_) < AGAIN_AFTER:
            return False
        ask_about(complaint, attempt=attempt + 1, now=now)
    elif not complaint.history.filter(action="camera_cannot_tell", time__gte=complaint.state_since).exists():
        _act(complaint, "camera_cannot_tell", round_, now)
    else:
        return False
    return True


def _act(complaint: Complaint, action: str, questions: Iterable[Question], now: datetime) -> None:
    seen = [
        {
            "camera": question.episode.camera.code,
            "zone": question.episode.zone,
            "sight": question.sight or Question.Sight.UNKNOWN.value,
            "reason": question.reason or "no answer",
            "measures": question.measures,
        }
        for question in questions
    ]
    note = "; ".join(f"{one['camera']}: {one['reason']}" for one in seen)
    act(complaint.pk, action, SYSTEM, now, note=note, expected=Complaint.State.VERIFICATION, data={"seen": seen})
