"""The regular look at the clock, once a second in every intake worker. Several may run at once."""

from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Q

from central.boxes.models import Box
from central.boxes.reports import mark_offline
from central.clockwork.reminding import remind
from central.clockwork.settling import settle
from central.clockwork.watching import watch
from central.incidents.models import Incident
from central.incidents.policies import policy_of
from central.verification.answers import decide
from central.verification.asking import ask

BATCH = 200

log = structlog.get_logger()


def tick(now: datetime) -> int:
    """Marks silent boxes, looks which cameras see, settles every incident that is due, has cameras asked and decides by
    what they answered, reminds agencies of what is due.

    Returns:
        How many incidents it settled.
    """
    mark_silent_boxes(now)
    watch(now)
    settled = settle_due(now)
    ask(now)
    decide(now)
    remind(now)
    return settled


def settle_due(now: datetime) -> int:
    """One transaction for each incident; one that fails is logged, tried again at the next tick, delays no other."""
    due = Q(state=Incident.State.CLEARING, hold_until__lte=now) | Q(complaint_due__lte=now)
    settled = 0
    for pk in Incident.objects.filter(due).order_by("pk").values_list("pk", flat=True)[:BATCH]:
        try:
            settled += _settle_one(pk, now)
        except DatabaseError:
            raise
        except Exception:
            log.exception("incident could not be settled; trying again", incident=pk)
    return settled


@transaction.atomic
def _settle_one(pk: int, now: datetime) -> bool:
    incident = Incident.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if incident is None:
        return False  # another worker has it
    settle(incident, now, policy_of(incident.kind), now)
    return True


def mark_silent_boxes(now: datetime) -> None:
    """A box without a heartbeat for three of its intervals is offline."""
    shortest = now - timedelta(seconds=1)
    for box in Box.objects.filter(state=Box.State.ONLINE).filter(Q(heartbeat__lt=shortest) | Q(heartbeat__isnull=True)):
        if box.is_silent(now):
            mark_offline(box.pk, now)
