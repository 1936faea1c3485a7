"""Complaints and incidents as the API and its webhooks tell of them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from django.urls import reverse
from ninja import Schema
from pydantic import Field

from central.accounts.roles import Actor
from central.complaints.access import visible_to
from central.complaints.models import Complaint
from central.desks.publicity import PublicPlace, public_code, public_place, public_target
from central.incidents.models import Incident
from contract.kinds import IncidentKind

ComplaintState = Literal[
    "waiting", "coordination", "disposition", "in_progress", "verification", "done", "gone", "rejected", "merged"
]
IncidentState = Literal[
    "candidate", "active", "clearing", "cleared", "closed", "suppressed", "unknown", "rejected", "merged"
]

Absolute = Callable[[str], str]
"""From a path to a full address."""


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
    state: ComplaintState
    open: bool
    opened: datetime
    changed: datetime = Field(description="When its state last changed")
    ended: datetime | None
    expected: datetime | None = Field(description="When the city means to have it solved; none while nothing is due")
    url: str = Field(description="The complaint's public page")
    staff: Staff | None = Field(description="None without a token that may read complaints")


class IncidentItem(Schema):
    """The real-world thing that cameras and citizens tell of."""

    id: int
    kind: IncidentKind
    state: IncidentState
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


def complaint_item(complaint: Complaint, absolute: Absolute, *, as_staff: bool) -> ComplaintItem:
    """To staff as it is, to the public what it may know."""
    return ComplaintItem(**complaint_values(complaint, absolute, as_staff=as_staff))


def complaint_values(complaint: Complaint, absolute: Absolute, *, as_staff: bool) -> dict[str, Any]:
    """Fields of ComplaintItem."""
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
        "url": absolute(reverse("public-complaint", args=[code])),
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


def incident_items(rows: Sequence[Incident], actor: Actor) -> list[IncidentItem]:
    """With the numbers of those of their complaints that the actor may see."""
    numbers: dict[int, list[str]] = {row.pk: [] for row in rows}
    seen = visible_to(actor).filter(incident__in=numbers).order_by("pk")
    for incident_id, number in seen.values_list("incident", "number"):
        numbers[incident_id].append(number)
    return [_incident_item(row, numbers[row.pk]) for row in rows]


def _incident_item(row: Incident, complaints: list[str]) -> IncidentItem:
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
