"""What goes wrong inside the box or behind an open connection; over the transport in memory."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest

from contract.acks import Ack
from contract.kinds import CameraState
from contract.reports import BoxInfo, CameraStatus
from contract.topics import AckTopic, EventTopic
from edge.outbox import Budget, Outbox
from edge.uplink import Uplink
from edge.uplink.memory import MemoryBroker, MemoryTransport
from edge.uplink.transport import Message
from edge.uplink.uplink import session_of
from tests.edge.outbox.steps import BOX, NOW, exhibit, step
from tests.edge.uplink.waiting import eventually


class World:
    def __init__(self, outbox: Outbox) -> None:
        self.broker = MemoryBroker()
        self.transport = MemoryTransport(self.broker, session_of(BOX))
        info = BoxInfo(site="", software="", models={}, cameras=())
        self.uplink = Uplink(self.transport, box=BOX, outbox=outbox, info=info)

    def until(self, condition: Callable[[], object]) -> None:
        def delivered() -> object:
            self.broker.deliver()
            return condition()

        eventually(delivered)

    def sent(self, leaf: str) -> list[Message]:
        return [message for message in self.broker.published if f"/{leaf}" in message.topic]


@pytest.fixture
def outbox(tmp_path) -> Iterator[Outbox]:
    outbox = Outbox.open(tmp_path, BOX, Budget(10**9))
    yield outbox
    outbox.close()


@pytest.fixture
def world(outbox) -> Iterator[World]:
    world = World(outbox)
    world.uplink.start()
    world.until(lambda: world.uplink.health.connected)
    yield world
    world.uplink.stop()


def test_a_disk_that_fails_for_a_while_does_not_silence_the_box(world, outbox, monkeypatch):
    failures = iter([sqlite3.OperationalError("disk I/O error")] * 3)
    mark_sent = outbox.mark_sent

    def failing(seq: int) -> None:
        for error in failures:
            raise error
        mark_sent(seq)

    monkeypatch.setattr(outbox, "mark_sent", failing)
    outbox.record(step(), state="{}", now=NOW)
    world.until(lambda: world.sent("event"))
    assert next(failures, None) is None
    assert world.sent("event")[0].topic == EventTopic(BOX, outbox.epoch, 1).path


def test_a_broker_that_takes_nothing_is_left_for_a_new_connection(world, outbox, monkeypatch):
    monkeypatch.setattr("edge.uplink.uplink._SILENT_BROKER_S", 0.2)
    outbox.record(step(), state="{}", now=NOW)
    eventually(lambda: "has taken nothing" in world.uplink.health.reason)
    world.until(lambda: world.sent("event"))


def test_damaged_evidence_does_not_hold_up_the_next_piece(world, outbox, tmp_path):
    for content in (b"one", b"two"):
        outbox.record(step(), state="{}", evidence=[exhibit(content)], now=NOW)
    (tmp_path / "evidence" / exhibit(b"one").sha256).write_bytes(b"eno")
    world.until(lambda: len(world.sent("event")) == 2)
    world.broker.take(Message(AckTopic(BOX).path, Ack(epoch=outbox.epoch, seq=2).to_bytes()))
    world.until(lambda: world.sent("evidence"))
    assert [message.payload for message in world.sent("evidence")] == [b"two"]


def test_the_newest_state_of_a_camera_is_said_again_on_each_connect(world):
    for state in (CameraState.STREAMING, CameraState.STALLED):
        world.uplink.publish_camera("simpang", CameraStatus(state=state, since=NOW, reason=""))
    world.until(lambda: world.sent("camera") and b"stalled" in world.sent("camera")[-1].payload)
    before = len(world.sent("camera"))
    world.broker.go_down()
    eventually(lambda: not world.uplink.health.connected)
    world.broker.come_up()
    world.until(lambda: len(world.sent("camera")) == before + 1)
    assert b"stalled" in world.sent("camera")[-1].payload
    assert len(world.sent("info")) == 2


def test_what_the_centre_desires_and_commands_reaches_its_handler(outbox):
    heard = []
    broker = MemoryBroker()
    uplink = Uplink(
        MemoryTransport(broker, session_of(BOX)),
        box=BOX,
        outbox=outbox,
        info=BoxInfo(site="", software="", models={}, cameras=()),
        on_desired=lambda payload: heard.append(("desired", payload)),
        on_command=lambda payload: heard.append(("command", payload)),
    )
    uplink.start()
    broker.deliver()
    broker.take(Message(f"sigap/v1/{BOX}/desired", b"1", retain=True))
    broker.take(Message(f"sigap/v1/{BOX}/command", b"2"))
    eventually(lambda: broker.deliver() or len(heard) == 2)
    assert heard == [("desired", b"1"), ("command", b"2")]
    uplink.stop()
