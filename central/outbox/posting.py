"""Putting something into the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from central.outbox.models import Outgoing


@dataclass(frozen=True, slots=True)
class Post:
    """A message to be; `key` names what it is about, so that the same is never sent twice."""

    key: str
    channel: str
    address: str
    content: dict[str, Any]


def post(messages: Iterable[Post], now: datetime) -> None:
    """Adds those whose keys are new; call it inside the transaction that makes them true."""
    Outgoing.objects.bulk_create(
        [
            Outgoing(
                key=message.key,
                channel=message.channel,
                address=message.address,
                content=message.content,
                created=now,
                next_attempt=now,
            )
            for message in messages
        ],
        ignore_conflicts=True,
    )
