"""What can be reported: the kinds of incidents that citizens see. A camera's fault is the city's own affair."""

from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from central.incidents.kinds import Kind
from central.open311.attributes import of_service
from central.open311.faults import unknown

SERVICES: dict[str, tuple[Promise, str]] = {
    Kind.JAM.value: (_("Traffic stands still or creeps on a road."), "macet,kemacetan"),
    Kind.FLOOD.value: (_("Water stands or runs on a road."), "banjir,genangan"),
    Kind.VENDING.value: (_("Somebody sells where selling is forbidden."), "PKL,pedagang kaki lima"),
    Kind.PARKING.value: (_("A vehicle stands where none may stand."), "parkir liar"),
}
"""By service code: description and keywords."""


def service_name(code: str) -> str:
    """As people call it."""
    return str(capfirst(Kind(code).label))


def service_list() -> list[dict[str, Any]]:
    """`metadata`: it has attributes; each answers with the request's id at once (`realtime`)."""
    return [
        {
            "service_code": code,
            "service_name": service_name(code),
            "description": str(description),
            "metadata": bool(of_service(code)),
            "type": "realtime",
            "keywords": keywords,
            "group": "",
        }
        for code, (description, keywords) in SERVICES.items()
    ]


def definition(code: str) -> dict[str, Any]:
    """A service's attributes."""
    asked = of_service(known(code))
    return {"service_code": code, "attributes": [each.document(order) for order, each in enumerate(asked, start=1)]}


def known(code: str) -> str:
    """The code of a service.

    Raises:
        Fault: there is no such service.
    """
    if code not in SERVICES:
        raise unknown("service_code", code)
    return code
