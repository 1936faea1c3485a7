"""The agencies' report card (rapor): how much of what an agency held was late.

Only time the agency itself held a complaint counts, for the deadlines are reckoned so. A merged complaint counts once,
as the one it was merged into; one that went away by itself or was rejected is nobody's merit and nobody's fault. Below
LEAST complaints a share says nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from central.complaints.models import Complaint, History

State = Complaint.State

PERIOD = timedelta(days=30)
LEAST = 20


@dataclass(frozen=True, slots=True)
class Marks:
    """One agency's counts: what it holds now, and what it finished in the period."""

    agency: str
    held: int
    overdue: int
    """Of those held."""
    done: int
    late: int
    """Of those done: reported as done after the deadline."""
    returned: int
    """Of all: came back from the verification at least once."""
    reopened: int
    """Of all: opened again after it was done."""

    @property
    def counted(self) -> int:
        """What the shares are of."""
        return self.held + self.done

    @property
    def share(self) -> float:
        """Overdue or late, of all that count."""
        return (self.overdue + self.late) / self.counted if self.counted else 0.0

    @property
    def says_something(self) -> bool:
        """Enough complaints for a mark."""
        return self.counted >= LEAST


def counted(complaints: QuerySet[Complaint], now: datetime) -> QuerySet[Complaint]:
    """Those that count: held by the agency now, or done in the period."""
    return complaints.filter(_held() | _done(now))


def missed(complaints: QuerySet[Complaint], now: datetime) -> QuerySet[Complaint]:
    """Those behind a red mark."""
    return complaints.filter(_held() & Q(next_due__lt=now) | _done(now) & _late())


def report(complaints: QuerySet[Complaint], now: datetime) -> list[Marks]:
    """Of every agency that has something to count, in order of code: one query."""
    rows = History.objects.filter(complaint=OuterRef("pk"))
    marked = counted(complaints, now).annotate(
        came_back=Exists(rows.filter(before=State.VERIFICATION, after=State.IN_PROGRESS)),
        opened_again=Exists(rows.filter(before=State.DONE).exclude(after=State.DONE)),
    )
    counts = (
        marked.order_by("agency")
        .values("agency")
        .annotate(
            held=Count("pk", filter=_held()),
            overdue=Count("pk", filter=_held() & Q(next_due__lt=now)),
            done=Count("pk", filter=_done(now)),
            late=Count("pk", filter=_done(now) & _late()),
            returned=Count("pk", filter=Q(came_back=True)),
            reopened=Count("pk", filter=Q(opened_again=True)),
        )
    )
    return [Marks(**row) for row in counts]


def _held() -> Q:
    return Q(ended__isnull=True, next_due__isnull=False)


def _done(now: datetime) -> Q:
    return Q(state=State.DONE, ended__gt=now - PERIOD)


def _late() -> Q:
    return Q(completion_due__lt=F("completion_stopped"))
