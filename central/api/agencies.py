"""Agencies (OPD): who must act."""

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from central.routing.models import Agency

router = Router()


class AgencyItem(Schema):
    """One agency."""

    code: str = Field(examples=["dishub"])
    name: str
    short: str


class AgencyList(Schema):
    """All of them."""

    items: list[AgencyItem]


@router.get("/agencies", response=AgencyList, summary="Agencies that get complaints")
def agencies(request: HttpRequest) -> AgencyList:  # noqa: ARG001 — ninja reads the names
    """By name; those that get complaints no longer are left out."""
    found = Agency.objects.filter(active=True)
    return AgencyList(items=[AgencyItem(code=each.code, name=each.name, short=each.short) for each in found])
