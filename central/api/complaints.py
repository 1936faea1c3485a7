"""Complaints: to everybody what is public, to the owner of a token what its desk shows."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import Field

from central.api.asked import Code, Filters, checked_since, in_box, of_kinds
from central.api.gate import caller_of
from central.api.pages import Order, page_of
from central.api.scopes import Scope
from central.complaints.access import visible_to
from central.complaints.models import Complaint
from central.complaints.numbers import read_tracking
from central.desks.publicity import PublicPlace, public_code, public_complaints, public_place, public_target
from central.desks.story import WITHIN_THE_AGENCY
from contract.kinds import IncidentKind

State = Literal[
    "waiting", "coordination", "disposition", "in_progress", "verification", "done", "gone", "rejected", "merged"
]

router = Router()


class Staff(Schema):
    """What only staff are told."""

    incident: int
    severity: int = Field(description="1 light to 4 severe")
    assignee: str = Field(description="Whom the agency handed it to; may be empty")
    informed: list[str] = Field(description="Codes of the agencies that hear of it")
    first_response_due: datetime | None
    completion_due: datetime | None
    next_due: datetime | None = Field(description="None: nothing is due from the agency now")


class ComplaintItem(Schema):
    """One agency's duty."""

    number: str = Field(examples=["SGP-2026-000123"])
    tracking: str = Field(examples=["7K2M-9QXD-41TB"])
    kind: IncidentKind
    place: str = Field(description="Coarse for vending; may be empty")
    lat: float | None = Field(description="To the public about a kilometre for vending")
    lon: float | None
    agency: str = Field(description="Short name of the agency that must act")
    agency_code: str
    state: State
    open: bool
    opened: datetime
    changed: datetime = Field(description="When its state last changed")
    ended: datetime | None
    expected: datetime | None = Field(description="When the city means to have it solved; none while nothing is due")
    url: str = Field(description="The complaint's public page")
    staff: Staff | None = Field(description="None without a token that may read complaints")


class Step(Schema):
    """Something that happened to a complaint."""

    time: datetime
    action: str
    state: State = Field(description="Afterwards")
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

    state: Literal["open", "ended", "all"] | State = Field("open", description="One state, or a group of them")
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
    items = [_item(request, each, as_staff=as_staff) for each in page.rows]
    return ComplaintList(items=items, count=page.count, next=page.next)


@router.get("/complaints/{code}", response=ComplaintDetail, summary="One complaint and its history")
def complaint(request: HttpRequest, code: str) -> ComplaintDetail:
    """By its number or its tracking number."""
    as_staff = caller_of(request).sees_as_staff(Scope.COMPLAINTS_READ)
    number = code.upper() if code.isascii() and code.isprintable() else ""
    found = _seen_by_caller(request).filter(Q(tracking=read_tracking(code)) | Q(number=number)).first()
    if found is None:
        raise Http404
    return ComplaintDetail(**_told(request, found, as_staff=as_staff), history=_history(found, as_staff=as_staff))


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


def _item(request: HttpRequest, complaint: Complaint, *, as_staff: bool) -> ComplaintItem:
    return ComplaintItem(**_told(request, complaint, as_staff=as_staff))


def _told(request: HttpRequest, complaint: Complaint, *, as_staff: bool) -> dict[str, Any]:
    code, place = public_code(complaint), public_place(complaint)
    if as_staff:
        place = PublicPlace(complaint.place or place.name, complaint.lat, complaint.lon, coarse=False)
    return {
        "number": complaint.number,
        "tracking": code,
        "kind": complaint.kind,
        "place": place.name,
        "lat": place.lat,
        "lon": place.lon,
        "agency": complaint.agency.short,
        "agency_code": complaint.agency_id,
        "state": complaint.state,
        "open": not complaint.has_ended,
        "opened": complaint.opened,
        "changed": complaint.state_since,
        "ended": complaint.ended,
        "expected": public_target(complaint),
        "url": request.build_absolute_uri(reverse("public-complaint", args=[code])),
        "staff": _staff(complaint) if as_staff else None,
    }


def _staff(complaint: Complaint) -> Staff:
    return Staff(
        incident=complaint.incident_id,
        severity=complaint.severity,
        assignee="" if complaint.assignee is None else complaint.assignee.get_username(),
        informed=sorted(agency.code for agency in complaint.also_inform.all()),
        first_response_due=complaint.first_response_due,
        completion_due=complaint.completion_due,
        next_due=complaint.next_due,
    )


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
