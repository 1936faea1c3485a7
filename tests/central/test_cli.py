"""`sigap-central` as processes: serve, intake, check, manage; killed where it hurts."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.broker import Broker, free_port
from tests.brokers import broker  # noqa: F401 — a fixture
from tests.central.conftest import POSTGRES
from tests.central.fakebox import FakeBox, episode
from tests.central.intake.boxclient import BoxClient, eventually
from tests.central.outbox.mailserver import Postbox, serving

pytestmark = pytest.mark.skipif(POSTGRES, reason="these processes make their own SQLite")

DIES_BEFORE_THE_ACK = """
import os, sys
from central import cli
cli._set_up()
from central.intake import worker
def _tell(self, acks):
    if acks:
        os._exit(9)
worker.IntakeWorker._tell = _tell
sys.argv = ["sigap-central", "intake"]
cli.app()
"""


class Centre:
    """One data folder and the processes that use it."""

    def __init__(self, data: Path, mqtt_url: str) -> None:
        self.data = data
        self.environment = os.environ | {"SIGAP_DATA": str(data), "SIGAP_MQTT_URL": mqtt_url}
        self._running: list[subprocess.Popen[bytes]] = []

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "central.cli", *arguments],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, *command], env=self.environment)
        self._running.append(process)
        return process

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(f"file:{self.data / 'sigap.sqlite3'}?mode=ro", uri=True) as connection:
            return connection.execute(query).fetchall()

    def stop_all(self) -> None:
        for process in self._running:
            process.kill()
            process.wait()


@pytest.fixture
def centre(tmp_path: Path, broker: Broker) -> Iterator[Centre]:  # noqa: F811
    running = Centre(tmp_path / "var", broker.url)
    yield running
    running.stop_all()


def prepare(centre: Centre, box: FakeBox) -> None:
    for command in (
        ["migrate", "-v0"],
        ["seed"],
        ["enrol", box.id, box.public_key],
        ["policy", "jam", "--active-for", "0"],
    ):
        done = centre.run("manage", *command)
        assert done.returncode == 0, done.stderr


def test_serve_takes_an_event_to_a_complaint_and_stops_in_order(centre: Centre, broker: Broker) -> None:  # noqa: F811
    box = FakeBox("pgk-01")
    port = free_port()
    server = centre.start("-m", "central.cli", "serve", "--port", str(port))

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                return bool(json.load(answer)["ok"])
        except OSError:
            return False

    assert eventually(answers, 40)
    prepare(centre, box)
    with BoxClient(box.id, broker.port) as client:
        client.send(box.status(), box.opened(episode()))
        assert eventually(lambda: client.acked == 1)
    assert eventually(lambda: centre.rows("select number from complaints_complaint") == [(_number(),)])
    assert (centre.data / "secret_key").stat().st_mode & 0o777 == 0o600
    server.send_signal(signal.SIGTERM)
    assert server.wait(15) == 0


def test_killed_between_commit_and_ack(centre: Centre, broker: Broker) -> None:  # noqa: F811
    box = FakeBox("pgk-01")
    prepare(centre, box)
    victim = centre.start("-c", DIES_BEFORE_THE_ACK)
    jam = box.opened(episode())
    with BoxClient(box.id, broker.port) as client:
        assert eventually(lambda: client.send(jam) or victim.poll() is not None, 40)
        assert victim.returncode == 9
        assert centre.rows("select seq from intake_inbox") == [(1,)]
        assert client.acked == 0
        centre.start("-m", "central.cli", "intake")
        client.send(jam)
        assert eventually(lambda: client.acked == 1, 40)
        assert eventually(lambda: len(centre.rows("select 1 from complaints_complaint")) == 1)
        client.send(jam, box.status())
        time.sleep(1.5)
    assert len(centre.rows("select 1 from complaints_complaint")) == 1
    assert len(centre.rows("select 1 from intake_inbox")) == 1


def test_check_names_every_fault_with_its_remedy(centre: Centre, broker: Broker) -> None:  # noqa: F811
    fresh = centre.run("check")
    assert fresh.returncode == 1
    assert "sigap-central manage migrate" in fresh.stdout
    centre.run("manage", "migrate", "-v0")
    assert "sigap-central manage seed" in centre.run("check").stdout
    centre.run("manage", "seed")
    good = centre.run("check")
    assert (good.returncode, good.stdout) == (0, "✓ all is well\n")
    broker.stop()
    assert "start it, or set SIGAP_MQTT_URL" in centre.run("check").stdout
    assert "can be read on the way" in centre.run("check", SIGAP_MQTT_URL="mqtt://broker.example").stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["serve", "--host", "0.0.0.0"], {}, "logins would travel in the clear"),
        (["intake"], {"SIGAP_MQTT_URL": "mqtt://broker.example"}, "can be read on the way"),
        (["check"], {"SIGAP_DATABASE": "mysql://x"}, "expected postgresql://"),
        (["relay"], {"SIGAP_SMTP_URL": "smtp://mail.example"}, "can be read on the way"),
    ],
)
def test_unsafe_settings_are_refused_in_one_line(
    centre: Centre, arguments: list[str], environment: dict[str, str], told: str
) -> None:
    refused = centre.run(*arguments, **environment)
    assert refused.returncode == 1
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr


def test_relay_delivers_what_another_process_wrote(centre: Centre) -> None:
    assert centre.run("manage", "migrate", "-v0").returncode == 0
    postbox = Postbox()
    with serving(postbox) as port:
        centre.environment |= {"SIGAP_SMTP_URL": f"smtp://127.0.0.1:{port}", "SIGAP_MAIL_FROM": "sigap@city.example"}
        assert "mail server" not in centre.run("check").stdout
        relay = centre.start("-m", "central.cli", "relay")
        with sqlite3.connect(centre.data / "sigap.sqlite3") as connection:
            connection.execute(
                "insert into outbox_outgoing (key, channel, address, content, created, state, next_attempt, attempts, "
                "error) values ('k', 'email', 'budi@dishub.example', ?, ?, 'waiting', ?, 0, '')",
                (json.dumps({"subject": "Aduan", "text": "Banjir"}), "2026-03-02 05:00:00", "2026-03-02 05:00:00"),
            )
        assert eventually(lambda: bool(postbox.letters), 40)
        assert eventually(lambda: centre.rows("select state, attempts from outbox_outgoing") == [("sent", 1)])
        relay.send_signal(signal.SIGTERM)
        assert relay.wait(15) == 0
    assert f"mail server smtp://127.0.0.1:{port}" in centre.run("check").stdout


def test_password_of_the_database_is_not_shown(centre: Centre) -> None:
    url = "postgresql://sigap:geheim@127.0.0.1:1/none?connect_timeout=2"
    found = centre.run("check", SIGAP_DATABASE=url)
    assert "check SIGAP_DATABASE" in found.stdout
    assert "geheim" not in found.stdout + found.stderr


def _number() -> str:
    return f"SGP-{time.strftime('%Y', time.gmtime(time.time() + 7 * 3600))}-000001"
