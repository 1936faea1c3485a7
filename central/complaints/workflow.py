"""The one door through which a complaint changes."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from central.accounts.roles import Actor
from central.complaints import chain, deadlines
from central.complaints.models import Complaint
from central.complaints.transitions import TRANSITIONS, Transition
from central.feed.models import Change, record
from central.incidents.lifecycle import close_if_over
from central.incidents.models import Incident


class Refused(Exception):  # noqa: N818 — what the actor is told
    """The action does not fit actor, state or guard; the text is for the actor, in the actor's language."""


def act(
    complaint_id: int,
    action: str,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    expected: str | None = None,
    data: dict[str, Any] | None = None,
) -> Complaint:
    """Does one action under a row lock and appends it to the history.

    `expected` is the state the actor was looking at: of two who act at once, the second is told.

    Raises:
        Refused: with the reason.
        Complaint.DoesNotExist: no such complaint.
    """
    with transaction.atomic():
        complaint = _locked(complaint_id)
        if expected is not None and complaint.state != expected:
            raise Refused(
                _("Somebody else changed this complaint meanwhile: it is now “%(state)s”.")
                % {"state": complaint.get_state_display()}
            )
        transition = TRANSITIONS[action]
        if refusal := refusal_of(transition, complaint, actor):
            raise Refused(refusal)
        if transition.needs_note and not note.strip():
            raise Refused(_("Please write a note: others will ask why."))
        _move(complaint, transition, actor, now, note=note.strip(), data=data)
    return complaint


def offered(complaint: Complaint, actor: Actor) -> list[Transition]:
    """What the actor may do with it now, in the table's order."""
    return [transition for transition in TRANSITIONS.values() if not refusal_of(transition, complaint, actor)]


def refusal_of(transition: Transition, complaint: Complaint, actor: Actor) -> str:
    """Why the actor may not do this now; empty when it is allowed."""
    if actor.role not in transition.roles:
        return _("Your role may not do this.")
    if complaint.state not in transition.sources:
        return _("Not possible while the complaint is “%(state)s”.") % {"state": complaint.get_state_display()}
    return transition.guard(complaint, actor)


def _locked(complaint_id: int) -> Complaint:
    # Incident before complaint, as the clock does it: two orders would be a deadlock.
    incident_id = Complaint.objects.values_list("incident_id", flat=True).get(pk=complaint_id)
    Incident.objects.select_for_update().get(pk=incident_id)
    return Complaint.objects.select_for_update().get(pk=complaint_id)


def _move(
    complaint: Complaint,
    transition: Transition,
    actor: Actor,
    now: datetime,
    *,
    note: str,
    data: dict[str, Any] | None,
) -> None:
    target = transition.target or Complaint.State(complaint.state)
    chain.append(complaint, action=transition.action, after=target, actor=actor, now=now, note=note, data=data)
    if target != complaint.state:
        complaint.state = target
        complaint.state_since = now
        complaint.ended = now if complaint.has_ended else None
    deadlines.reckon(complaint, now)
    complaint.save(update_fields=["state", "state_since", "ended", "steps", *deadlines.FIELDS])
    record(Change.Topic.COMPLAINT, complaint.pk, transition.action, now)
    if complaint.has_ended:
        close_if_over(complaint.incident_id, now, still_open=_others_open(complaint))


def _others_open(complaint: Complaint) -> bool:
    return Complaint.objects.filter(incident_id=complaint.incident_id, ended__isnull=True).exists()
