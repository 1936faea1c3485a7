"""Box and centre over a real broker."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from contract.acks import Ack
from contract.commands import LookAgain, LookReply
from contract.events import EpisodeEvent, EventType, parse_event
from contract.evidence import MAX_EVIDENCE_BYTES
from contract.kinds import CameraState, IncidentKind, Sight
from contract.reports import BoxInfo, BoxStatus, CameraStatus
from edge.outbox import Budget, Outbox
from edge.uplink import InForce, Uplink, UplinkSettings, mqtt_transport
from edge.uplink.event_sender import Pace
from edge.uplink.evidence_sender import EvidencePace
from tests.brokers import broker  # noqa: F401 — a fixture
from tests.edge.outbox.steps import BOX, NOW, exhibit, step
from tests.edge.uplink.centre import Centre
from tests.edge.uplink.waiting import eventually

INFO = BoxInfo(site="Pangkalpinang", software="0.1", models={}, cameras=())
STATUS = f"sigap/v1/{BOX}/status"


@pytest.fixture
def outbox(tmp_path) -> Iterator[Outbox]:
    outbox = Outbox.open(tmp_path, BOX, Budget(10**9))
    yield outbox
    outbox.close()


@pytest.fixture
def centre(broker) -> Iterator[Centre]:  # noqa: F811
    centre = Centre(broker.port, BOX)
    centre.start()
    yield centre
    centre.stop()


@pytest.fixture
def connect(broker, outbox) -> Iterator[Callable[..., Uplink]]:  # noqa: F811
    uplinks = []

    def start(**more) -> Uplink:
        settings = replace(UplinkSettings.parse(broker.url), reconnect_min_s=0.05, reconnect_max_s=0.3)
        more = {"interval_s": 0.5, "pace": Pace(ack_timeout_s=2.0), "evidence_pace": EvidencePace(timeout_s=2.0)} | more
        uplink = Uplink(mqtt_transport(settings, BOX), box=BOX, outbox=outbox, info=INFO, **more)
        uplink.start()
        uplinks.append(uplink)
        return uplink

    yield start
    for uplink in uplinks:
        uplink.stop()


def record(outbox: Outbox, number: int, *exhibits) -> EpisodeEvent:
    return outbox.record(
        step(EventType.OPENED, episode=uuid4(), vehicles=number), state="{}", evidence=exhibits, now=NOW
    )


def test_events_arrive_as_recorded_and_leave_with_the_ack(outbox, centre, connect):
    before = [record(outbox, number) for number in range(5)]
    connect()
    during = [record(outbox, number) for number in range(5, 10)]
    eventually(lambda: outbox.acked_seq == 10)
    assert [parse_event(centre.events[outbox.epoch, seq]) for seq in range(1, 11)] == before + during
    assert centre.arrivals == [(outbox.epoch, seq) for seq in range(1, 11)]
    assert outbox.pending(0, 1) == ()


def test_evidence_up_to_the_limit_follows_its_event(outbox, centre, connect):
    contents = [random.Random(number).randbytes(MAX_EVIDENCE_BYTES - number) for number in range(4)]
    for content in contents:
        record(outbox, 1, exhibit(content))
    connect()
    eventually(lambda: outbox.status(NOW).evidence_waiting == 0)
    assert sorted(centre.evidence.values()) == sorted(contents)


def test_without_an_ack_everything_is_sent_again_and_nothing_deleted(outbox, centre, connect):
    centre.deaf = True
    connect()
    for number in range(3):
        record(outbox, number)
    time.sleep(1.0)
    assert len(outbox.pending(0, 10)) == 3
    centre.deaf = False
    eventually(lambda: outbox.acked_seq == 3, within_s=10)


def test_a_centre_that_was_away_gets_everything(outbox, centre, connect):
    centre.stop()
    connect()
    for number in range(300):
        record(outbox, number)
    time.sleep(0.5)
    assert outbox.acked_seq == 0
    centre.start()
    eventually(lambda: outbox.acked_seq == 300)


def test_what_the_box_says_of_itself(outbox, centre, connect):
    record(outbox, 1)
    uplink = connect(config=InForce("v7", 7))
    uplink.publish_camera("simpang", CameraStatus(state=CameraState.STREAMING, since=NOW, reason="2 frames a second"))
    eventually(lambda: f"sigap/v1/{BOX}/camera/simpang" in centre.notices)
    eventually(lambda: len(centre.notices[STATUS]) >= 3)
    assert BoxInfo.from_bytes(centre.notices[f"sigap/v1/{BOX}/info"][-1]) == INFO
    status = BoxStatus.from_bytes(centre.notices[STATUS][-1])
    assert (status.state, status.interval_s, status.epoch, status.last_seq, status.acked_seq, status.config) == (
        "online", 0.5, outbox.epoch, 1, 1, "v7",
    )  # fmt: skip
    uplink.stop()
    eventually(lambda: json.loads(centre.notices[STATUS][-1])["state"] == "offline")


def test_the_centre_asks_and_the_box_answers_with_a_picture(outbox, centre, connect):
    still = exhibit(b"\xff\xd8\xff as asked")
    until = NOW + timedelta(minutes=1)
    question = LookAgain(id=uuid4(), camera="simpang", kind=IncidentKind.JAM, zone="utara", until=until)
    record(outbox, 1)

    def answer(payload):
        asked = LookAgain.from_bytes(payload)
        (kept,) = outbox.keep(asked.camera, [still])
        uplink.reply(
            LookReply(
                id=asked.id, camera=asked.camera, sight=Sight.GONE, time=NOW, reason="flows", evidence=(kept.signed,)
            )
        )

    uplink = connect(on_command=answer)
    eventually(lambda: outbox.acked_seq == 1)
    centre.ask(question)
    eventually(lambda: still.sha256 in centre.evidence and centre.notices[f"sigap/v1/{BOX}/reply"])
    (reply,) = centre.notices[f"sigap/v1/{BOX}/reply"]
    assert LookReply.from_bytes(reply).id == question.id
    assert centre.evidence[still.sha256] == still.content
    eventually(lambda: outbox.status(NOW).evidence_waiting == 0)


def test_a_box_that_is_cut_off_is_said_to_be_offline(outbox, centre, connect):
    uplink = connect()
    eventually(lambda: centre.notices[STATUS])
    connection = uplink._transport._connection
    connection._client.socket().shutdown(2)
    eventually(lambda: any(b"offline" in said for said in centre.notices[STATUS]))
    eventually(lambda: b"online" in centre.notices[STATUS][-1])


def test_an_ack_that_cannot_be_read_or_is_of_another_epoch_does_no_harm(outbox, centre, connect):
    centre.deaf = True
    uplink = connect()
    record(outbox, 1)
    eventually(lambda: uplink.health.connected)
    centre._clients[0].publish(f"sigap/v1/{BOX}/ack", b'{"epoch": 1}', 1)
    centre.say(Ack(epoch="0" * 16, seq=1))
    centre._clients[0].publish(f"sigap/v1/{BOX}/desired", b"{}", 1)
    time.sleep(0.5)
    assert outbox.acked_seq == 0
    centre.say(Ack(epoch=outbox.epoch, seq=1))
    eventually(lambda: outbox.acked_seq == 1)


def test_a_restored_disk_image_loses_nothing(outbox, centre, connect):
    """The centre knows later numbers than the outbox does: what waits arrives under a new epoch."""
    centre.events.update({(outbox.epoch, seq): b"{}" for seq in range(1, 6)})
    old = outbox.epoch
    connect()
    record(outbox, 77)
    eventually(lambda: outbox.epoch != old and outbox.acked_seq == 1)
    body = parse_event(centre.events[outbox.epoch, 1])
    assert isinstance(body, EpisodeEvent)
    assert body.data.measures.vehicles == 77


def test_the_broker_is_killed_under_load_again_and_again(broker, outbox, centre, connect):  # noqa: F811
    connect()
    count = 400
    done = threading.Event()

    def work() -> None:
        for number in range(1, count + 1):
            pieces = [exhibit(number.to_bytes(2, "big") * 20_000)] if number % 20 == 0 else []
            record(outbox, number, *pieces)
            time.sleep(0.01)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.wait(0.8):
        broker.kill()
        time.sleep(0.3)
        broker.start()
    thread.join()
    eventually(lambda: outbox.acked_seq == count, within_s=60, what="the last ack")
    eventually(lambda: outbox.status(NOW).evidence_waiting == 0, within_s=60, what="the last evidence")
    for seq in range(1, count + 1):
        body = parse_event(centre.events[outbox.epoch, seq])
        assert isinstance(body, EpisodeEvent)
        assert body.data.measures.vehicles == seq
    assert len(centre.evidence) == count // 20
    first = list(dict.fromkeys(centre.arrivals))
    assert set(first) == {(outbox.epoch, seq) for seq in range(1, count + 1)}


def test_a_broker_that_hangs_is_left_and_nothing_is_lost(broker, outbox, centre, connect):  # noqa: F811
    uplink = connect()
    eventually(lambda: uplink.health.connected)
    broker.pause()
    for number in range(10):
        record(outbox, number)
    began = time.monotonic()
    uplink.stop()
    assert time.monotonic() - began < 8
    broker.resume()
    connect()
    eventually(lambda: outbox.acked_seq == 10)
