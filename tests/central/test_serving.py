"""What may be served where, and the centre's own TLS on a real socket."""

import http.client
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from central.serving import Listening, RefusedToServe
from scripts.broker import free_port
from tests.central.conftest import POSTGRES
from tests.certificates import Authority

PATIENCE_S = 60


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_nothing(host: str) -> None:
    Listening(host, 8080).check()


def test_other_hosts_need_tls_or_a_proxy(tmp_path: Path) -> None:
    with pytest.raises(RefusedToServe, match="--tls-cert"):
        Listening("0.0.0.0", 8080).check()
    Listening("0.0.0.0", 8080, trusted_proxy="10.0.0.1").check()
    cert, key = tmp_path / "c.pem", tmp_path / "k.pem"
    with pytest.raises(RefusedToServe, match="no such file"):
        Listening("0.0.0.0", 8080, cert, key).check()
    cert.touch()
    key.touch()
    Listening("0.0.0.0", 8080, cert, key).check()
    with pytest.raises(RefusedToServe, match="go together"):
        Listening("0.0.0.0", 8080, cert).check()


@dataclass(frozen=True)
class Served:
    """A centre that other machines could reach, and whose certificate this authority signed."""

    port: int
    authority: Authority

    def get(self, path: str, context: ssl.SSLContext) -> http.client.HTTPResponse:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=context)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority(folder / "certificates")
    cert, key = authority.issue("pusat")
    port = free_port()
    words = ["serve", "--host", "0.0.0.0", "--port", str(port), "--tls-cert", str(cert), "--tls-key", str(key)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "central.cli", *words, "--no-intake", "--no-relay"],
            env=environment | {"SIGAP_DATA": str(folder / "var")},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(port, server, folder / "log")
            yield Served(port, authority)
        finally:
            server.terminate()
            server.wait(15)


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the server did not come up: {log.read_text()[-2000:]}")
            time.sleep(0.2)
        else:
            return


@pytest.mark.skipif(POSTGRES, reason="this process makes its own SQLite")
class TestOwnTls:
    def test_pages_come_by_tls_and_ask_to_stay_there(self, served: Served) -> None:
        trusting = ssl.create_default_context(cafile=served.authority.ca)
        answer = served.get("/login/", trusting)
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "Secure" in answer.headers["Set-Cookie"]  # the token against forged forms

    def test_who_does_not_trust_its_authority_sees_nothing(self, served: Served) -> None:
        with pytest.raises(ssl.SSLCertVerificationError):
            served.get("/healthz", ssl.create_default_context())

    def test_old_tls_is_refused(self, served: Served) -> None:
        old = ssl.create_default_context(cafile=served.authority.ca)
        old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        old.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            served.get("/healthz", old)

    def test_plain_http_gets_no_answer(self, served: Served) -> None:
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as plain:
            plain.sendall(b"GET /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            try:
                answer = plain.recv(4096)
            except ConnectionResetError:
                answer = b""
        assert b"HTTP/" not in answer
