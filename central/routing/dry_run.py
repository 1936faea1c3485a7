"""What a draft of the rules would have done with incidents of the past, beside the rules in force."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from central.incidents.models import Incident
from central.routing.compiling import CompiledRule
from central.routing.decisions import Subject, choose, deciding
from central.routing.models import Agency
from central.routing.table import Table

MOST = 20_000
"""Incidents that are looked at, the newest first."""
_FIELDS = ("pk", "kind", "place", "lat", "lon", "complaint_opened")


@dataclass(frozen=True, slots=True)
class Way:
    """Where an incident goes."""

    agency: str
    """Code; empty: there is nobody, not even a default desk."""
    also_inform: tuple[str, ...]
    rule: int | None
    """None: no rule matched, so it is the default desk's."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One incident under both."""

    incident: int
    subject: Subject
    before: Way
    after: Way

    @property
    def differs(self) -> bool:
        """Whether other people would have heard of it."""
        return (self.before.agency, self.before.also_inform) != (self.after.agency, self.after.also_inform)


@dataclass(slots=True)
class Summary:
    """Of many incidents."""

    looked_at: int = 0
    differ: int = 0
    stray_before: int = 0
    stray_after: int = 0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(agency before, agency after) → how many incidents."""
    examples: list[Comparison] = field(default_factory=list)


def compare(in_force: Table, draft: Table, since: datetime, most: int = MOST) -> Iterator[Comparison]:
    """Incidents that became complaints since then, the newest first; each read once, none kept."""
    active = set(Agency.objects.filter(active=True).values_list("pk", flat=True))
    desk = Agency.objects.filter(is_default_desk=True, active=True).values_list("pk", flat=True).first() or ""
    opened = Incident.objects.filter(complaint_opened__isnull=False, began__gte=since)
    rows = opened.exclude(state=Incident.State.MERGED).order_by("-pk").values_list(*_FIELDS)
    for pk, *about in islice(rows.iterator(chunk_size=1000), most):
        subject = Subject(*about)
        before, after = (_way(deciding(choose(table, subject), active), active, desk) for table in (in_force, draft))
        yield Comparison(pk, subject, before, after)


def summary(comparisons: Iterator[Comparison], examples: int = 100) -> Summary:
    """Counts all of them and keeps the first few that differ."""
    told = Summary()
    for each in comparisons:
        told.looked_at += 1
        told.stray_before += each.before.rule is None
        told.stray_after += each.after.rule is None
        if each.differs:
            told.differ += 1
            told.moves[each.before.agency, each.after.agency] += 1
            if len(told.examples) < examples:
                told.examples.append(each)
    return told


def _way(rule: CompiledRule | None, active: set[str], desk: str) -> Way:
    if rule is None:
        return Way(desk, (), None)
    return Way(rule.agency, tuple(code for code in rule.also_inform if code in active), rule.order)
