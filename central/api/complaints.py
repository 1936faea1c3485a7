"""Complaints: to everybody what is public, to the owner of a token what its desk shows."""

from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from central.api.asked import Code, Filters, checked_since, in_box, of_kinds
from central.api.gate import caller_of
from central.api.items import ComplaintItem, ComplaintState, complaint_item, complaint_values
from central.api.pages import Order, page_of
from central.api.scopes import Scope
from central.complaints.access import visible_to
from central.complaints.models import Complaint
from central.complaints.numbers import read_tracking
from central.desks.publicity import public_complaints
from central.desks.story import WITHIN_THE_AGENCY

router = Router()


class Step(Schema):
    """Something that happened to a complaint."""

    time: datetime
    action: str
    state: ComplaintState = Field(description="Afterwards")
    actor: str | None = Field(description="Staff only")
    note: str | None = Field(description="Staff only")


class ComplaintDetail(ComplaintItem):
    """With everything that happened."""

    history: list[Step]


class ComplaintList(Schema):
    """`count` is of all that match, on all pages, up to 10,000; `next` is the next page's address."""

    items: list[ComplaintItem]
    count: int
    next: str | None


class Wanted(Filters):
    """Which complaints."""

    state: Literal["open", "ended", "all"] | ComplaintState = Field("open", description="One state, or a group of them")
    agency: list[Code] = Field([], description="Codes of agencies; repeat it for several", max_length=50)


@router.get("/complaints", response=ComplaintList, summary="Complaints, newest first")
def complaints(request: HttpRequest, wanted: Query[Wanted]) -> ComplaintList:
    """Public data; with a token that may `complaints:read`, those its owner may see."""
    as_staff = caller_of(request).sees_as_staff(Scope.COMPLAINTS_READ)
    since = checked_since(wanted.updated_since)
    found = _seen_by_caller(request).filter(
        of_kinds(wanted.kind), in_box(wanted.bbox, exactly=as_staff), _in_state(wanted.state)
    )
    order = Order("opened")
    if wanted.agency:
        found = found.filter(agency__in=wanted.agency)
    if since is not None:
        found, order = found.filter(state_since__gte=since), Order("state_since", newest_first=False)
    page = page_of(request, found, order, wanted.limit, wanted.cursor)
    items = [complaint_item(each, request.build_absolute_uri, as_staff=as_staff) for each in page.rows]
    return ComplaintList(items=items, count=page.count, next=page.next)


@router.get("/complaints/{code}", response=ComplaintDetail, summary="One complaint and its history")
def complaint(request: HttpRequest, code: str) -> ComplaintDetail:
    """By its number or its tracking number."""
    as_staff = caller_of(request).sees_as_staff(Scope.COMPLAINTS_READ)
    number = code.upper() if code.isascii() and code.isprintable() else ""
    found = _seen_by_caller(request).filter(Q(tracking=read_tracking(code)) | Q(number=number)).first()
    if found is None:
        raise Http404
    values = complaint_values(found, request.build_absolute_uri, as_staff=as_staff)
    return ComplaintDetail(**values, history=_history(found, as_staff=as_staff))


def _seen_by_caller(request: HttpRequest) -> QuerySet[Complaint]:
    caller = caller_of(request)
    if not caller.sees_as_staff(Scope.COMPLAINTS_READ):
        return public_complaints()
    seen = visible_to(caller.actor).select_related("agency", "assignee", "incident__camera", "merged_into")
    return seen.prefetch_related("also_inform")


def _in_state(state: str) -> Q:
    if state == "all":
        return Q()
    if state in {"open", "ended"}:
        return Q(ended__isnull=state == "open")
    return Q(state=state)


def _history(complaint: Complaint, *, as_staff: bool) -> list[Step]:
    rows = complaint.history.order_by("step")
    if not as_staff:
        rows = rows.exclude(action__in=WITHIN_THE_AGENCY)
    return [
        Step(
            time=row.time,
            action=row.action,
            state=row.after,
            actor=row.actor if as_staff else None,
            note=row.note if as_staff else None,
        )
        for row in rows
    ]
