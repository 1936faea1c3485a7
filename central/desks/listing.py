"""A desk's list of complaints, by its filter: the same for operators and agencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from central.accounts.roles import Actor
from central.complaints.access import parts_visible_to, visible_to
from central.complaints.finding import exactly, read
from central.complaints.models import Complaint, NumberRange
from central.desks.bulk import bulk_actions
from central.desks.cards import complaint_rows, row_complaints
from central.desks.filters import (
    ALL,
    BY_DUE,
    DUES,
    ENDED,
    LAST_ENDED,
    NEWEST,
    OPEN,
    Filter,
    narrowed,
    read_filter,
)
from central.desks.paging import Order, Slice, page
from central.desks.searching import Parts, nearest, with_words
from central.desks.showing import rows_shown
from central.feed.reading import latest_id
from central.incidents.kinds import Kind
from central.routing.models import Agency

PAGE = 50


@dataclass(frozen=True, slots=True)
class Desk:
    """What differs between the desks' lists."""

    name: str
    """First half of its routes' names."""
    template: str
    orders: Mapping[str, Order]
    """By what is shown; the first is shown first."""
    chooses_agency: bool


OPERATORS_LIST = Desk("operator", "desks/complaints.html", {OPEN: NEWEST, ALL: NEWEST}, chooses_agency=True)
AGENCYS_QUEUE = Desk("agency", "desks/queue.html", {OPEN: BY_DUE, ENDED: LAST_ENDED}, chooses_agency=False)


def listed(request: HttpRequest, actor: Actor, desk: Desk) -> HttpResponse:
    """The page; whoever typed a number or a tracking code goes straight to that complaint."""
    position, now = latest_id(), timezone.now()
    wanted = read_filter(request.GET, tuple(desk.orders))
    if wanted.text and (one := exactly(visible_to(actor), read(wanted.text, now))) is not None:
        return redirect(f"{desk.name}-complaint", one.number)
    parts = [narrowed(part, wanted, actor, now) for part in parts_visible_to(actor)]
    loaded = [row_complaints(part) for part in parts]
    found = _rows(loaded, wanted, desk.orders[wanted.show], request.GET.get("from", ""), now)
    # Not by joining: where the planner takes a word for rare, it would join everything that has it and sort then.
    agencies = {each.pk: each for each in Agency.objects.order_by("short")}
    for row in found.rows:
        row.agency = agencies[row.agency_id]
    context = {
        "position": position,
        "agency": agencies.get(actor.agency or ""),
        "desk": desk,
        "wanted": wanted,
        "open": wanted.showing(OPEN),
        "other": wanted.showing(list(desk.orders)[1]),
        "slice": found,
        "rows": (rows := rows_shown(actor, complaint_rows(found.rows))),
        "some_withheld": any(row.withheld for row in rows),
        "count": _count(parts, wanted, actor),
        "bulk_actions": bulk_actions(actor) if wanted.show == OPEN else [],
        "choices": _choices(desk, wanted, list(agencies.values())),
    }
    return render(request, desk.template, context)


def _rows(parts: Parts, wanted: Filter, order: Order, where: str, now: datetime) -> Slice:
    looked_for = read(wanted.text, now)
    if looked_for.point is not None:
        return nearest(parts, looked_for.point, PAGE)
    if not looked_for.words:
        return page(parts, order, where, PAGE)
    return with_words(parts, looked_for.words, order, where, PAGE, are_few=wanted.show == OPEN)


def _count(parts: Parts, wanted: Filter, actor: Actor) -> int | None:
    """Of what is open there is little enough to count; of all, the numbers given out are the count."""
    if wanted.text:
        return None
    if wanted.show == OPEN:
        return sum(part.count() for part in parts)
    if wanted.show == ALL and not wanted.narrows and actor.agency is None:
        return NumberRange.objects.aggregate(all=Sum("last"))["all"] or 0
    return None


def _choices(desk: Desk, wanted: Filter, agencies: Sequence[Agency]) -> dict[str, Any]:
    ended = Complaint.ENDED_STATES
    shown = {OPEN: lambda state: state not in ended, ENDED: lambda state: state in ended}.get(wanted.show, bool)
    return {
        "kinds": Kind.choices,
        "states": [(state, label) for state, label in Complaint.State.choices if shown(state)],
        "dues": DUES.items() if wanted.show != ENDED else (),
        "agencies": agencies if desk.chooses_agency else (),
    }
