"""What is somebody's work to look at; the rest takes a reason. Whether it may be opened at all is asked before."""

from datetime import datetime

from django.conf import settings

from central.accounts.roles import AGENCY_ROLES, Actor, Role
from central.complaints.models import Complaint
from central.incidents.models import Incident


def is_work_on_complaint(actor: Actor, complaint: Complaint, now: datetime) -> bool:
    """An operator's, and the agency's own people's, until it has been over for some days."""
    if actor.role is not Role.OPERATOR and actor.role not in AGENCY_ROLES:
        return False
    return complaint.ended is None or now - complaint.ended < settings.EVIDENCE_WORK_LASTS


def is_work_on_camera(actor: Actor) -> bool:
    """Of those who set cameras up and those who watch them: a picture of now belongs to no case that could be over."""
    return actor.role in {Role.OPERATOR, Role.ADMIN}


def is_work_on_incident(actor: Actor, incident: Incident, now: datetime) -> bool:
    """An operator's, while it or one of its complaints is open and for some days after."""
    if actor.role is not Role.OPERATOR:
        return False
    over = incident.closed or incident.cleared or incident.updated
    if incident.is_open or now - over < settings.EVIDENCE_WORK_LASTS:
        return True
    return incident.complaints.filter(ended__isnull=True).exists()
