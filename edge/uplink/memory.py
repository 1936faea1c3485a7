"""A transport and a broker in memory, under the same contract as the real ones. Everything happens on the thread that
calls `MemoryBroker.deliver`, and nothing before it is called.
"""

from collections import deque

from edge.uplink.transport import Listener, Message, Session


class MemoryBroker:
    """Keeps sessions and retained messages. `published` is what it has taken, in order."""

    def __init__(self) -> None:
        self.up = True
        self.published: list[Message] = []
        self._retained: dict[str, Message] = {}
        self._clients: list[MemoryTransport] = []
        self._sessions: dict[str, tuple[Session, deque[Message]]] = {}

    def go_down(self) -> None:
        """Every connection ends; what was under way and not taken is lost."""
        self.up = False
        for client in list(self._clients):
            client.drop("the broker is away")

    def come_up(self) -> None:
        """Clients connect again, at the next `deliver`."""
        self.up = True

    def deliver(self) -> None:
        """Lets everything under way happen: connections, publications, messages."""
        while sum(client.advance() for client in list(self._clients)):
            pass

    def attach(self, client: "MemoryTransport") -> None:
        """A client begins to connect."""
        self._clients.append(client)

    def detach(self, client: "MemoryTransport") -> None:
        """A client has left; its session stays."""
        if client in self._clients:
            self._clients.remove(client)

    def resume(self, session: Session) -> deque[Message]:
        """What waits for a client that has just connected; more is added as it comes."""
        _, waiting = self._sessions.setdefault(session.client_id, (session, deque()))
        waiting.extendleft(self._retained[topic] for topic in session.subscriptions if topic in self._retained)
        return waiting

    def take(self, message: Message) -> None:
        """Keeps the message for every session that subscribed to its topic."""
        self.published.append(message)
        if message.retain:
            self._retained[message.topic] = message
        for session, waiting in self._sessions.values():
            if message.topic in session.subscriptions:
                waiting.append(message)


class MemoryTransport:
    """One client of a MemoryBroker."""

    def __init__(self, broker: MemoryBroker, session: Session) -> None:
        self._broker = broker
        self._session = session
        self._listener: Listener | None = None
        self._incoming: deque[Message] | None = None
        self._outgoing: deque[tuple[int, Message]] = deque()
        self._tokens = 0

    def start(self, listener: Listener) -> None:
        """Connects at the next `deliver`."""
        self._listener = listener
        self._broker.attach(self)

    def publish(self, message: Message) -> int | None:
        """Puts the message on its way; None when not connected."""
        if self._incoming is None:
            return None
        self._tokens += 1
        self._outgoing.append((self._tokens, message))
        return self._tokens

    def lose(self) -> None:
        """The network between us and the broker breaks: it publishes the last will."""
        self.drop("the connection was lost")
        self._broker.take(self._session.will)

    def drop(self, reason: str) -> None:
        """Ends the connection, with everything under way; another follows at the next `deliver`."""
        self._outgoing.clear()
        if self._incoming is not None and self._listener is not None:
            self._incoming = None
            self._listener.disconnected(reason)

    def stop(self) -> None:
        """Leaves in order."""
        self._incoming = None
        self._outgoing.clear()
        self._broker.detach(self)

    def advance(self) -> bool:
        """One step; False when nothing is left to do."""
        if self._listener is None or not self._broker.up:
            return False
        if self._incoming is None:
            self._incoming = self._broker.resume(self._session)
            self._listener.connected()
        elif self._outgoing:
            token, message = self._outgoing.popleft()
            self._broker.take(message)
            self._listener.passed_on(token)
        elif self._incoming:
            message = self._incoming.popleft()
            self._listener.received(message.topic, message.payload)
        else:
            return False
        return True
