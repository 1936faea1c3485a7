"""One contract for both transports: over a real broker, and in memory."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import pytest

from edge.uplink import UplinkSettings
from edge.uplink.memory import MemoryBroker, MemoryTransport
from edge.uplink.paho import PahoTransport
from edge.uplink.transport import Message, Session, Transport
from scripts.broker import Broker
from tests.brokers import broker  # noqa: F401 — a fixture
from tests.edge.uplink.waiting import eventually


@dataclass
class Notes:
    """A listener that remembers."""

    connections: int = 0
    reasons: list[str] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    messages: list[tuple[str, bytes]] = field(default_factory=list)

    def connected(self) -> None:
        self.connections += 1

    def disconnected(self, reason: str) -> None:
        self.reasons.append(reason)

    def passed_on(self, token: int) -> None:
        self.tokens.append(token)

    def received(self, topic: str, payload: bytes) -> None:
        self.messages.append((topic, payload))


class World(Protocol):
    """A broker, and transports to it."""

    def transport(self, name: str, hears: tuple[str, ...] = ()) -> Transport: ...
    def go_down(self) -> None: ...
    def come_up(self) -> None: ...
    def cut(self, transport: Transport) -> None: ...
    def until(self, condition, what: str) -> None: ...


class RealWorld:
    def __init__(self, running: Broker) -> None:
        self._broker = running
        self._settings = replace(UplinkSettings.parse(running.url), reconnect_min_s=0.05, reconnect_max_s=0.2)

    def transport(self, name: str, hears: tuple[str, ...] = ()) -> Transport:
        return PahoTransport(self._settings, session(name, hears))

    def go_down(self) -> None:
        self._broker.kill()

    def come_up(self) -> None:
        self._broker.start()

    def cut(self, transport: Transport) -> None:
        transport._connection._client.socket().shutdown(socket.SHUT_RDWR)

    def until(self, condition, what: str) -> None:
        eventually(condition, what=what)


class MemoryWorld:
    def __init__(self) -> None:
        self._broker = MemoryBroker()

    def transport(self, name: str, hears: tuple[str, ...] = ()) -> Transport:
        return MemoryTransport(self._broker, session(name, hears))

    def go_down(self) -> None:
        self._broker.go_down()

    def come_up(self) -> None:
        self._broker.come_up()

    def cut(self, transport: Transport) -> None:
        transport.lose()

    def until(self, condition, what: str) -> None:
        self._broker.deliver()
        assert condition(), what


def session(name: str, hears: tuple[str, ...]) -> Session:
    return Session(name, Message(f"status/{name}", b"gone", retain=True), hears or (f"only/{name}",))


@pytest.fixture(params=["paho", "memory"])
def world(request: pytest.FixtureRequest) -> World:
    return MemoryWorld() if request.param == "memory" else RealWorld(request.getfixturevalue("broker"))


@pytest.fixture
def started(world: World) -> Iterator:
    transports = []

    def start(name: str, hears: tuple[str, ...] = ()) -> tuple[Transport, Notes]:
        transport, notes = world.transport(name, hears), Notes()
        transport.start(notes)
        world.until(lambda: notes.connections == 1, "the connection")
        transports.append(transport)
        return transport, notes

    yield start
    for transport in transports:
        transport.stop()


def test_what_is_published_is_passed_on_and_received(world, started):
    sender, sent = started("sender")
    _, heard = started("hearer", ("a/b",))
    tokens = [sender.publish(Message("a/b", bytes([number]))) for number in range(5)]
    sender.publish(Message("a/c", b"for somebody else"))
    world.until(lambda: len(sent.tokens) == 6 and len(heard.messages) == 5, "the delivery")
    assert sent.tokens[:5] == tokens
    assert len(set(tokens)) == 5
    assert heard.messages == [("a/b", bytes([number])) for number in range(5)]


def test_before_and_after_a_connection_nothing_is_sent(world, started):
    assert world.transport("sender").publish(Message("a/b", b"too early")) is None
    transport, _ = started("sender")
    transport.stop()
    assert transport.publish(Message("a/b", b"too late")) is None


def test_a_retained_message_is_given_to_who_comes_later(world, started):
    sender, sent = started("sender")
    sender.publish(Message("a/b", b"old", retain=True))
    sender.publish(Message("a/b", b"new", retain=True))
    world.until(lambda: len(sent.tokens) == 2, "the publication")
    _, heard = started("hearer", ("a/b",))
    world.until(lambda: heard.messages == [("a/b", b"new")], "the retained message")


def test_a_broker_that_goes_and_comes_back(world, started):
    transport, notes = started("sender")
    world.go_down()
    world.until(lambda: notes.reasons, "the note of the loss")
    assert transport.publish(Message("a/b", b"lost")) is None
    world.come_up()
    world.until(lambda: notes.connections == 2, "the second connection")
    token = transport.publish(Message("a/b", b"arrives"))
    world.until(lambda: notes.tokens == [token], "the publication")


def test_the_broker_keeps_messages_for_who_is_away(world, started):
    sender, sent = started("sender")
    hearer, _ = started("hearer", ("a/b",))
    hearer.stop()
    sender.publish(Message("a/b", b"kept"))
    world.until(lambda: sent.tokens, "the publication")
    again = world.transport("hearer", ("a/b",))
    heard = Notes()
    again.start(heard)
    world.until(lambda: ("a/b", b"kept") in heard.messages, "the message kept")
    again.stop()


def test_a_dropped_connection_is_replaced(world, started):
    transport, notes = started("sender")
    transport.drop("it hangs")
    world.until(lambda: notes.connections == 2, "the second connection")
    assert notes.reasons == ["it hangs"]


def test_tokens_of_a_former_connection_do_not_come_back(world, started):
    transport, notes = started("sender")
    first = transport.publish(Message("a/b", b"1"))
    world.until(lambda: notes.tokens == [first], "the publication")
    transport.drop("for a test")
    world.until(lambda: notes.connections == 2, "the second connection")
    assert transport.publish(Message("a/b", b"2")) != first


def test_the_last_will_is_published_for_who_is_cut_off_and_not_for_who_leaves(world, started):
    leaver, _ = started("leaver")
    lost, notes = started("lost")
    _, heard = started("hearer", ("status/leaver", "status/lost"))
    leaver.stop()
    world.cut(lost)
    world.until(lambda: notes.connections == 2, "the second connection")
    world.until(lambda: heard.messages, "the last will")
    assert heard.messages == [("status/lost", b"gone")]
