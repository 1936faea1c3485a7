"""What whoever has its tracking number may know of a citizen's report: the same on every page and in every protocol."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from central.complaints.models import Complaint
from central.complaints.numbers import grouped
from central.desks.publicity import public_complaints, public_position, public_target
from central.incidents.kinds import Kind
from central.incidents.models import Incident
from central.reports.models import Report

OVER = (Incident.State.CLOSED, Incident.State.REJECTED)
"""An incident that is merely cleared may still have a complaint at work."""


@dataclass(frozen=True, slots=True)
class PublicReport:
    """How a report stands. Its words and address are told only once an operator has read them."""

    code: str
    kind: str
    incident: Incident
    complaint: Complaint | None
    description: str
    address: str
    lat: float | None
    lon: float | None
    received: datetime
    updated: datetime
    expected: datetime | None

    @property
    def is_closed(self) -> bool:
        """Nothing more will happen."""
        return self.incident.state in OVER


def public_reports() -> QuerySet[Report]:
    """Reports with all that `public_report` looks at."""
    of_incident = Prefetch("incident__complaints", public_complaints().order_by("pk"))
    of_merged = Prefetch("incident__merged_into__complaints", public_complaints().order_by("pk"))
    return Report.objects.select_related("incident__merged_into").prefetch_related(of_incident, of_merged)


def public_report(report: Report) -> PublicReport:
    """One of `public_reports`."""
    incident = report.standing_incident
    complaint = next(iter(incident.complaints.all()), None)
    lat, lon = public_position(report.kind, report.lat, report.lon)
    return PublicReport(
        code=grouped(report.tracking),
        kind=report.kind,
        incident=incident,
        complaint=complaint,
        description=report.description if report.was_read else "",
        address=report.address if report.was_read and report.kind != Kind.VENDING else "",
        lat=lat,
        lon=lon,
        received=report.received,
        updated=max(report.received, incident.updated),
        expected=None if complaint is None else public_target(complaint),
    )
