"""An inbox row as an event: parsed, and checked that topic, body and signatures name the same enrolled box."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from central.intake.models import Inbox, Stream
from contract.events import EpisodeEvent, Skipped, parse_event
from contract.topics import EventTopic


class Mismatch(ValueError):  # noqa: N818 — what it is
    """Topic and body disagree about who speaks."""


@dataclass(frozen=True, slots=True)
class Read:
    """A row and what it says; None where the box replaced the event by a newer one."""

    row: Inbox
    event: EpisodeEvent | None


def read(row: Inbox, stream: Stream, key: Ed25519PublicKey) -> Read:
    """Raises ValueError (pydantic.ValidationError, Mismatch, contract.evidence.EvidenceError) with the reason."""
    event = parse_event(bytes(row.payload))
    if isinstance(event, Skipped):
        return Read(row, None)
    if (event.box, event.epoch, event.seq) != (stream.box_id, stream.epoch, row.seq):
        raise Mismatch(
            f"the topic names box {stream.box_id}, epoch {stream.epoch}, seq {row.seq}; the event names box "
            f"{event.box}, epoch {event.epoch}, seq {event.seq}"
        )
    for signed in event.data.evidence:
        signed.verify(key, stream.box_id)
    return Read(row, event)


def topic_of(row: Inbox, stream: Stream) -> str:
    """The topic the row came under."""
    return EventTopic(stream.box_id, stream.epoch, row.seq).path
