"""Incidents, for those who may see them."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from central.api.asked import Filters, checked_since, in_box, of_kinds
from central.api.gate import Bearer, caller_of
from central.api.pages import Order, page_of
from central.api.scopes import Scope
from central.complaints.access import incidents_visible_to, visible_to
from central.incidents.models import Incident
from contract.kinds import IncidentKind

State = Literal["candidate", "active", "clearing", "cleared", "closed", "suppressed", "unknown", "rejected", "merged"]
LARGEST = 2**63 - 1

router = Router(auth=Bearer(Scope.INCIDENTS_READ))


class IncidentItem(Schema):
    """The real-world thing that cameras and citizens tell of."""

    id: int
    kind: IncidentKind
    state: State
    place: str
    lat: float | None
    lon: float | None
    severity: int = Field(description="1 light to 4 severe, the worst so far")
    confidence: float = Field(description="0 to 1, the highest so far")
    reason: str = Field(description="The latest sentence of a box or a citizen")
    measures: dict[str, Any] = Field(description="Of the latest event: speed_kmh, queue_m, water_share …")
    camera: str = Field(description="box/camera that saw it first; empty: a citizen told of it")
    began: datetime
    updated: datetime
    cleared: datetime | None
    closed: datetime | None
    merged_into: int | None
    complaints: list[str] = Field(description="Numbers of its complaints that the caller may see")


class IncidentList(Schema):
    """`count` is of all that match, on all pages, up to 10,000; `next` is the next page's address."""

    items: list[IncidentItem]
    count: int
    next: str | None


class Wanted(Filters):
    """Which incidents."""

    state: Literal["open", "over", "all"] | State = Field("open", description="One state, or a group of them")


@router.get("/incidents", response=IncidentList, summary="Incidents, newest first")
def incidents(request: HttpRequest, wanted: Query[Wanted]) -> IncidentList:
    """All for operators; an agency's people see those of their complaints."""
    since = checked_since(wanted.updated_since)
    found = incidents_visible_to(caller_of(request).actor).filter(
        of_kinds(wanted.kind), in_box(wanted.bbox, exactly=True), _in_state(wanted.state)
    )
    order = Order("began")
    if since is not None:
        found, order = found.filter(updated__gte=since), Order("updated", newest_first=False)
    page = page_of(request, found, order, wanted.limit, wanted.cursor)
    return IncidentList(items=_items(request, list(page.rows)), count=page.count, next=page.next)


@router.get("/incidents/{int:pk}", response=IncidentItem, summary="One incident", url_name="api-incident")
def incident(request: HttpRequest, pk: int) -> IncidentItem:
    """By its id."""
    found = incidents_visible_to(caller_of(request).actor).filter(pk=pk).first() if 0 < pk <= LARGEST else None
    if found is None:
        raise Http404
    return _items(request, [found])[0]


def _in_state(state: str) -> Q:
    if state == "all":
        return Q()
    if state == "open":
        return Q(state__in=Incident.OPEN_STATES)
    return Q(state__in=Incident.OVER_STATES) if state == "over" else Q(state=state)


def _items(request: HttpRequest, rows: list[Incident]) -> list[IncidentItem]:
    numbers: dict[int, list[str]] = {row.pk: [] for row in rows}
    seen = visible_to(caller_of(request).actor).filter(incident__in=numbers).order_by("pk")
    for incident_id, number in seen.values_list("incident", "number"):
        numbers[incident_id].append(number)
    return [_item(row, numbers[row.pk]) for row in rows]


def _item(row: Incident, complaints: list[str]) -> IncidentItem:
    return IncidentItem(
        id=row.pk,
        kind=row.kind,
        state=row.state,
        place=row.place,
        lat=row.lat,
        lon=row.lon,
        severity=row.severity,
        confidence=row.confidence,
        reason=row.reason,
        measures=row.measures,
        camera="" if row.camera is None else str(row.camera),
        began=row.began,
        updated=row.updated,
        cleared=row.cleared,
        closed=row.closed,
        merged_into=row.merged_into_id,
        complaints=complaints,
    )
