"""What happened to a complaint, as rows of its hash chain."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from central.complaints import chain
from central.complaints.models import Complaint, History
from scripts.city_data.lives import Step
from scripts.city_data.people import Person

SYSTEM: Person = (None, "system")


@dataclass(frozen=True, slots=True)
class Happening:
    """One row before it is numbered and chained."""

    step: Step
    time: datetime
    actor: Person
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def chained(complaint: Complaint, happenings: Iterable[Happening]) -> list[History]:
    """In order; needs the complaint's number."""
    rows: list[History] = []
    before = previous = ""
    for number, happening in enumerate(happenings, start=1):
        user, name = happening.actor
        row = History(
            complaint_id=complaint.pk,
            step=number,
            time=happening.time,
            actor=name,
            user_id=user,
            action=happening.step.action,
            before=before,
            after=happening.step.after,
            note=happening.note,
            data=happening.data,
            previous=previous,
        )
        row.hash = chain.hash_of(row, complaint.number)
        rows.append(row)
        before, previous = row.after, row.hash
    return rows
