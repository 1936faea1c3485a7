"""What citizens sent about a complaint, for the routes that show it."""

from typing import Any

from django.utils import timezone

from central.complaints.models import Complaint
from central.complaints.numbers import grouped
from central.evidence.store import store
from central.following.joining import follow
from central.reports.keeping import attach, keep
from tests.central.desks.conftest import report_about
from tests.central.reports.pictures import photo as picture


def of_citizens(route: str, which: str, complaint: Complaint) -> dict[str, Any]:
    """Parts of an address; none for other routes."""
    if route in {"reported", "reported-live"}:
        return {"tracking": "ZZZZ-ZZZZ-ZZZZ" if which == "unknown" else grouped(report_about(complaint).tracking)}
    if route.endswith("-photo"):
        photo = keep(picture(), timezone.now(), store())
        if which != "draft":
            attach([photo], report_about(complaint))
        return {"pk": photo.pk, "token": photo.token}
    if route == "gateway":
        return {"name": "sms"}
    if route == "following":
        follower = follow(complaint.incident, f"{which}@example.org", timezone.now(), asks=False)
        return {"token": "unknown" if which == "unknown" else follower.token}
    return {}
