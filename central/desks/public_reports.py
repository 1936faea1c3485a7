"""What whoever has its tracking number may know of a citizen's report: the same on every page and in every protocol."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from central.complaints.models import Complaint
from central.complaints.numbers import grouped
from central.desks.publicity import public_complaints, public_position, public_target
from central.incidents.kinds import Kind
from central.incidents.models import Incident
from central.reports.models import Report

OVER = (Incident.State.CLOSED, Incident.State.REJECTED)
"""An incident that is merely cleared may still have a complaint at work; one that no camera sees may have none any
more, and still be open until an operator has looked."""


@dataclass(frozen=True, slots=True)
class PublicReport:
    """How a report stands. Its words and address are told only once an operator has read them."""

    code: str
    kind: str
    incident: Incident
    complaints: tuple[Complaint, ...]
    description: str
    address: str
    lat: float | None
    lon: float | None
    received: datetime
    updated: datetime

    @property
    def complaint(self) -> Complaint | None:
        """The one to tell of: of several one that is still open, else the first."""
        return next((each for each in self.complaints if not each.has_ended), next(iter(self.complaints), None))

    @property
    def expected(self) -> datetime | None:
        """When the city means to have it solved."""
        return None if self.complaint is None else public_target(self.complaint)

    @property
    def is_closed(self) -> bool:
        """It is over, or everybody who had to act has."""
        acted = bool(self.complaints) and all(each.has_ended for each in self.complaints)
        return acted or self.incident.state in OVER


def public_reports() -> QuerySet[Report]:
    """Reports with all that `public_report` looks at."""
    of_incident = Prefetch("incident__complaints", public_complaints().order_by("pk"))
    of_merged = Prefetch("incident__merged_into__complaints", public_complaints().order_by("pk"))
    return Report.objects.select_related("incident__merged_into").prefetch_related(of_incident, of_merged)


CLOSED = (
    Q(incident__state__in=OVER) | Q(incident__merged_into__state__in=OVER) | Q(has_complaint=True, has_open_one=False)
)
"""`PublicReport.is_closed` for filters of `as_they_stand`."""


def as_they_stand() -> QuerySet[Report]:
    """Reports with what filters ask: `has_complaint`, `has_open_one`, and `changed` as `PublicReport.updated`."""
    about = Complaint.objects.filter(incident=OuterRef("standing"))
    of_incident = Coalesce("incident__merged_into__updated", "incident__updated")
    last_act = Subquery(about.order_by("-state_since").values("state_since")[:1])
    return (
        Report.objects.annotate(standing=Coalesce("incident__merged_into_id", "incident_id"))
        .annotate(has_complaint=Exists(about), has_open_one=Exists(about.filter(ended__isnull=True)))
        .annotate(changed=Greatest("received", of_incident, Coalesce(last_act, "received")))
    )


def public_report(report: Report) -> PublicReport:
    """One of `public_reports`."""
    incident = report.standing_incident
    complaints = tuple(incident.complaints.all())
    lat, lon = public_position(report.kind, report.lat, report.lon)
    return PublicReport(
        code=grouped(report.tracking),
        kind=report.kind,
        incident=incident,
        complaints=complaints,
        description=report.description if report.was_read else "",
        address=report.address if report.was_read and report.kind != Kind.VENDING else "",
        lat=lat,
        lon=lon,
        received=report.received,
        updated=max(report.received, incident.updated, *(each.state_since for each in complaints)),
    )
