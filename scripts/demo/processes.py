"""Real processes: each with its log, started in order and stopped in reverse."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

STOP_PATIENCE_S = 8.0


class DemoError(RuntimeError):
    """The demo cannot go on; says what failed and where to read more."""


def is_listening(port: int) -> bool:
    """Whether somebody answers on the loopback."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(slots=True)
class Processes:
    """The demo's processes. As a context manager it stops them all, whatever happened inside."""

    logs: Path
    environment: Mapping[str, str]
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: Sequence[str]) -> None:
        """Starts a process whose output goes to NAME.log, below that of earlier ones of the name."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, name: str, command: Sequence[str], secret: str = "") -> str:
        """Runs a command to its end and returns what it printed. `secret` goes to its standard input.

        Raises:
            DemoError: it failed; the text carries its last lines.
        """
        done = subprocess.run(
            command, env=dict(self.environment), input=secret, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DemoError(f"{name} failed: {(done.stderr or done.stdout).strip()[-800:]}")
        return done.stdout

    def kill(self, name: str) -> None:
        """SIGKILL, as a power cut would."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait(self, name: str, timeout_s: float) -> int:
        """Waits for a process that ends by itself and returns its status (-9: killed).

        Raises:
            DemoError: it still runs after the time.
        """
        try:
            status = self._running[name].wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise DemoError(f"{name} still runs after {timeout_s:.0f} s; see {self.logs / name}.log") from None
        del self._running[name]
        return status

    def check_alive(self) -> None:
        """Raises DemoError when a process has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                tail = (self.logs / f"{name}.log").read_text(errors="replace").strip()[-800:]
                raise DemoError(f"{name} ended with status {process.returncode}; {self.logs / name}.log says:\n{tail}")

    def stop(self) -> None:
        """Stops all in reverse order; kills what does not stop in time."""
        for process in reversed(self._running.values()):
            if process.poll() is None:
                process.terminate()
        for name, process in reversed(self._running.items()):
            try:
                process.wait(STOP_PATIENCE_S)
            except subprocess.TimeoutExpired:
                sys.stderr.write(f"{name} did not stop in {STOP_PATIENCE_S:.0f} s and was killed\n")
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
