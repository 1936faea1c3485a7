"""What the uplink needs of a connection to a broker."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One publication, always QoS 1."""

    topic: str
    payload: bytes = field(repr=False)
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """Who the client is to the broker.

    Attributes:
        will: published by the broker when the connection is lost.
        subscriptions: exact topics, QoS 1; the broker keeps messages on them while the client is away.
    """

    client_id: str
    will: Message
    subscriptions: tuple[str, ...]


class Listener(Protocol):
    """Told what happens; called on the transport's threads, so every method only takes a note and returns."""

    def connected(self) -> None:
        """Connected and subscribed: from now on `publish` sends."""
        ...

    def disconnected(self, reason: str) -> None:
        """The connection ended, or a try to make one failed. The reason names no secret."""
        ...

    def passed_on(self, token: int) -> None:
        """The broker has taken the publication (PUBACK). It proves neither that it may be read nor that it is safe."""
        ...

    def received(self, topic: str, payload: bytes) -> None:
        """A message on one of the subscribed topics."""
        ...


class Transport(Protocol):
    """A connection that comes back by itself. The broker keeps the session: it stores messages while we are away."""

    def start(self, listener: Listener) -> None:
        """Begins to connect, and to connect again after each loss, until `stop`."""
        ...

    def publish(self, message: Message) -> int | None:
        """Sends, and gives the token that `passed_on` will name; None when there is no connection.

        Nothing is sent again by the transport itself: after a loss, that is for the caller to decide.
        """
        ...

    def drop(self, reason: str) -> None:
        """Ends a connection that hangs; a new one follows as after any loss."""
        ...

    def stop(self) -> None:
        """Disconnects in order (no last will) and ends; afterwards the listener is not called any more."""
        ...
