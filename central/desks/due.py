"""When something is due, as the pages say it: a word and a colour, derived from the deadlines and the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from central.clock.clock import Deadline
from central.complaints.deadlines import story_of
from central.complaints.models import Complaint

OVERDUE = gettext_lazy("Overdue")
LATE = gettext_lazy("Late")
DUE = gettext_lazy("Due")
IN_TIME = gettext_lazy("In time")
STOPPED = gettext_lazy("Clock stopped")
ANSWERED = gettext_lazy("Answered in time")


@dataclass(frozen=True, slots=True)
class Mark:
    """red: missed; amber: near; green: time enough, or kept; grey: nothing is due."""

    tone: str
    word: str | Promise
    due: datetime | None = None
    """Shown beside the word while the clock runs."""


@dataclass(frozen=True, slots=True)
class DeadlineFact:
    """One of the two on a complaint's page."""

    label: str | Promise
    due: datetime
    stopped: datetime | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class DeadlineFacts:
    """Everything a complaint's page says of its time."""

    deadlines: tuple[DeadlineFact, ...]
    used_s: float
    """Time the agency has had."""
    allowed_s: float
    level: int
    """Escalation; 0: none."""
    promise: str
    """Version of the service policy; empty: the defaults."""


def mark_of(complaint: Complaint, now: datetime) -> Mark | None:
    """What lists show; None for a complaint that ended without anybody's doing, or has no deadlines yet."""
    if complaint.completion_due is None:
        return None
    if complaint.next_due is not None:
        return _running(complaint, complaint.next_due, now)
    if Deadline(complaint.completion_due, complaint.completion_stopped).breached(now):
        return Mark("red", LATE)
    if not complaint.has_ended:
        return Mark("grey", STOPPED)
    return Mark("green", IN_TIME) if complaint.state == Complaint.State.DONE else None


def facts_of(complaint: Complaint, now: datetime) -> DeadlineFacts | None:
    """For the complaint's page; None without deadlines yet."""
    if complaint.first_response_due is None or complaint.completion_due is None:
        return None
    first = Deadline(complaint.first_response_due, complaint.first_response_stopped)
    whole = Deadline(complaint.completion_due, complaint.completion_stopped)
    story = story_of(complaint)
    last = story.entries[-1]
    return DeadlineFacts(
        deadlines=(
            _fact(complaint, gettext_lazy("First response"), first, now, answered=first.stopped != whole.stopped),
            _fact(complaint, gettext_lazy("Completion"), whole, now, answered=False),
        ),
        used_s=story.spent(now).get(last.holder, timedelta()).total_seconds(),
        allowed_s=story.policies[last.category].completion.time.total_seconds(),
        level=story.level(now),
        promise=str(complaint.service or ""),
    )


def _fact(complaint: Complaint, label: Promise, deadline: Deadline, now: datetime, *, answered: bool) -> DeadlineFact:
    if deadline.stopped is None:
        mark = _running(complaint, deadline.due, now)
    elif deadline.breached(now):
        mark = Mark("red", LATE)
    elif answered:
        mark = Mark("green", ANSWERED)
    elif complaint.state == Complaint.State.DONE:
        mark = Mark("green", IN_TIME)
    else:
        mark = Mark("grey", STOPPED)
    return DeadlineFact(label, deadline.due, deadline.stopped, mark)


def _running(complaint: Complaint, due: datetime, now: datetime) -> Mark:
    if due < now:
        return Mark("red", OVERDUE, due)
    near = due == complaint.next_due and complaint.due_soon is not None and complaint.due_soon <= now
    return Mark("amber" if near else "green", DUE, due)
