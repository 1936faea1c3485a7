"""What time brings to one incident: its complaint falls due, its hold ends. The caller holds it locked."""

from collections.abc import Iterable
from datetime import datetime

from central.complaints.access import of_incident
from central.complaints.opening import incident_cleared, incident_returned, open_for
from central.incidents.lifecycle import clear, close_if_over
from central.incidents.models import Incident, Policy


def settle(incident: Incident, until: datetime, policy: Policy, now: datetime) -> None:
    """Does everything that was due by `until`, in order: a complaint first, because the problem was there first."""
    if incident.complaint_due is not None and incident.complaint_due <= until:
        open_for(incident, policy, now)
        incident.complaint_opened = now
        incident.complaint_due = None
        incident.save(update_fields=["complaint_opened", "complaint_due"])
    if incident.state == Incident.State.CLEARING and incident.hold_until is not None and incident.hold_until <= until:
        clear(incident, now)
        incident_cleared(incident, now)
        close_if_over(incident.pk, now, still_open=of_incident(incident.pk).filter(ended__isnull=True).exists())
        incident.refresh_from_db()


def bring_back(incidents: Iterable[Incident], now: datetime) -> None:
    """What was thought to be over is not: neither are the complaints that ended with it."""
    for incident in incidents:
        incident_returned(incident, now)
