"""The clock's answers, kept beside each complaint: reckoned from its whole history whenever a row is added to that."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from central.clock.clock import Deadline, completion_at, due, first_response_at, spent
from central.clock.escalation import level_at, steps_of
from central.clock.history import Entry
from central.clock.policy import Policy, Step
from central.complaints.models import Complaint, History
from central.service.models import ServicePolicy
from central.service.policies import as_the_clock_takes_them, in_force

State = Complaint.State

HELD = frozenset({State.WAITING, State.COORDINATION, State.DISPOSITION, State.IN_PROGRESS})
"""The agency has it and nothing else is waited for. In all other states its clock stands still."""
NOT_HELD = frozenset({State.VERIFICATION, State.DONE, State.GONE, State.REJECTED, State.MERGED})

FIELDS = (
    "first_response_due",
    "first_response_stopped",
    "completion_due",
    "completion_stopped",
    "next_due",
    "due_soon",
    "next_step",
)
"""Those that `reckon` sets."""


class Story:
    """One complaint as the clock reads it: its history and what was promised."""

    def __init__(self, complaint: Complaint, rows: Sequence[History]) -> None:
        self.entries = entries_of(complaint, rows)
        self.policies = promised(complaint, {entry.category for entry in self.entries})

    def level(self, now: datetime) -> int:
        """How far it has escalated; 0: not at all."""
        return level_at(self.entries, self.policies, now)

    def spent(self, now: datetime) -> dict[str, timedelta]:
        """Time each agency has had, by its code."""
        return spent(self.entries, self.policies, now)

    def steps(self) -> list[tuple[datetime, Step]]:
        """Reminders that were or will be reached, in order."""
        return steps_of(self.entries, self.policies)


def story_of(complaint: Complaint) -> Story:
    """With the history as it is in the database."""
    return Story(complaint, list(complaint.history.order_by("step")))


def reckon(complaint: Complaint, now: datetime) -> None:
    """Sets FIELDS from the history; the caller holds the complaint locked and saves it."""
    settle(complaint, story_of(complaint), now)


def settle(complaint: Complaint, story: Story, now: datetime) -> None:
    """Sets FIELDS from a story that was read before; asks no database."""
    found = due(story.entries, story.policies)
    complaint.first_response_due, complaint.first_response_stopped = _both(found.first_response)
    complaint.completion_due, complaint.completion_stopped = _both(found.completion)
    complaint.next_due, complaint.due_soon = _next(story)
    # A reminder that is due but not yet written stays due.
    waiting = complaint.next_step if complaint.next_step is not None and complaint.next_step <= now else None
    complaint.next_step = waiting or first_after(story, now)


def first_after(story: Story, moment: datetime) -> datetime | None:
    """When the first step after the moment is reached; None: no more."""
    return min((reached for reached, _step in story.steps() if reached > moment), default=None)


def entries_of(complaint: Complaint, rows: Sequence[History]) -> list[Entry]:
    """The history as the clock reads it.

    A row with `agency` in its data gives the complaint to that agency, one with `kind` makes it one of that kind. The
    first response is the first change of state by somebody of the staff that was not taken back: a note alone would
    stop the clock for free.
    """
    entries: list[Entry] = []
    taken_back = {row.data["undone"] for row in rows if "undone" in row.data}
    holder = category = ""
    for row in rows:
        holder = row.data.get("agency", holder or complaint.agency_id)
        category = row.data.get("kind", category or complaint.kind)
        stands = "undone" not in row.data and row.data.get("bulk") not in taken_back
        answered = row.user_id is not None and row.before != row.after and stands
        entries.append(Entry(row.time, holder, category, State(row.after) in HELD, answered))
    return entries


def promised(complaint: Complaint, categories: set[str]) -> dict[str, Policy]:
    """Policies as they were frozen when the complaint was opened."""
    frozen = complaint.service or ServicePolicy(kind=complaint.kind, version=0, valid_from=complaint.opened)
    rows = {frozen.kind: frozen}
    if categories - set(rows):
        rows = in_force(complaint.opened) | rows
    return as_the_clock_takes_them({kind: rows[kind] for kind in categories})


def _next(story: Story) -> tuple[datetime | None, datetime | None]:
    """The deadline that is due next, and from when it is near; none while the clock stands still."""
    soon = story.policies[story.entries[-1].category].soon
    running = [
        (deadline.due, at(story.entries, story.policies, soon).due)
        for at in (first_response_at, completion_at)
        if (deadline := at(story.entries, story.policies)).stopped is None
    ]
    return min(running, default=(None, None))


def _both(deadline: Deadline) -> tuple[datetime, datetime | None]:
    return deadline.due, deadline.stopped
