"""What a box is told on its heartbeat and when its evidence is stored."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from central.boxes.models import Box
from central.evidence.models import Blob
from central.intake.committing import AckDue, ack_of, believe
from central.intake.models import Stream
from contract.reports import BoxStatus

RECENT = timedelta(minutes=2)
RECENT_FILES = 100
"""An ack that got lost is said again on the next heartbeats; older losses are mended when the box sends once more."""


def on_heartbeat(box_id: str, status: BoxStatus, now: datetime) -> AckDue | None:
    """The whole ack again, whenever a box says it is there."""
    if status.epoch is None:
        return None
    due = believe(box_id, status.epoch, status.acked_seq or 0, now)
    recent = Blob.objects.filter(box_id=box_id, arrived__gte=now - RECENT).order_by("-arrived")
    have = tuple(recent.values_list("pk", flat=True)[:RECENT_FILES])
    return AckDue(due.box, due.ack.model_copy(update={"have": have}))


def on_evidence(box_id: str, have: Sequence[str]) -> AckDue | None:
    """An ack speaks of one epoch: that of the box's last heartbeat, else the one last heard. None before either."""
    streams = Stream.objects.filter(box_id=box_id)
    epoch = Box.objects.values_list("epoch", flat=True).get(pk=box_id)
    stream = streams.filter(epoch=epoch).first() or streams.order_by("-last_seen").first()
    return ack_of(stream, have) if stream is not None else None
