"""What the box has to say, on its disk until the centre says it has it."""

from edge.outbox.budget import Budget
from edge.outbox.outbox import Outbox
from edge.outbox.records import OpenEpisode, OutboxStatus, Step, WaitingEvent, WaitingEvidence
from edge.outbox.storage import OutboxError

__all__ = [
    "Budget",
    "OpenEpisode",
    "Outbox",
    "OutboxError",
    "OutboxStatus",
    "Step",
    "WaitingEvent",
    "WaitingEvidence",
]
