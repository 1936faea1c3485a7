"""One action on many complaints: all of them or none, and taken back in one go while nobody has gone on."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from central.accounts.roles import Actor
from central.complaints.access import visible_to
from central.complaints.models import Bulk, Complaint
from central.complaints.refusal import Refused
from central.complaints.transitions import TRANSITIONS, UNDO
from central.complaints.workflow import act_on, locked

AT_MOST = 200
UNDO_WITHIN = timedelta(minutes=15)
NAMED = 5


@transaction.atomic
def act_on_all(numbers: Collection[str], action: str, actor: Actor, now: datetime, *, note: str = "") -> Bulk:
    """Does one action on all of them in one transaction.

    Raises:
        Refused: one of them does not allow it (which and why is said of the first few), or too many, or none, or an
            action that is not done in bulk. Nothing has changed then.
    """
    transition = TRANSITIONS.get(action)
    if transition is None or not transition.in_bulk:
        raise Refused(_("This cannot be done to many complaints at once."))
    ids = list(visible_to(actor).filter(number__in=set(numbers)).values_list("pk", flat=True))
    if not ids or len(ids) != len(set(numbers)):
        raise Refused(_("Please choose complaints of your own list."))
    if len(ids) > AT_MOST:
        raise Refused(_("At most %(n)d complaints at once.") % {"n": AT_MOST})
    bulk = Bulk.objects.create(action=action, actor=actor.name, user=actor.user, time=now)
    refusals = []
    for complaint in locked(ids):
        try:
            act_on(complaint, transition, actor, now, note=note, data={"bulk": str(bulk.pk)})
        except Refused as refusal:
            refusals.append(f"{complaint.number}: {refusal}")
        bulk.steps[str(complaint.pk)] = complaint.steps
    if refusals:
        raise Refused(_("Nothing was changed.") + " " + " · ".join(refusals[:NAMED]))
    bulk.save(update_fields=["steps"])
    return bulk


@transaction.atomic
def undo(bulk_id: UUID, actor: Actor, now: datetime) -> Bulk:
    """Puts every complaint of it back into the state it had, with a row more in its history.

    Raises:
        Refused: not the actor's own, too long ago, undone already, or somebody has gone on with one of them. Nothing
            has changed then.
    """
    bulk = Bulk.objects.select_for_update().filter(pk=bulk_id, user=actor.user).first()
    if bulk is None or actor.user is None:
        raise Refused(_("Only whoever did it can take it back."))
    if bulk.undone is not None:
        raise Refused(_("This has been taken back already."))
    if now - bulk.time > UNDO_WITHIN:
        raise Refused(_("Too long ago to be taken back: please go through the complaints one by one."))
    complaints = locked([int(pk) for pk in bulk.steps])
    moved_on = [complaint.number for complaint in complaints if not _is_last_step(complaint, bulk)]
    if moved_on:
        raise Refused(
            _("Nothing was changed, because others have gone on with: %(numbers)s.")
            % {"numbers": ", ".join(moved_on[:NAMED])}
        )
    for complaint in complaints:
        act_on(complaint, UNDO, actor, now, data={"undone": str(bulk.pk)})
    bulk.undone = now
    bulk.save(update_fields=["undone"])
    return bulk


def _is_last_step(complaint: Complaint, bulk: Bulk) -> bool:
    """Whether nobody has done anything to it since; what a camera told is no reason against."""
    since = complaint.history.filter(step__gt=bulk.steps[str(complaint.pk)])
    return not since.exclude(action="incident_cleared").exists()
