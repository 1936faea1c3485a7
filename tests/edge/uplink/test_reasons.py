"""Why there is no connection: every reason is met for real, names the broker and the remedy, and tells no secret."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.uplink import UplinkSettings
from edge.uplink.paho import PahoTransport
from edge.uplink.transport import Message, Session
from scripts.broker import Broker, free_port
from tests.certificates import Authority
from tests.edge.uplink.test_transport import Notes
from tests.edge.uplink.waiting import eventually

# paho leaves the socket of a failed TLS handshake to the garbage collector, which closes it at once and warns.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
SESSION = Session("pgk-01", Message("status", b"gone"), ("sigap/v1/pgk-01/ack", "sigap/v1/pgk-01/desired"))


def notes_of(settings: UplinkSettings) -> Notes:
    """What happens within the first try."""
    transport, notes = PahoTransport(replace(settings, reconnect_min_s=5.0, keep_alive_s=2), SESSION), Notes()
    transport.start(notes)
    try:
        eventually(lambda: notes.reasons or notes.connections)
    finally:
        transport.stop()
    return notes


def reason_of(settings: UplinkSettings) -> str:
    notes = notes_of(settings)
    assert notes.connections == 0
    return notes.reasons[0]


def test_nobody_listens():
    port = free_port()
    assert reason_of(UplinkSettings.parse(f"mqtt://127.0.0.1:{port}")) == (
        f"broker 127.0.0.1:{port}: nobody listens there; is the broker running?"
    )


def test_a_name_that_is_not_known():
    reason = reason_of(UplinkSettings.parse("mqtts://user:s3cret@broker.invalid"))
    assert reason == "broker broker.invalid:8883: the name cannot be resolved; check mqtt.url and the name server"


@pytest.fixture
def strange_server() -> Iterator[socket.socket]:
    """Accepts, and closes at the first byte."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1)

        threading.Thread(target=serve, daemon=True).start()
        yield server
        server.shutdown(socket.SHUT_RDWR)


def test_a_server_that_is_no_broker(strange_server):
    reason = reason_of(UplinkSettings.parse(f"mqtt://127.0.0.1:{strange_server.getsockname()[1]}"))
    assert "closed the connection without an answer" in reason


def test_a_server_without_tls(strange_server):
    reason = reason_of(UplinkSettings.parse(f"mqtts://127.0.0.1:{strange_server.getsockname()[1]}"))
    assert "TLS failed" in reason or "Connection reset" in reason


def test_a_server_that_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as server:
        reason = reason_of(UplinkSettings.parse(f"mqtt://127.0.0.1:{server.getsockname()[1]}"))
    assert "without an answer" in reason


class TestLogin:
    @pytest.fixture
    def login_broker(self, tmp_path: Path) -> Iterator[Broker]:
        with Broker(
            tmp_path / "broker", mqtt_options='authorization { username: "box", password: "s3cret" }'
        ) as broker:
            yield broker

    def test_the_right_password(self, login_broker):
        assert notes_of(UplinkSettings.parse(f"mqtt://box:s3cret@127.0.0.1:{login_broker.port}")).connections == 1

    @pytest.mark.parametrize("login", ["", "box:wr0ng@", "other:s3cret@"])
    def test_the_wrong_one(self, login_broker, login):
        reason = reason_of(UplinkSettings.parse(f"mqtt://{login}127.0.0.1:{login_broker.port}"))
        assert "refuses this box: wrong user, password" in reason
        assert "wr0ng" not in reason
        assert "s3cret" not in reason


class TestTls:
    @pytest.fixture
    def authority(self, tmp_path: Path) -> Authority:
        return Authority(tmp_path / "pki")

    @pytest.fixture
    def tls_broker(self, tmp_path: Path, authority: Authority) -> Iterator[Broker]:
        cert, key = authority.issue("server")
        users = (
            'authorization { users: [{user: "CN=pgk-01"}, {user: "CN=pgk-09", permissions: '
            '{publish: ">", subscribe: ["$MQTT.>", "sigap.v1.pgk-01.desired", "sigap.v1.pgk-01.desired.>"]}}] }'
        )
        files = f'cert_file: "{cert}", key_file: "{key}", ca_file: "{authority.ca}"'
        options = f"tls {{ {files}, verify_and_map: true, timeout: 5 }}"
        with Broker(tmp_path / "broker", mqtt_options=options, server_options=users) as broker:
            yield broker

    def settings(self, broker: Broker, authority: Authority, name: str | None) -> UplinkSettings:
        cert, key = authority.issue(name) if name else (None, None)
        return UplinkSettings.parse(f"mqtts://127.0.0.1:{broker.port}", authority.ca, cert, key)

    def test_the_right_certificate(self, tls_broker, authority):
        assert notes_of(self.settings(tls_broker, authority, "pgk-01")).connections == 1

    def test_a_broker_whose_certificate_is_not_trusted(self, tls_broker, authority, tmp_path):
        other = Authority(tmp_path / "other", "other")
        settings = replace(self.settings(tls_broker, authority, "pgk-01"), ca=other.ca)
        assert "its certificate cannot be trusted" in reason_of(settings)

    def test_a_broker_of_another_name(self, tls_broker, authority):
        settings = replace(self.settings(tls_broker, authority, "pgk-01"), host="localhost")
        assert "its certificate cannot be trusted (Hostname mismatch" in reason_of(settings)

    def test_no_certificate(self, tls_broker, authority):
        reason = reason_of(self.settings(tls_broker, authority, None))
        assert "mqtt.cert" in reason

    def test_a_certificate_nobody_enrolled(self, tls_broker, authority):
        reason = reason_of(self.settings(tls_broker, authority, "pgk-02"))
        assert "refuses this box" in reason or "mqtt.cert" in reason

    def test_a_box_that_may_not_hear_the_centre(self, tls_broker, authority):
        reason = reason_of(self.settings(tls_broker, authority, "pgk-09"))
        assert "does not let this box read sigap/v1/pgk-01/ack; allow it" in reason

    def test_a_certificate_file_that_vanishes(self, tls_broker, authority):
        settings = self.settings(tls_broker, authority, "pgk-01")
        assert settings.cert is not None
        settings.cert.unlink()
        assert "cannot be read" in reason_of(settings)
