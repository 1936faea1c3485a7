"""Writing permits down; what they concern is judged again at once, here and on the boxes near them."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from central.accounts.roles import Actor
from central.administration.recording import entry_of, snapshot, write_down, write_down_all
from central.clockwork.watching import look_again
from central.incidents.kinds import Kind
from central.incidents.models import Incident
from central.permits.models import Permit
from central.permits.pushing import push

State = Incident.State
TOPIC = "permit"


def keep(permits: Collection[Permit], actor: Actor, now: datetime, *, imported: bool = False) -> None:
    """All of them, new or changed, or none; they are valid already (`forms.PermitForm`). Each is recorded."""
    with transaction.atomic():
        replaced = list(Permit.objects.filter(pk__in=[one.pk for one in permits]))
        before = {old.pk: snapshot(old) for old in replaced}
        entries = []
        for permit in permits:
            permit.changed, permit.changed_by, permit.user = now, actor.name, actor.user
            permit.save()
            old = before.get(permit.pk)
            action = "import" if imported else "change" if old else "add"
            about = {"topic": TOPIC, "subject": str(permit), "action": action}
            entries.append(entry_of(actor, now, before=old, after=snapshot(permit), **about))
        write_down_all(entries)
        push([*replaced, *permits], actor, now)
    _judge_again(now)


def remove(permit: Permit, actor: Actor, now: datetime) -> None:
    """One that should never have been written down. One that was withdrawn is given another last day instead."""
    with transaction.atomic():
        write_down(actor, now, topic=TOPIC, subject=str(permit), action="remove", before=snapshot(permit))
        permit.delete()
        push([permit], actor, now)
    _judge_again(now)


def _judge_again(now: datetime) -> None:
    selling = Incident.objects.filter(kind=Kind.VENDING, state__in=[State.CANDIDATE, State.ACTIVE, State.SUPPRESSED])
    look_again(selling, now)
