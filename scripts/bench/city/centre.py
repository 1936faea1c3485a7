"""The real server on the made-up city, as a process of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 60.0
PORT = 8477


@dataclass(frozen=True, slots=True)
class Centre:
    """A server that answers."""

    port: int
    pid: int

    def rss_mb(self) -> float:
        """Memory that is its own and in use, in MB (Linux)."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


@contextmanager
def serving(log: Path, port: int = PORT) -> Iterator[Centre]:
    """`sigap-central serve` with this process's environment, pages only."""
    command = [sys.executable, "-m", "central.cli", "serve", "--port", str(port), "--no-intake", "--no-relay"]
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=dict(os.environ), stdout=output, stderr=output)
    try:
        _wait(port, process, log)
        yield Centre(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the centre does not answer on port {port}; see {log}")
