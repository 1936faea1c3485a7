"""The one door through which a complaint changes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from central.accounts.roles import Actor
from central.complaints import chain, deadlines
from central.complaints.access import of_incident
from central.complaints.effects import CHANGED_BY_EFFECTS, Inputs
from central.complaints.models import Complaint
from central.complaints.refusal import Refused
from central.complaints.transitions import TRANSITIONS, Transition
from central.feed.models import Change, record
from central.incidents.lifecycle import close_if_over, open_again
from central.incidents.models import Incident

NOTHING: Inputs = {}
State = Complaint.State


def act(
    complaint_id: int,
    action: str,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    expected: str | None = None,
    data: dict[str, Any] | None = None,
    inputs: Inputs = NOTHING,
) -> Complaint:
    """Does one action under a row lock and appends it to the history.

    `expected` is the state the actor was looking at: of two who act at once, the second is told. `inputs` is what the
    action asks for; `data` goes into the history as it is.

    Raises:
        Refused: with the reason.
        Complaint.DoesNotExist: no such complaint.
    """
    with transaction.atomic():
        others = (
            Complaint.objects.filter(number=inputs["into"]).values_list("pk", flat=True) if "into" in inputs else ()
        )
        complaint = {one.pk: one for one in locked({complaint_id, *others})}[complaint_id]
        act_on(complaint, TRANSITIONS[action], actor, now, note=note, expected=expected, data=data, inputs=inputs)
    return complaint


def act_on(
    complaint: Complaint,
    transition: Transition,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    expected: str | None = None,
    data: dict[str, Any] | None = None,
    inputs: Inputs = NOTHING,
) -> None:
    """The same with a complaint that the caller holds locked by `locked`.

    Raises:
        Refused: with the reason.
    """
    if expected is not None and complaint.state != expected:
        raise Refused(
            _("Somebody else changed this complaint meanwhile: it is now “%(state)s”.")
            % {"state": complaint.get_state_display()}
        )
    if refusal := refusal_of(transition, complaint, actor):
        raise Refused(refusal)
    if transition.needs_note and not note.strip():
        raise Refused(_("Please write a note: others will ask why."))
    said = transition.effect(complaint, actor, inputs, now)
    _move(complaint, transition, actor, now, note=note.strip(), data=said | (data or {}))


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


def locked(complaint_ids: Collection[int]) -> list[Complaint]:
    """Locks them in the order of their ids, and before them their incidents, as the clock does it: two orders would be
    a deadlock.

    Raises:
        Complaint.DoesNotExist: one of them does not exist.
    """
    concerned = Complaint.objects.filter(pk__in=complaint_ids).values_list("incident", "incident__merged_into")
    incidents = {pk for pair in concerned for pk in pair if pk is not None}
    list(Incident.objects.select_for_update().filter(pk__in=incidents).order_by("pk").values_list("pk"))
    found = list(Complaint.objects.select_for_update().filter(pk__in=complaint_ids).order_by("pk"))
    if len(found) != len(set(complaint_ids)):
        raise Complaint.DoesNotExist(f"not all of {sorted(complaint_ids)} exist")
    return found


def _move(
    complaint: Complaint,
    transition: Transition,
    actor: Actor,
    now: datetime,
    *,
    note: str,
    data: dict[str, Any] | None,
) -> None:
    target = _state_before(complaint) if transition.goes_back else transition.target or State(complaint.state)
    chain.append(complaint, action=transition.action, after=target, actor=actor, now=now, note=note, data=data)
    if target != complaint.state or "agency" in (data or {}):
        complaint.state = target
        complaint.state_since = now
        complaint.ended = now if complaint.has_ended else None
    deadlines.reckon(complaint, now)
    changed = [*CHANGED_BY_EFFECTS, *deadlines.FIELDS]
    complaint.save(update_fields=["state", "state_since", "ended", *chain.KEPT, *changed])
    record(Change.Topic.COMPLAINT, complaint.pk, transition.action, now)
    incident = _incident_that_counts(complaint)
    if complaint.has_ended:
        close_if_over(incident, now, still_open=of_incident(incident).filter(ended__isnull=True).exists())
    else:
        open_again(incident, now)


def _state_before(complaint: Complaint) -> Complaint.State:
    """Before its last change."""
    changes = complaint.history.exclude(before=F("after")).order_by("step")
    return State(changes.values_list("before", flat=True).last() or complaint.state)


def _incident_that_counts(complaint: Complaint) -> int:
    return complaint.incident.merged_into_id or complaint.incident_id
