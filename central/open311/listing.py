"""Public complaints and citizens' reports as GeoReport's service requests."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from central.complaints.models import Complaint, History
from central.complaints.numbers import grouped, read_tracking
from central.desks.public_reports import CLOSED, PublicReport, as_they_stand, public_report, public_reports
from central.desks.publicity import public_code, public_complaints, public_place, public_target
from central.desks.sentences import sentence, when_filed
from central.evidence.exhibits import lead_still
from central.open311.documents import moment
from central.open311.faults import unknown
from central.open311.services import SERVICES, service_name
from central.open311.wanted import STATUSES, Wanted
from central.reports.models import Report

Absolute = Callable[[str], str]
"""From a path to a full address."""

Row = dict[str, Any]


def found(wanted: Wanted, absolute: Absolute) -> list[Row]:
    """Newest first, one page.

    Raises:
        central.open311.faults.Fault: none of the wanted ids is known.
    """
    if wanted.ids:
        rows = _by_ids(wanted, absolute)
        if not rows:
            raise unknown("service_request_id", ",".join(wanted.ids))
        return rows
    return _told(_page(wanted), wanted, absolute)


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


def _complaints_in(wanted: Wanted) -> Q:
    fits = Q(kind__in=wanted.kinds, opened__gte=wanted.start)
    if wanted.end is not None:
        fits &= Q(opened__lte=wanted.end)
    if wanted.statuses != STATUSES:
        fits &= Q(ended__isnull="closed" not in wanted.statuses)
    if wanted.updated_after is not None:
        fits &= Q(state_since__gte=wanted.updated_after)
    if wanted.updated_before is not None:
        fits &= Q(state_since__lte=wanted.updated_before)
    return fits


def _reports_in(wanted: Wanted) -> QuerySet[Report]:
    found = as_they_stand().filter(kind__in=wanted.kinds, received__gte=wanted.start)
    if wanted.end is not None:
        found = found.filter(received__lte=wanted.end)
    if wanted.statuses != STATUSES:
        found = found.filter(CLOSED) if "closed" in wanted.statuses else found.exclude(CLOSED)
    if wanted.updated_after is not None:
        found = found.filter(changed__gte=wanted.updated_after)
    if wanted.updated_before is not None:
        found = found.filter(changed__lte=wanted.updated_before)
    return found


def _by_ids(wanted: Wanted, absolute: Absolute) -> list[Row]:
    codes = {read_tracking(each) for each in wanted.ids}
    things: list[Complaint | Report] = [*_complaints().filter(tracking__in=codes)]
    things += public_reports().filter(tracking__in=codes)
    return _told(sorted(things, key=_requested, reverse=True), wanted, absolute)


def _page(wanted: Wanted) -> list[Complaint | Report]:
    """Of two lists in one order; only what is on the page is loaded."""
    complaints = Complaint.objects.filter(_complaints_in(wanted)).order_by("-opened", "-pk")
    reports = _reports_in(wanted).order_by("-received", "-pk")
    keys = [(opened, Complaint, pk) for opened, pk in complaints.values_list("opened", "pk")[: wanted.last_row]]
    keys += [(received, Report, pk) for received, pk in reports.values_list("received", "pk")[: wanted.last_row]]
    keys.sort(key=lambda key: key[0], reverse=True)
    page = keys[wanted.last_row - wanted.page_size : wanted.last_row]
    loaded: dict[type, dict[int, Any]] = {
        Complaint: _complaints().in_bulk([pk for _time, model, pk in page if model is Complaint]),
        Report: public_reports().in_bulk([pk for _time, model, pk in page if model is Report]),
    }
    return [loaded[model][pk] for _time, model, pk in page if pk in loaded[model]]


def _requested(thing: Complaint | Report) -> datetime:
    return thing.opened if isinstance(thing, Complaint) else thing.received


def _told(things: Sequence[Complaint | Report], wanted: Wanted, absolute: Absolute) -> list[Row]:
    told = {each.pk: public_report(each) for each in things if isinstance(each, Report)}
    of_reports = [each.complaint for each in told.values() if each.complaint is not None]
    pictures = _pictures([*(each for each in things if isinstance(each, Complaint)), *of_reports], absolute)
    rows = []
    for each in things:
        if isinstance(each, Complaint):
            row, more = _of_complaint(each, pictures), _more_of_complaint(each)
        else:
            row, more = _of_report(told[each.pk], pictures), _more_of_report(each, told[each.pk])
        rows.append(row | ({"extended_attributes": more} if wanted.extended else {}))
    return rows


def _pictures(complaints: Sequence[Complaint], absolute: Absolute) -> dict[int, str]:
    """By complaint: the masked still that shows it best, where there is one."""
    stills = lead_still([complaint.incident_id for complaint in complaints])
    return {
        each.pk: absolute(reverse("public-still", args=[public_code(each), stills[each.incident_id].sha256]))
        for each in complaints
        if each.incident_id in stills
    }


def _complaints() -> QuerySet[Complaint]:
    filing = Prefetch("history", History.objects.filter(action="open"), to_attr="filing")
    return public_complaints().filter(kind__in=SERVICES).prefetch_related(filing)


def _of_complaint(complaint: Complaint, pictures: Mapping[int, str]) -> Row:
    place = public_place(complaint)
    return _row(
        public_code(complaint),
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
        picture=pictures.get(complaint.pk, ""),
    )


def _of_report(told: PublicReport, pictures: Mapping[int, str]) -> Row:
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
        picture="" if complaint is None else pictures.get(complaint.pk, ""),
    )


def _more_of_complaint(complaint: Complaint) -> Row:
    return {
        "type": "complaint",
        "state": complaint.state,
        "severity": complaint.severity,
        "complaint": public_code(complaint),
        "attributes": [],
    }


def _more_of_report(report: Report, told: PublicReport) -> Row:
    """`complaint` is what came of it. The answers to what was asked are told as late as its words."""
    answers = report.attributes.items() if report.was_read else ()
    return {
        "type": "report",
        "state": told.incident.state if told.complaint is None else told.complaint.state,
        "severity": None,
        "complaint": None if told.complaint is None else public_code(told.complaint),
        "attributes": [
            {"code": code, "value": ",".join(value) if isinstance(value, list) else str(value)}
            for code, value in answers
        ],
    }


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
