"""Which complaints an actor may see: the only way pages load one."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from central.accounts.roles import AGENCY_ROLES, Actor, Role
from central.complaints.models import Complaint
from central.incidents.models import Incident


def of_incident(incident_id: int) -> QuerySet[Complaint]:
    """All complaints about an incident, also those filed for incidents that were merged into it."""
    return Complaint.objects.filter(Q(incident=incident_id) | Q(incident__merged_into=incident_id))


def parts_visible_to(actor: Actor) -> list[QuerySet[Complaint]]:
    """The same as `visible_to` in parts that have no row in common: with OR, one question about what an agency holds or
    is informed of would gather everything it ever was informed of before it answers."""
    if actor.role not in AGENCY_ROLES:
        return [visible_to(actor)]
    informed = Complaint.also_inform.through.objects.filter(complaint=OuterRef("pk"), agency_id=actor.agency)
    own = Complaint.objects.filter(agency_id=actor.agency)
    return [own, Complaint.objects.exclude(agency_id=actor.agency).filter(Exists(informed))]


def visible_to(actor: Actor) -> QuerySet[Complaint]:
    """All for operators, admins and auditors; an agency's people its own and those it is informed of; else none."""
    if actor.role in {Role.ADMIN, Role.OPERATOR, Role.AUDITOR}:
        return Complaint.objects.all()
    if actor.role in AGENCY_ROLES:
        # A subquery, not a join: a join over also_inform would need DISTINCT over the whole result.
        informed = Complaint.also_inform.through.objects.filter(agency_id=actor.agency).values("complaint_id")
        return Complaint.objects.filter(Q(agency_id=actor.agency) | Q(pk__in=informed))
    return Complaint.objects.none()


def incidents_visible_to(actor: Actor) -> QuerySet[Incident]:
    """All for those who see all complaints; an agency's people those that a complaint they see is about; else none."""
    if actor.role in {Role.ADMIN, Role.OPERATOR, Role.AUDITOR}:
        return Incident.objects.select_related("camera")
    about = visible_to(actor).values("incident")
    return Incident.objects.filter(pk__in=about).select_related("camera")
