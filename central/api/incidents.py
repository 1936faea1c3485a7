"""Incidents, for those who may see them."""

from typing import Literal

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from central.api.asked import Filters, checked_since, in_box, of_kinds
from central.api.gate import Bearer, caller_of
from central.api.items import IncidentItem, IncidentState, incident_items
from central.api.pages import Order, page_of
from central.api.scopes import Scope
from central.complaints.access import incidents_visible_to
from central.incidents.models import Incident

LARGEST = 2**63 - 1

router = Router(auth=Bearer(Scope.INCIDENTS_READ))


class IncidentList(Schema):
    """`count` is of all that match, on all pages, up to 10,000; `next` is the next page's address."""

    items: list[IncidentItem]
    count: int
    next: str | None


class Wanted(Filters):
    """Which incidents."""

    state: Literal["open", "over", "all"] | IncidentState = Field("open", description="One state, or a group of them")


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
    return IncidentList(items=incident_items(page.rows, caller_of(request).actor), count=page.count, next=page.next)


@router.get("/incidents/{int:pk}", response=IncidentItem, summary="One incident", url_name="api-incident")
def incident(request: HttpRequest, pk: int) -> IncidentItem:
    """By its id."""
    found = incidents_visible_to(caller_of(request).actor).filter(pk=pk).first() if 0 < pk <= LARGEST else None
    if found is None:
        raise Http404
    return incident_items([found], caller_of(request).actor)[0]


def _in_state(state: str) -> Q:
    if state == "all":
        return Q()
    if state == "open":
        return Q(state__in=Incident.OPEN_STATES)
    return Q(state__in=Incident.OVER_STATES) if state == "over" else Q(state=state)
