"""Whom to ask and when: every camera that saw the problem, up to three times, a minute apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from central.complaints.models import Complaint
from central.incidents.lifecycle import episodes_of
from central.incidents.models import Episode
from central.verification.models import Question
from contract.commands import Command, LookAgain
from contract.kinds import IncidentKind

PATIENCE = timedelta(seconds=60)
"""So long does a box have for an answer."""
REPEAT_AFTER = timedelta(seconds=10)
"""A command without an answer is said again."""
BATCH = 200


@dataclass(frozen=True, slots=True)
class Due:
    """A command to publish."""

    box: str
    command: Command


def ask(now: datetime) -> int:
    """Puts the first questions about complaints newly said to be done; returns about how many."""
    asked = Question.objects.filter(complaint=OuterRef("pk"), claimed=OuterRef("state_since"))
    fresh = Complaint.objects.filter(_has_witness(), ~Exists(asked), state=Complaint.State.VERIFICATION)
    complaints = list(fresh.order_by("pk")[:BATCH])
    for complaint in complaints:
        ask_about(complaint, attempt=1, now=now)
    return len(complaints)


def ask_about(complaint: Complaint, *, attempt: int, now: datetime) -> int:
    """One question a camera and zone that saw the incident; returns how many."""
    return len(
        Question.objects.bulk_create(
            [
                Question(
                    complaint=complaint,
                    claimed=complaint.state_since,
                    attempt=attempt,
                    episode=episode,
                    asked=now,
                    until=now + PATIENCE,
                )
                for episode in witnesses(complaint)
            ],
            ignore_conflicts=True,
        )
    )


def witnesses(complaint: Complaint) -> list[Episode]:
    """The newest episode of each camera and zone (or fault) in the complaint's incident and in those that were
    merged into it."""
    newest: dict[tuple[int, str, str], Episode] = {}
    incident = complaint.incident.merged_into or complaint.incident
    for episode in sorted(episodes_of([incident])[incident.pk], key=lambda episode: episode.seen):
        newest[episode.camera_id, episode.zone, _fault(episode) or ""] = episode
    return list(newest.values())


def _has_witness() -> Q:
    """Whether `witnesses` finds any. What only citizens told of is a person's to check: there is no camera to ask."""
    families = (
        {"incident": OuterRef("incident")},
        {"incident__merged_into": OuterRef("incident")},
        {"incident": OuterRef("incident__merged_into")},
    )
    own, absorbed, standing = (Q(Exists(Episode.objects.filter(**family))) for family in families)
    return own | absorbed | standing


@transaction.atomic
def commands(now: datetime) -> list[Due]:
    """What is to be said now; it counts as said. Two workers never say the same at once."""
    silent = Q(sent__isnull=True) | Q(sent__lte=now - REPEAT_AFTER)
    waiting = (
        Question.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(silent, answered__isnull=True, until__gt=now)
        .order_by(F("sent").asc(nulls_first=True))
        .select_related("episode__camera")[:BATCH]
    )
    questions = list(waiting)
    Question.objects.filter(pk__in=[question.pk for question in questions]).update(sent=now)
    return _due(questions)


def _due(questions: Sequence[Question]) -> list[Due]:
    return [
        Due(
            question.episode.box_id,
            LookAgain(
                id=question.pk,
                camera=question.episode.camera.code,
                kind=IncidentKind(question.episode.kind),
                zone=question.episode.zone or None,
                fault=_fault(question.episode),
                until=question.until,
            ),
        )
        for question in questions
    ]


def _fault(episode: Episode) -> str | None:
    fault = episode.measures.get("fault")
    return str(fault) if fault else None
