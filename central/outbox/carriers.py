"""What a relay hands messages to."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5


class Undeliverable(Exception):  # noqa: N818 — what is said of the message
    """The receiver will never take it: trying again is no use."""


class NotNow(Exception):  # noqa: N818 — what is said of the moment
    """It could not be delivered this time."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a carrier needs to know."""

    key: str
    address: str
    content: dict[str, Any]

    @property
    def id(self) -> UUID:
        """The same at every attempt."""
        return uuid5(NAMESPACE_URL, f"sigap:outbox:{self.key}")


class Carrier(Protocol):
    """Mail server, webhook client, or the tests' memory."""

    def deliver(self, message: Message) -> None:
        """Returns once the receiver has taken it.

        Raises:
            Undeliverable: never.
            NotNow: not this time.
        """
