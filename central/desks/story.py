"""A complaint as everybody may read it: its way, its masked pictures, its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from central.complaints.models import Complaint, History
from central.desks.publicity import PublicPlace, public_code, public_place, public_target
from central.desks.sentences import sentence, when_filed
from central.desks.words import STEPS, Measure, measures_of
from central.evidence.exhibits import of_incident
from central.evidence.models import Exhibit
from central.reports.models import Report

WITHIN_THE_AGENCY = ("reassign", "estimate", "decline_estimate")
"""Steps that concern nobody else: a time that the head has not promised is no promise."""


@dataclass(frozen=True, slots=True)
class Story:
    """What the public pages show of one complaint."""

    complaint: Complaint
    code: str
    place: PublicPlace
    stills: Sequence[Exhibit]
    steps: Sequence[tuple[str, str]]
    """Label and standing (`past`, `now`, `ahead`) of each step; none when it ended on another way."""
    merged_into: str
    history: Sequence[History]
    target: datetime | None
    sentence: str
    measures: Sequence[Measure]
    told: int
    """How many citizens reported it, or what was merged into it."""


def story_of(complaint: Complaint) -> Story:
    """Needs what `publicity.public_complaints` loads."""
    history = list(complaint.history.exclude(action__in=WITHIN_THE_AGENCY))
    measures = when_filed(history)
    return Story(
        complaint=complaint,
        code=public_code(complaint),
        place=public_place(complaint),
        stills=[exhibit for exhibit in of_incident(complaint.incident) if exhibit.arrived and exhibit.is_still],
        steps=_steps(complaint),
        merged_into=public_code(complaint.merged_into) if complaint.merged_into is not None else "",
        history=history,
        target=public_target(complaint),
        sentence=sentence(complaint.kind, measures, ""),
        measures=measures_of(measures),
        told=_told(complaint),
    )


def _steps(complaint: Complaint) -> list[tuple[str, str]]:
    if complaint.state not in STEPS:
        return []
    reached = STEPS.index(complaint.state)
    return [
        (step.label, "past" if i < reached or complaint.has_ended else "now" if i == reached else "ahead")
        for i, step in enumerate(STEPS)
    ]


def _told(complaint: Complaint) -> int:
    standing = complaint.incident.merged_into_id or complaint.incident_id
    return Report.objects.filter(Q(incident=standing) | Q(incident__merged_into=standing)).count()
