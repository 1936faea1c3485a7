"""The public JSON API, described at /api/v1/openapi.json."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.urls import reverse
from ninja import NinjaAPI, Query, Schema
from pydantic import Field

from central.complaints.models import Complaint
from central.desks.publicity import public_code, public_complaints, public_place
from contract.kinds import IncidentKind

api = NinjaAPI(
    title="Sigap",
    version="1",
    description="What the city's cameras have filed. Public data only; times are UTC.",
    docs_url=None,  # its page would load scripts from elsewhere
    urls_namespace="api-1",
)


class Health(Schema):
    """The pages answer."""

    ok: bool


class ComplaintItem(Schema):
    """A complaint as the public may know it."""

    number: str = Field(examples=["SGP-2026-000123"])
    tracking: str = Field(examples=["7K2M-9QXD-41TB"])
    kind: IncidentKind
    place: str = Field(description="Coarse for vending; may be empty")
    agency: str = Field(description="Short name of the agency that must act")
    state: Literal[
        "waiting", "coordination", "disposition", "in_progress", "verification", "done", "gone", "rejected", "merged"
    ]
    open: bool
    opened: datetime
    ended: datetime | None
    url: str = Field(description="The complaint's public page")


class ComplaintList(Schema):
    """`count` is of all that match, also beyond the limit."""

    items: list[ComplaintItem]
    count: int


class Wanted(Schema):
    """Which complaints."""

    state: Literal["open", "all"] = "open"
    limit: int = Field(100, ge=1, le=500)


@api.get("/health", response=Health, tags=["service"], summary="Does it answer?")
def health(request: HttpRequest) -> Health:  # noqa: ARG001 — ninja reads the names
    """For monitors that speak JSON."""
    return Health(ok=True)


@api.get("/complaints", response=ComplaintList, tags=["complaints"], summary="Newest complaints")
def complaints(request: HttpRequest, wanted: Query[Wanted]) -> ComplaintList:
    """Newest first."""
    found = public_complaints().order_by("-opened", "-pk")
    if wanted.state == "open":
        found = found.filter(ended__isnull=True)
    return ComplaintList(items=[_item(request, each) for each in found[: wanted.limit]], count=found.count())


def _item(request: HttpRequest, complaint: Complaint) -> ComplaintItem:
    code = public_code(complaint)
    return ComplaintItem(
        number=complaint.number,
        tracking=code,
        kind=IncidentKind(complaint.kind),
        place=public_place(complaint).name,
        agency=complaint.agency.short,
        state=complaint.state,
        open=not complaint.has_ended,
        opened=complaint.opened,
        ended=complaint.ended,
        url=request.build_absolute_uri(reverse("public-complaint", args=[code])),
    )
