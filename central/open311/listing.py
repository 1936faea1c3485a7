"""Public complaints and citizens' reports as GeoReport's service requests."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from central.complaints.models import Complaint, History
from central.complaints.numbers import grouped, read_tracking
from central.desks.public_reports import OVER, public_report, public_reports
from central.desks.publicity import public_code, public_complaints, public_place, public_target
from central.desks.sentences import sentence, when_filed
from central.evidence.exhibits import lead_still
from central.evidence.models import Exhibit
from central.open311.documents import moment
from central.open311.faults import unknown
from central.open311.services import SERVICES, service_name
from central.open311.wanted import STATUSES, Wanted
from central.reports.models import Report

MOST = 1000
Absolute = Callable[[str], str]
"""From a path to a full address."""

Row = dict[str, Any]


def found(wanted: Wanted, absolute: Absolute) -> list[Row]:
    """Newest first, at most MOST.

    Raises:
        central.open311.faults.Fault: none of the wanted ids is known.
    """
    if wanted.ids:
        rows = _by_ids(wanted.ids, absolute)
        if not rows:
            raise unknown("service_request_id", ",".join(wanted.ids))
        return rows
    complaints, reports = _complaints(), public_reports()
    complaints = complaints.filter(kind__in=wanted.kinds, opened__gte=wanted.start)
    reports = reports.filter(kind__in=wanted.kinds, received__gte=wanted.start)
    if wanted.end is not None:
        complaints = complaints.filter(opened__lte=wanted.end)
        reports = reports.filter(received__lte=wanted.end)
    if wanted.statuses != STATUSES:
        is_closed = "closed" in wanted.statuses
        complaints = complaints.filter(ended__isnull=not is_closed)
        over = Q(incident__state__in=OVER) | Q(incident__merged_into__state__in=OVER)
        reports = reports.filter(over) if is_closed else reports.exclude(over)
    return _newest(complaints.order_by("-opened", "-pk")[:MOST], reports.order_by("-received", "-pk")[:MOST], absolute)


def report_by_token(token: str) -> Report:
    """The report a token stands for.

    Raises:
        central.open311.faults.Fault: none.
    """
    report = public_reports().filter(tracking=read_tracking(token)).first()
    if report is None:
        raise unknown("token", token)
    return report


def code_of(report: Report) -> str:
    """A report's service_request_id."""
    return grouped(report.tracking)


def _by_ids(ids: Iterable[str], absolute: Absolute) -> list[Row]:
    codes = {read_tracking(each) for each in ids}
    return _newest(_complaints().filter(tracking__in=codes), public_reports().filter(tracking__in=codes), absolute)


def _newest(complaints: Iterable[Complaint], reports: Iterable[Report], absolute: Absolute) -> list[Row]:
    complaints = list(complaints)
    stills = lead_still([complaint.incident for complaint in complaints])
    rows: list[tuple[datetime, Row]] = [
        (each.opened, _of_complaint(each, stills.get(each.incident_id), absolute)) for each in complaints
    ]
    rows += [(each.received, _of_report(each)) for each in reports]
    return [row for _time, row in sorted(rows, key=lambda pair: pair[0], reverse=True)][:MOST]


def _complaints() -> QuerySet[Complaint]:
    filing = Prefetch("history", History.objects.filter(action="open"), to_attr="filing")
    return public_complaints().filter(kind__in=SERVICES).prefetch_related(filing)


def _of_complaint(complaint: Complaint, still: Exhibit | None, absolute: Absolute) -> Row:
    code, place = public_code(complaint), public_place(complaint)
    picture = "" if still is None else absolute(reverse("public-still", args=[code, still.sha256]))
    return _row(
        code,
        complaint.kind,
        is_closed=complaint.has_ended,
        notes=str(complaint.get_state_display()),
        description=str(sentence(complaint.kind, when_filed(complaint.filing), "")),
        agency=complaint.agency.name,
        requested=complaint.opened,
        updated=complaint.state_since,
        expected=public_target(complaint),
        address=place.name,
        position=(place.lat, place.lon),
        picture=picture,
    )


def _of_report(report: Report) -> Row:
    told = public_report(report)
    complaint = told.complaint
    notes = str(told.incident.get_state_display())
    if complaint is not None:
        notes = f"{public_code(complaint)}: {complaint.get_state_display()}"
    return _row(
        told.code,
        told.kind,
        is_closed=told.is_closed,
        notes=notes,
        description=told.description,
        agency="" if complaint is None else complaint.agency.name,
        requested=told.received,
        updated=told.updated,
        expected=told.expected,
        address=told.address,
        position=(told.lat, told.lon),
        picture="",
    )


def _row(
    code: str,
    kind: str,
    *,
    is_closed: bool,
    notes: str,
    description: str,
    agency: str,
    requested: datetime,
    updated: datetime,
    expected: datetime | None,
    address: str,
    position: tuple[float | None, float | None],
    picture: str,
) -> Row:
    """In the order of the specification; what is not known is empty."""
    return {
        "service_request_id": code,
        "status": "closed" if is_closed else "open",
        "status_notes": notes,
        "service_name": service_name(kind),
        "service_code": kind,
        "description": description or None,
        "agency_responsible": agency or None,
        "service_notice": None,
        "requested_datetime": moment(requested),
        "updated_datetime": moment(updated),
        "expected_datetime": moment(expected),
        "address": address or None,
        "address_id": None,
        "zipcode": None,
        "lat": position[0],
        "long": position[1],
        "media_url": picture or None,
    }
