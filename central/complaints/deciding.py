"""Decisions about an incident that its complaints follow: not real, the same as another one, found gone."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from central.accounts.roles import Actor
from central.complaints.access import of_incident
from central.complaints.models import Complaint
from central.complaints.opening import incident_cleared
from central.complaints.workflow import act
from central.feed.models import Change, record
from central.incidents.deciding import Action, NotPossible, check, check_reason, locked, write_down
from central.incidents.lifecycle import clear, close_if_over, move, review
from central.incidents.locking import lock
from central.incidents.models import Incident
from central.incidents.policies import policies

State = Incident.State
STANDING = frozenset(Incident.OPEN_STATES)


@transaction.atomic
def reject(incident_id: int, actor: Actor, reason: str, now: datetime) -> Incident:
    """It was never real: what was filed for it is withdrawn, the episodes stay as what the boxes said.

    Raises:
        NotPossible: no reason, or it is over.
    """
    why = check_reason(reason)
    incident = locked(incident_id)
    check(incident, STANDING)
    for complaint in of_incident(incident.pk).filter(ended__isnull=True).order_by("pk"):
        act(complaint.pk, "void", actor, now, note=why)
    incident.refresh_from_db()
    move(incident, State.REJECTED)
    incident.closed = incident.updated = now
    incident.complaint_due = incident.silenced_until = incident.blind_since = None
    incident.save()
    write_down(incident, Action.REJECT, actor, now, reason=why)
    record(Change.Topic.INCIDENT, incident.pk, State.REJECTED, now)
    return incident


@transaction.atomic
def found_gone(incident_id: int, actor: Actor, now: datetime, reason: str = "") -> Incident:
    """Somebody looked where no camera does, and it is gone.

    Raises:
        NotPossible: it is not out of sight.
    """
    incident = locked(incident_id)
    check(incident, frozenset({State.UNKNOWN}))
    write_down(incident, Action.GONE, actor, now, reason=reason.strip()[:500])
    clear(incident, now, at=now)
    incident_cleared(incident, now)
    close_if_over(incident.pk, now, still_open=of_incident(incident.pk).filter(ended__isnull=True).exists())
    incident.refresh_from_db()
    return incident


@transaction.atomic
def merge(incident_id: int, into_id: int, actor: Actor, reason: str, now: datetime) -> Incident:
    """Two incidents are one thing: `into` stands for both from now on, for the cameras of the other too. Where both
    have a complaint at one agency, the other's is merged; a complaint only the other has stays.

    Raises:
        NotPossible: no reason, not two open incidents of one kind.
    """
    why = check_reason(reason)
    both = {one.pk: one for one in Incident.objects.select_for_update().filter(pk__in=[incident_id, into_id])}
    if len(both) != 2:
        raise NotPossible(_("Please give the number of another incident."))
    incident, into = both[incident_id], both[into_id]
    if incident.kind != into.kind:
        raise NotPossible(_("Only incidents of one kind can be one."))
    check(incident, STANDING)
    check(into, STANDING)
    incident.absorbed.update(merged_into=into)
    move(incident, State.MERGED)
    incident.merged_into, incident.updated = into, now
    incident.complaint_due = incident.silenced_until = None
    incident.save()
    _merge_complaints(incident, into, actor, why, now)
    write_down(incident, Action.MERGE, actor, now, reason=why, other=into)
    record(Change.Topic.INCIDENT, incident.pk, State.MERGED, now)
    review([into], policies(), now)
    return incident


@transaction.atomic
def unmerge(incident_id: int, actor: Actor, reason: str, now: datetime) -> Incident:
    """They are two things after all. What came in for it meanwhile goes with it.

    Raises:
        NotPossible: no reason, not merged, or a new incident has its place by now.
    """
    why = check_reason(reason)
    seen = Incident.objects.get(pk=incident_id)
    lock([], [seen.key])
    pair = Incident.objects.select_for_update().filter(pk__in=[incident_id, seen.merged_into_id or incident_id])
    both = {one.pk: one for one in pair.order_by("pk")}
    incident = both[incident_id]
    check(incident, frozenset({State.MERGED}))
    into = both.get(incident.merged_into_id or 0)
    if Incident.objects.filter(key=incident.key, state__in=Incident.OPEN_STATES).exists():
        raise NotPossible(_("Another incident is open at that place by now: merge this one into it instead."))
    incident.merged_into = None
    move(incident, State.CANDIDATE)
    try:
        with transaction.atomic():
            incident.save()
    except IntegrityError as error:
        raise NotPossible(_("Somebody else changed this incident at the same moment. Please try again.")) from error
    for complaint in Complaint.objects.filter(incident=incident, state=Complaint.State.MERGED).order_by("pk"):
        act(complaint.pk, "unmerge", actor, now, note=why)
    incident.refresh_from_db()
    write_down(incident, Action.UNMERGE, actor, now, reason=why, other=into)
    review([incident, *([into] if into is not None else [])], policies(), now)
    return incident


def _merge_complaints(incident: Incident, into: Incident, actor: Actor, why: str, now: datetime) -> None:
    kept = {complaint.agency_id: complaint for complaint in of_incident(into.pk).exclude(incident=incident.pk)}
    for complaint in of_incident(incident.pk).filter(incident=incident, ended__isnull=True).order_by("pk"):
        other = kept.get(complaint.agency_id)
        if other is not None and not other.has_ended:
            act(complaint.pk, "merge", actor, now, note=why, inputs={"into": other.number})
