"""What a person decides about an incident: each decision is written down with its reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from central.accounts.roles import Actor
from central.feed.models import Change, record
from central.incidents.lifecycle import review
from central.incidents.models import Decision, Incident
from central.incidents.policies import policies

State = Incident.State
Action = Decision.Action


class NotPossible(ValueError):  # noqa: N818 — what the operator is told
    """The decision does not fit how the incident stands now; the text is for the operator."""


def locked(pk: int) -> Incident:
    """The incident, for a decision."""
    return Incident.objects.select_for_update().get(pk=pk)


def check(incident: Incident, states: frozenset[State]) -> None:
    """That it stands so that this can be decided.

    Raises:
        NotPossible: somebody else or the cameras were quicker.
    """
    if incident.state not in states:
        raise NotPossible(
            _("Not possible any more: this incident is now “%(state)s”.") % {"state": incident.get_state_display()}
        )


def check_reason(reason: str) -> str:
    """The reason, cut to what is kept of it.

    Raises:
        NotPossible: there is none.
    """
    if not reason.strip():
        raise NotPossible(_("Please write a reason: others will ask why."))
    return reason.strip()[:500]


def write_down(
    incident: Incident, action: Action, actor: Actor, now: datetime, *, reason: str = "", other: Incident | None = None
) -> None:
    """In the decision's own transaction."""
    Decision.objects.create(
        incident=incident, time=now, actor=actor.name, user=actor.user, action=action, reason=reason, other=other
    )


@transaction.atomic
def acknowledge(incident_id: int, actor: Actor, now: datetime) -> Incident:
    """An operator has seen it: it is new no longer. Who comes second changes nothing, and neither does who acknowledges
    what somebody has decided about already.

    Raises:
        NotPossible: it is over.
    """
    incident = locked(incident_id)
    check(incident, frozenset(Incident.OPEN_STATES))
    if not incident.decisions.exists():
        write_down(incident, Action.ACKNOWLEDGE, actor, now)
        record(Change.Topic.INCIDENT, incident.pk, "acknowledged", now)
    return incident


@transaction.atomic
def confirm(incident_id: int, actor: Actor, now: datetime) -> Incident:
    """A candidate, or one that was silenced, is real: it counts from now.

    Raises:
        NotPossible: it counts already, or is over.
    """
    incident = locked(incident_id)
    check(incident, frozenset({State.CANDIDATE, State.SUPPRESSED}))
    incident.confirmed, incident.confirmed_by = now, actor.name
    write_down(incident, Action.CONFIRM, actor, now)
    review([incident], policies(), now)
    return incident


@transaction.atomic
def found_still_there(incident_id: int, actor: Actor, now: datetime, reason: str = "") -> Incident:
    """Somebody looked where no camera does: it goes on, and the question comes again after the same time.

    Raises:
        NotPossible: it is not out of sight.
    """
    incident = locked(incident_id)
    check(incident, frozenset({State.UNKNOWN}))
    incident.sighted = now
    write_down(incident, Action.STILL_THERE, actor, now, reason=reason.strip()[:500])
    review([incident], policies(), now)
    return incident
