import signal
import subprocess
import sys

import pytest

from scripts.broker import Broker, BrokerError, free_port
from tests.brokers import broker  # noqa: F401 — a fixture


def test_a_taken_port_is_said_and_the_other_is_left_alone(broker, tmp_path):  # noqa: F811
    with pytest.raises(BrokerError, match=f"port {broker.port} is in use"):
        Broker(tmp_path, broker.port).start()
    broker.kill()
    broker.start()


def test_what_the_server_complains_about_is_passed_on(tmp_path):
    with pytest.raises(BrokerError, match=r"nats-server ended with 1; its last words: .*Parse error on line"):
        Broker(tmp_path, server_options="nonsense: [").start()


def test_as_a_command_it_serves_until_it_is_told_to_end(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "scripts.broker", "--port", str(port), "--store", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"mqtt://127.0.0.1:{port}\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    with Broker(tmp_path, port) as again:
        assert again.port == port
