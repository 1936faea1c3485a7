"""A server that stops does not wait for open pages."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


def test_open_streams_do_not_delay_the_end(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"SIGAP_DATA": str(tmp_path)}
    environment.pop("SIGAP_DATABASE", None)
    command = [str(Path(sys.executable).parent / "sigap-central"), "serve", "--port", str(port), "--no-intake"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while "Uvicorn running" not in (tmp_path / "log").read_text():
            assert server.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/live/", timeout=20) as stream:
            said = b""
            while b"event: ready" not in said:
                said += stream.readline()
            server.send_signal(signal.SIGTERM)
            began = time.monotonic()
            stream.read()  # until its end
            assert time.monotonic() - began < 2.5, "uvicorn would have cut it off after three seconds"
        server.wait(20)
        assert not re.search("Traceback|Cancel", (tmp_path / "log").read_text())
    finally:
        server.kill()
        server.wait()
