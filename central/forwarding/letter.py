"""A complaint as a GeoReport request."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from central.complaints.models import Complaint
from central.desks.publicity import public_code
from central.desks.sentences import sentence, when_filed
from central.desks.words import place_name
from central.evidence.exhibits import lead_still
from central.forwarding.models import Forwarded

LONGEST = 4000


def fields(forwarded: Forwarded) -> dict[str, str]:
    """For `GeoReport.post`, in the city's language.

    The description begins with our number and round: by it we find our own request again when an answer was lost, and
    people there find ours.
    """
    complaint = forwarded.complaint
    with translation.override(settings.LANGUAGE_CODE):
        address = place_name(complaint.place)
        filed = when_filed(complaint.history.filter(action="open"))
        told = [
            f"[{mark(forwarded)}] {sentence(complaint.kind, filed, complaint.incident.reason)}",
            _("Sent once more: it was closed, but the problem is still there.") if forwarded.round > 1 else "",
            page_of(complaint),
        ]
    return {
        "service_code": str(forwarded.crm.services[complaint.kind]),
        "lat": "" if complaint.lat is None else f"{complaint.lat:.6f}",
        "long": "" if complaint.lon is None else f"{complaint.lon:.6f}",
        "address_string": address,
        "description": "\n".join(line for line in told if line)[:LONGEST],
        "device_id": mark(forwarded),
        "media_url": _picture(complaint),
    }


def mark(forwarded: Forwarded) -> str:
    """What tells this request from all others."""
    return f"{forwarded.complaint.number}/{forwarded.round}"


def page_of(complaint: Complaint) -> str:
    """Its public page."""
    return f"{settings.PAGES_URL}/c/{public_code(complaint)}/"


def _picture(complaint: Complaint) -> str:
    still = lead_still([complaint.incident_id]).get(complaint.incident_id)
    return "" if still is None else f"{page_of(complaint)}still/{still.sha256}/"
