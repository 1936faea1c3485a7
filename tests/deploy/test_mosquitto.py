"""The broker's configuration as a city would install it, held against a real mosquitto."""

import shutil
import subprocess
import threading
import time
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from scripts.broker import free_port
from scripts.demo.processes import is_listening
from tests.certificates import Authority

DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "mosquitto"
MOSQUITTO = shutil.which("mosquitto") or shutil.which("/usr/sbin/mosquitto")
pytestmark = pytest.mark.skipif(MOSQUITTO is None, reason="Debian's mosquitto is not installed (make debian)")


class City:
    """A mosquitto with the deployed files; only paths and ports are put in."""

    def __init__(self, folder):
        self.authority = Authority(folder / "pki")
        certificate, key = self.authority.issue("broker")
        self.boxes, self.centre = free_port(), free_port()
        text = (DEPLOY / "sigap.conf").read_text()
        for old, new in {
            "/etc/mosquitto/certs/ca.crt": str(self.authority.ca),
            "/etc/mosquitto/certs/broker.crt": str(certificate),
            "/etc/mosquitto/certs/broker.key": str(key),
            "/etc/mosquitto/sigap.acl": str(DEPLOY / "sigap.acl"),
            "/var/lib/mosquitto/": f"{folder}/",
            "listener 8883": f"listener {self.boxes} 127.0.0.1",
            "listener 8884": f"listener {self.centre} 127.0.0.1",
        }.items():
            assert old in text
            text = text.replace(old, new)
        (folder / "mosquitto.conf").write_text(f"{text}\nuser root")
        self.process = subprocess.Popen(
            [MOSQUITTO, "-c", folder / "mosquitto.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while not (is_listening(self.boxes) and is_listening(self.centre)):
            assert self.process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def connect(self, name, port, client_id=None, certificate=True):
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id or name, protocol=mqtt.MQTTv311)
        pair = self.authority.issue(name) if certificate else (None, None)
        client.tls_set(str(self.authority.ca), *(str(file) if file else None for file in pair))
        client.got, client.up, client.down = [], threading.Event(), threading.Event()
        client.on_message = lambda client, _data, message: client.got.append((message.topic, message.payload))
        client.on_connect = lambda client, *_: client.up.set()
        client.on_disconnect = lambda client, *_: client.down.set()
        client.connect("127.0.0.1", port)
        client.loop_start()
        return client


@pytest.fixture
def city(tmp_path):
    city = City(tmp_path)
    yield city
    city.process.terminate()
    city.process.wait(10)


def publish(client, topic, payload=b"x"):
    client.publish(topic, payload, qos=1).wait_for_publish(5)


def forge(city, name, topic):
    """Says what the name may not say. The broker refuses; whether it hangs up as well is its own affair."""
    forger = city.connect(name, city.boxes)
    assert forger.up.wait(5)
    forger.publish(topic, b"forged", qos=1)
    time.sleep(0.3)
    forger.loop_stop()


def subscribe(client, topic):
    done = threading.Event()
    client.on_subscribe = lambda *_: done.set()
    client.subscribe(topic, 1)
    assert done.wait(5)


def test_a_box_reaches_the_centre_and_no_other_box(city):
    centre = city.connect("central", city.centre, "sigap-central-event")
    two = city.connect("pgk-02", city.boxes)
    assert all(client.up.wait(5) for client in (centre, two))
    subscribe(centre, "sigap/v1/+/event/+/+")
    subscribe(two, "sigap/v1/#")
    for topic in ("sigap/v1/pgk-02/event/0123456789abcdef/1", "sigap/v1/pgk-01/ack"):
        forge(city, "pgk-01", topic)
    one = city.connect("pgk-01", city.boxes)
    assert one.up.wait(5)
    subscribe(one, "sigap/v1/pgk-01/ack")
    publish(one, "sigap/v1/pgk-01/event/0123456789abcdef/1", b"own")
    publish(centre, "sigap/v1/pgk-01/ack", b"ack")
    deadline = time.monotonic() + 5
    while not (centre.got and one.got) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    assert centre.got == [("sigap/v1/pgk-01/event/0123456789abcdef/1", b"own")]
    assert one.got == [("sigap/v1/pgk-01/ack", b"ack")]
    assert two.got == []
    for client in (centre, one, two):
        client.disconnect()
        client.loop_stop()


def test_no_box_evicts_another_by_its_client_id(city):
    victim = city.connect("pgk-01", city.boxes)
    assert victim.up.wait(5)
    thief = city.connect("pgk-02", city.boxes, client_id="pgk-01")
    assert thief.up.wait(5)
    assert not victim.down.wait(1)
    for client in (victim, thief):
        client.disconnect()
        client.loop_stop()


def test_nobody_enters_without_a_certificate(city):
    stranger = city.connect("stranger", city.boxes, certificate=False)
    assert not stranger.up.wait(2)
    stranger.loop_stop()
