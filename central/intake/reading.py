"""An inbox row as an event: parsed, and checked that topic, body and signatures name the same enrolled box."""

from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from central.intake.models import Inbox
from contract.events import EpisodeEvent, Skipped, parse_event
from contract.evidence import parse_public_key
from contract.topics import EventTopic


class Mismatch(ValueError):  # noqa: N818 — what it is
    """Topic and body disagree about who speaks."""


@dataclass(frozen=True, slots=True)
class Read:
    """A row and what it says; None where the box replaced the event by a newer one."""

    row: Inbox
    event: EpisodeEvent | None


def read(row: Inbox) -> Read:
    """Of a row that was loaded with its stream and box.

    Raises:
        ValueError: (pydantic.ValidationError, Mismatch, contract.evidence.EvidenceError) with the reason.
    """
    event = parse_event(bytes(row.payload))
    if isinstance(event, Skipped):
        return Read(row, None)
    stream = row.stream
    if (event.box, event.epoch, event.seq) != (stream.box_id, stream.epoch, row.seq):
        raise Mismatch(
            f"the topic names box {stream.box_id}, epoch {stream.epoch}, seq {row.seq}; the event names box "
            f"{event.box}, epoch {event.epoch}, seq {event.seq}"
        )
    for signed in event.data.evidence:
        signed.verify(_key(stream.box.public_key), stream.box_id)
    return Read(row, event)


def topic_of(row: Inbox) -> str:
    """The topic the row came under."""
    return EventTopic(row.stream.box_id, row.stream.epoch, row.seq).path


@lru_cache(maxsize=10_000)
def _key(text: str) -> Ed25519PublicKey:
    return parse_public_key(text)
