"""What else must be true before an actor may do something: each says why not, as a sentence for the actor."""

import os
from collections.abc import Callable

from django.utils.translation import gettext as _

from central.accounts.roles import AGENCY_ROLES, Actor
from central.complaints.models import Complaint

Guard = Callable[[Complaint, Actor], str]
"""Returns why not; empty when nothing speaks against it."""

MAX_BOUNCES = int(os.environ.get("SIGAP_MAX_BOUNCES", "2"))
"""So often agencies may pass a complaint on among themselves; then an operator decides whose it is."""


def anybody(_complaint: Complaint, _actor: Actor) -> str:
    """No condition beyond role and state."""
    return ""


def holds_it(complaint: Complaint, actor: Actor) -> str:
    """An agency's people act on its complaints only; operators and administrators on all."""
    if actor.role in AGENCY_ROLES and actor.agency != complaint.agency_id:
        return _("This complaint belongs to another agency.")
    return ""


def untouched(complaint: Complaint, _actor: Actor) -> str:
    """Nobody of the staff has done anything with it yet."""
    if complaint.history.filter(user__isnull=False).exists():
        return _("Somebody has already worked on this complaint.")
    return ""


def not_passed_on_too_often(complaint: Complaint, actor: Actor) -> str:
    """The agency holds it, and agencies have not passed it around too often since an operator last said whose it is."""
    if refusal := holds_it(complaint, actor):
        return refusal
    decided = complaint.history.filter(action="reroute").order_by("step").values_list("step", flat=True).last() or 0
    bounces = complaint.history.filter(action="wrong_agency", step__gt=decided).count()
    if bounces >= MAX_BOUNCES:
        return _("Agencies have passed this complaint on %(n)d times: an operator must decide now.") % {"n": bounces}
    return ""


def estimate_waits(complaint: Complaint, actor: Actor) -> str:
    """The agency's people have proposed a time, and its head has not spoken yet."""
    if refusal := holds_it(complaint, actor):
        return refusal
    if complaint.estimate is None or complaint.estimate_approved is not None:
        return _("No estimate waits for an approval.")
    return ""
