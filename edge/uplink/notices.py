"""What the box says of itself: of each topic only the newest counts, and all of it again on each connect."""

from edge.uplink.transport import Message


class Notices:
    """Retained messages waiting for their turn; at most a few are under way."""

    def __init__(self, unpassed: int = 8) -> None:
        self._limit = unpassed
        self._unpassed = 0
        self._newest: dict[str, Message] = {}
        self._due: dict[str, None] = {}

    def put(self, message: Message) -> None:
        """Replaces what was to be said on this topic."""
        self._newest[message.topic] = message
        self._due[message.topic] = None

    def connected(self) -> None:
        """The broker may have lost everything: all is due again."""
        self._unpassed = 0
        self._due = dict.fromkeys(self._newest)

    def passed_on(self) -> None:
        """The broker has taken one."""
        self._unpassed = max(0, self._unpassed - 1)

    def due(self) -> list[Message]:
        """The messages to publish now; they count as published."""
        topics = list(self._due)[: self._limit - self._unpassed]
        for topic in topics:
            del self._due[topic]
        self._unpassed += len(topics)
        return [self._newest[topic] for topic in topics]
