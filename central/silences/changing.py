"""Making and ending silences; what they concern is looked at again at once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from central.accounts.roles import Actor
from central.clockwork.watching import look_again
from central.incidents.models import Incident
from central.silences.models import Silence

State = Incident.State


def silence(actor: Actor, now: datetime, **fields: Any) -> Silence:
    """Fields as the model's, without who and when.

    Raises:
        django.core.exceptions.ValidationError: they do not make a silence.
    """
    made = Silence(created=now, created_by=actor.name, user=actor.user, **fields)
    made.full_clean()
    made.save()
    _look_again(made, now)
    return made


def end(silence_id: int, actor: Actor, now: datetime) -> Silence:
    """Before its time; one that has ended already stays as it is."""
    with transaction.atomic():
        ended = Silence.objects.select_for_update().get(pk=silence_id)
        if ended.ends > now:
            ended.ends, ended.ended_early_by = max(now, ended.begins), actor.name
            ended.save(update_fields=["ends", "ended_early_by"])
    _look_again(ended, now)
    return ended


def _look_again(changed: Silence, now: datetime) -> None:
    concerned = Incident.objects.filter(state__in=[State.CANDIDATE, State.ACTIVE, State.SUPPRESSED])
    if changed.kind:
        concerned = concerned.filter(kind=changed.kind)
    if changed.camera_id is not None:
        concerned = concerned.filter(episodes__camera=changed.camera_id).distinct()
    look_again(concerned, now)
