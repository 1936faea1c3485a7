"""When a box is told: at once after a decision, and again on each heartbeat that names another version."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from pydantic import ValidationError

from central.boxes.desired.composing import compose
from central.boxes.models import Box, DesiredVersion
from contract.desired import Desired

AGAIN_AFTER = timedelta(seconds=5)
"""A heartbeat that was under way when the version was sent says nothing about it."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DesiredDue:
    """A version to publish."""

    box: str
    desired: Desired


@transaction.atomic
def desired_due(now: datetime) -> list[DesiredDue]:
    """What is to be sent now; it counts as sent. Two workers never send the same at once."""
    unsent = DesiredVersion.objects.select_for_update(skip_locked=True, of=("self",)).filter(sent__isnull=True)
    boxes = sorted({version.box_id for version in unsent})
    due: list[DesiredDue] = []
    for box in Box.objects.filter(pk__in=boxes).order_by("pk"):
        try:
            desired = compose(box)
        except ValidationError:  # decided by another version of this software; a person must look
            log.exception("what was decided cannot be sent", box=box.pk)
        else:
            due += [DesiredDue(box.pk, desired)] if desired is not None else []
    unsent.filter(box_id__in=boxes).update(sent=now)
    return due


def send_again_where_it_differs(box: Box, now: datetime) -> None:
    """After a heartbeat: the newest version is due again unless the box runs it, or refuses it."""
    version = DesiredVersion.objects.filter(box=box).order_by("-number").first()
    if version is None or version.number in {box.desired, box.refused.get("version")}:
        return
    DesiredVersion.objects.filter(pk=version.pk, sent__lte=now - AGAIN_AFTER).update(sent=None)
