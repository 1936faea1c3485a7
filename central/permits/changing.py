"""Writing permits down; what they concern is judged again at once."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from central.accounts.roles import Actor
from central.clockwork.watching import look_again
from central.incidents.kinds import Kind
from central.incidents.models import Incident
from central.permits.models import Permit

State = Incident.State


def keep(permits: Collection[Permit], actor: Actor, now: datetime) -> None:
    """All of them, new or changed, or none; they are valid already (`forms.PermitForm`)."""
    with transaction.atomic():
        for permit in permits:
            permit.changed, permit.changed_by, permit.user = now, actor.name, actor.user
            permit.save()
    _judge_again(now)


def remove(permit: Permit, now: datetime) -> None:
    """One that should never have been written down. One that was withdrawn is given another last day instead."""
    permit.delete()
    _judge_again(now)


def _judge_again(now: datetime) -> None:
    selling = Incident.objects.filter(kind=Kind.VENDING, state__in=[State.CANDIDATE, State.ACTIVE, State.SUPPRESSED])
    look_again(selling, now)
