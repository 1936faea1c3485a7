"""What an action changes in a complaint beside its state, from what the actor filled in.

Each effect changes the locked complaint, without saving it, and returns what the history shall keep of it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from central.accounts.roles import AGENCY_ROLES, Actor
from central.complaints.models import Complaint
from central.complaints.refusal import Refused
from central.routing.models import Agency

Inputs = Mapping[str, str]
"""Name of a field → what was filled in."""
Effect = Callable[[Complaint, Actor, Inputs, datetime], dict[str, Any]]

CHANGED_BY_EFFECTS = ["agency", "assignee", "estimate", "estimate_approved", "merged_into"]


def none(_complaint: Complaint, _actor: Actor, _inputs: Inputs, _now: datetime) -> dict[str, Any]:
    """Nothing but the state changes."""
    return {}


def send_to_agency(complaint: Complaint, _actor: Actor, inputs: Inputs, _now: datetime) -> dict[str, Any]:
    """To the chosen agency, else to the default desk; what the last one planned goes.

    Raises:
        Refused: no such agency, the one that has it already, or one that has a complaint about the same incident.
    """
    code = inputs.get("agency", "")
    chosen = Agency.objects.filter(active=True).filter(**({"pk": code} if code else {"is_default_desk": True})).first()
    if chosen is None or chosen.pk == complaint.agency_id:
        raise Refused(_("Please choose the agency that shall have it."))
    twin = Complaint.objects.filter(incident=complaint.incident_id, agency=chosen).first()
    if twin is not None:
        raise Refused(
            _("%(agency)s already has a complaint about this incident: %(number)s.")
            % {"agency": chosen.short, "number": twin.number}
        )
    before, complaint.agency = complaint.agency_id, chosen
    complaint.assignee = complaint.estimate = complaint.estimate_approved = None
    return {"from": before, "agency": chosen.pk}


def pass_on(complaint: Complaint, actor: Actor, inputs: Inputs, now: datetime) -> dict[str, Any]:
    """To another agency, but not to one that has said the same.

    Raises:
        Refused: that, or as `send_to_agency`.
    """
    said_so = complaint.history.filter(action="wrong_agency").values_list("data__from", flat=True)
    if inputs.get("agency") in set(said_so):
        raise Refused(_("That agency has already said that it is not responsible."))
    return send_to_agency(complaint, actor, inputs, now)


def hand_over(complaint: Complaint, _actor: Actor, inputs: Inputs, _now: datetime) -> dict[str, Any]:
    """To somebody of the agency, or with nobody named to its team.

    Raises:
        Refused: nobody of that name works for the agency.
    """
    name = inputs.get("assignee", "")
    if not name:
        complaint.assignee = None
        return {}
    from django.contrib.auth.models import User  # noqa: PLC0415 — this module is imported while models load

    roles = [role.value for role in AGENCY_ROLES]
    theirs = User.objects.filter(is_active=True, membership__agency=complaint.agency_id, groups__name__in=roles)
    chosen = theirs.filter(username=name).distinct().first()
    if chosen is None:
        raise Refused(_("Nobody of that name works for the agency."))
    complaint.assignee = chosen
    return {"assignee": chosen.get_username()}


def propose_estimate(complaint: Complaint, _actor: Actor, inputs: Inputs, now: datetime) -> dict[str, Any]:
    """When it will be solved; not public before the agency's head has approved it.

    Raises:
        Refused: not a time, or not in the future.
    """
    until = _moment(inputs.get("until", ""))
    if until is None or until <= now:
        raise Refused(_("Please give a time in the future."))
    complaint.estimate, complaint.estimate_approved = until, None
    return {"until": until.isoformat()}


def approve_estimate(complaint: Complaint, _actor: Actor, _inputs: Inputs, now: datetime) -> dict[str, Any]:
    """The proposed time is the agency's word from now on."""
    assert complaint.estimate is not None
    complaint.estimate_approved = now
    return {"until": complaint.estimate.isoformat()}


def decline_estimate(complaint: Complaint, _actor: Actor, _inputs: Inputs, _now: datetime) -> dict[str, Any]:
    """The proposed time goes."""
    assert complaint.estimate is not None
    declined, complaint.estimate = complaint.estimate, None
    return {"until": declined.isoformat()}


def merge_into(complaint: Complaint, _actor: Actor, inputs: Inputs, _now: datetime) -> dict[str, Any]:
    """Into another complaint of the same agency that stands for both from now on; those merged into this one follow.

    Raises:
        Refused: no such complaint, or it cannot stand for this one.
    """
    other = Complaint.objects.filter(number=inputs.get("into", "")).first()
    if other is None or other.pk == complaint.pk:
        raise Refused(_("Please give the number of the other complaint."))
    if other.agency_id != complaint.agency_id or other.kind != complaint.kind:
        raise Refused(_("Only complaints of one kind and one agency can be merged."))
    if other.has_ended:
        raise Refused(_("Complaint %(number)s has ended.") % {"number": other.number})
    complaint.merged_into = other
    complaint.absorbed.update(merged_into=other)
    return {"into": other.number}


def take_apart(complaint: Complaint, _actor: Actor, _inputs: Inputs, _now: datetime) -> dict[str, Any]:
    """It stands for itself again."""
    before, complaint.merged_into = complaint.merged_into, None
    return {"from": before.number if before else ""}


def _moment(text: str) -> datetime | None:
    """As a form's datetime-local field writes it, in the city's zone; or ISO 8601 with a zone."""
    try:
        read = parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(read) if read is not None and timezone.is_naive(read) else read
