"""Asking for a still: put on the wire by the intake, again until it is answered or its time is over."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from central.accounts.roles import Actor
from central.boxes.models import Camera
from central.stills.models import Still
from central.verification.asking import Due
from contract.commands import TakeStill

PATIENCE = timedelta(seconds=30)
REPEAT_AFTER = timedelta(seconds=5)
SHARED_FOR = timedelta(seconds=5)
"""Who asks again so soon gets the answer to the first question: a camera cannot be flooded by pressing a button."""
BATCH = 100


@transaction.atomic
def ask_for(camera: Camera, actor: Actor, now: datetime) -> Still:
    """A new wish, or the one just made for this camera."""
    Camera.objects.select_for_update().get(pk=camera.pk)
    recent = Still.objects.filter(camera=camera, asked__gt=now - SHARED_FOR).order_by("-asked").first()
    if recent is not None and not recent.reason:
        return recent
    return Still.objects.create(camera=camera, by=actor.name, asked=now, until=now + PATIENCE)


@transaction.atomic
def commands(now: datetime) -> list[Due]:
    """What is to be said now; it counts as said. Two workers never say the same at once."""
    silent = Q(sent__isnull=True) | Q(sent__lte=now - REPEAT_AFTER)
    waiting = list(
        Still.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(silent, answered__isnull=True, until__gt=now)
        .order_by(F("sent").asc(nulls_first=True))
        .select_related("camera")[:BATCH]
    )
    Still.objects.filter(pk__in=[still.pk for still in waiting]).update(sent=now)
    return [
        Due(still.camera.box_id, TakeStill(id=still.pk, camera=still.camera.code, until=still.until))
        for still in waiting
    ]
