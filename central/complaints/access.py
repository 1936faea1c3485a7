"""Which complaints an actor may see: the only way pages load one."""

from django.db.models import Q, QuerySet

from central.accounts.roles import Actor, Role
from central.complaints.models import Complaint


def visible_to(actor: Actor) -> QuerySet[Complaint]:
    """All for operators and administrators; an officer's own agency's and those it is informed of; else none."""
    if actor.role in {Role.ADMIN, Role.OPERATOR}:
        return Complaint.objects.all()
    if actor.role is Role.OFFICER:
        # A subquery, not a join: a join over also_inform would need DISTINCT over the whole result.
        informed = Complaint.also_inform.through.objects.filter(agency_id=actor.agency).values("complaint_id")
        return Complaint.objects.filter(Q(agency_id=actor.agency) | Q(pk__in=informed))
    return Complaint.objects.none()
