"""What the public may know about a complaint. Every public page, stream and API answer goes through here."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from central.complaints.models import Complaint
from central.complaints.numbers import grouped, read_tracking
from central.desks.words import place_name, street_name
from central.incidents.kinds import Kind
from central.reports.models import Report

COARSE_DECIMALS = 2
"""About a kilometre."""
EXACT_DECIMALS = 5


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """Where, as finely as the public is told. A vendor's exact spot is nobody's business but the agency's."""

    name: str
    lat: float | None
    lon: float | None
    coarse: bool


def public_complaints() -> QuerySet[Complaint]:
    """Complaints the public may read."""
    return Complaint.objects.select_related("agency", "incident__camera", "merged_into")


def by_tracking(text: str) -> Complaint | None:
    """The complaint with this tracking number, however it was typed."""
    return public_complaints().filter(tracking=read_tracking(text)).first()


def report_by_tracking(text: str) -> Report | None:
    """The citizen's report with this tracking number, however it was typed."""
    reports = Report.objects.select_related("incident__merged_into", "incident__camera")
    return reports.filter(tracking=read_tracking(text)).first()


def public_code(of: Complaint | Report) -> str:
    """Its tracking number as it is printed."""
    return grouped(of.tracking)


def public_place_of_report(report: Report) -> PublicPlace:
    """Before there is a complaint: words that nobody has read are nobody's to read."""
    coarse = report.kind == Kind.VENDING
    name = report.address if report.was_read and not coarse else ""
    lat, lon = public_position(report.kind, report.lat, report.lon)
    return PublicPlace(name, lat, lon, coarse)


def public_place(complaint: Complaint) -> PublicPlace:
    """The place to show; needs `incident.camera` loaded for places without a name."""
    camera = complaint.incident.camera
    title = None if camera is None else camera.title
    return told_place(complaint.kind, complaint.place, complaint.lat, complaint.lon, camera=title)


def told_place(kind: str, place: str, lat: float | None, lon: float | None, *, camera: str | None) -> PublicPlace:
    """The same from values; `camera`: title of the camera that saw it first, None when a citizen told of it."""
    coarse = kind == Kind.VENDING
    name = place_name(place)
    if coarse:
        # A place a citizen wrote down is an address, not a street's name.
        name = "" if camera is None else street_name(place)
    elif not name and camera is not None:
        name = camera
    lat, lon = public_position(kind, lat, lon)
    return PublicPlace(name, lat, lon, coarse)


def public_position(kind: str, lat: float | None, lon: float | None) -> tuple[float | None, float | None]:
    """As finely as the public is told for this kind."""
    digits = COARSE_DECIMALS if kind == Kind.VENDING else EXACT_DECIMALS
    return (None if lat is None else round(lat, digits), None if lon is None else round(lon, digits))


def public_target(complaint: Complaint) -> datetime | None:
    """By when the city means to have it solved; None once it has ended, or while somebody checks that it is."""
    return None if complaint.next_due is None else complaint.completion_due
