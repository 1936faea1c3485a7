"""From an incident to a complaint, and what an incident's end means for it."""

from datetime import datetime

from central.accounts.roles import SYSTEM
from central.complaints import chain, deadlines, numbers
from central.complaints.access import of_incident
from central.complaints.lookups import text_of
from central.complaints.models import Complaint
from central.complaints.transitions import TRANSITIONS
from central.complaints.workflow import act, refusal_of
from central.feed.models import Change, record
from central.incidents.models import Incident, Policy
from central.routing.decisions import Subject, decide
from central.service.policies import in_force


def open_for(incident: Incident, policy: Policy, now: datetime) -> Complaint:
    """Opens the incident's complaint, once for an agency. The caller holds the incident locked.

    Raises:
        central.routing.decisions.NoDesk: nobody to send it to.
    """
    decision = decide(Subject(incident.kind, incident.place, incident.lat, incident.lon, now))
    existing = of_incident(incident.pk).filter(agency=decision.agency).exclude(state=Complaint.State.MERGED).first()
    if existing is not None:
        return existing
    service = in_force(now)[incident.kind]
    complaint = Complaint.objects.create(
        number=numbers.allot(now),
        tracking=numbers.new_tracking(),
        incident=incident,
        agency=decision.agency,
        kind=incident.kind,
        state_since=now,
        opened=now,
        severity=incident.severity,
        place=incident.place,
        text=text_of(incident.place),
        lat=incident.lat,
        lon=incident.lon,
        decision=decision.trace | {"opening": _why(incident, policy)},
        service=service if service.pk else None,
    )
    complaint.also_inform.set(decision.also_inform)
    data = {
        "agency": decision.agency.code,
        "kind": incident.kind,
        "service": str(service),
        "severity": incident.severity,
        "reason": incident.reason,
        "measures": incident.measures,
    }
    chain.append(complaint, action="open", after=complaint.state, actor=SYSTEM, now=now, data=data)
    deadlines.reckon(complaint, now)
    complaint.save(update_fields=[*chain.KEPT, *deadlines.FIELDS])
    record(Change.Topic.COMPLAINT, complaint.pk, "opened", now)
    return complaint


def incident_cleared(incident: Incident, now: datetime) -> None:
    """Ends the complaints nobody worked on as gone by itself, tells the others. The caller holds the lock."""
    for complaint in of_incident(incident.pk).filter(ended__isnull=True).order_by("pk"):
        gone = not refusal_of(TRANSITIONS["vanish"], complaint, SYSTEM)
        data = {"cleared": incident.cleared.isoformat() if incident.cleared else ""}
        act(complaint.pk, "vanish" if gone else "incident_cleared", SYSTEM, now, data=data)


def incident_returned(incident: Incident, now: datetime) -> None:
    """Brings back the complaints that ended because the problem was gone or solved. The caller holds the lock."""
    for complaint in of_incident(incident.pk).filter(ended__isnull=False).order_by("pk"):
        if not refusal_of(TRANSITIONS["recur"], complaint, SYSTEM):
            act(complaint.pk, "recur", SYSTEM, now)


def _why(incident: Incident, policy: Policy) -> dict[str, object]:
    return {
        "mode": policy.mode,
        "active_since": incident.active_since.isoformat() if incident.active_since else "",
        "active_for_s": policy.active_for_s,
        "confidence": incident.confidence,
        "min_confidence": policy.min_confidence,
        "severity": incident.severity,
        "min_severity": policy.min_severity,
    }
