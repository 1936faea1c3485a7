"""Another Sigap, in processes and a database of its own: the CRM that ours forwards to, the server of clients' tests.

Run as a process (`python -m tests.central.otherside`) it is that city's clerk: one JSON command a line, an answer a
line when it is committed.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90


@dataclass
class OtherSide:
    """Its address, and its clerk."""

    url: str
    clerk: "subprocess.Popen[str]"

    def do(self, what: str, **more: Any) -> Any:
        """Returns once it is committed there."""
        assert self.clerk.stdin is not None
        assert self.clerk.stdout is not None
        self.clerk.stdin.write(json.dumps({"do": what} | more) + "\n")
        self.clerk.stdin.flush()
        line = self.clerk.stdout.readline()
        assert line.startswith("{"), f"the clerk has died: {line!r}"
        return json.loads(line)["answer"]


@contextmanager
def running(folder: Path) -> Iterator[OtherSide]:
    """`sigap-central serve` on SQLite in this folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
    environment |= {
        "SIGAP_DATA": str(folder),
        "SIGAP_JURISDICTION": "crm.example",
        "DJANGO_SETTINGS_MODULE": "central.settings",
        "PYTHONPATH": str(ROOT),
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    serve = [sys.executable, "-m", "central.cli", "serve", "--port", str(port), "--no-intake", "--no-relay"]
    with (folder / "serve.log").open("w") as log:
        server = subprocess.Popen(serve, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait_for(f"{url}/healthz", server, folder / "serve.log")
            clerk = subprocess.Popen(
                [sys.executable, "-m", "tests.central.otherside"],
                env=environment,
                cwd=ROOT,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            with clerk:
                yield OtherSide(url, clerk)
                clerk.kill()
        finally:
            server.kill()
            server.wait()


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:  # not there yet, or too busy to answer
            time.sleep(0.1)


def key(label: str) -> str:
    """A new Open311 key."""
    from django.utils import timezone

    from central.open311 import keys

    return keys.make(label, timezone.now())


def confirm() -> str:
    """An operator finds the newest candidate real; its complaint opens. Returns the complaint's number."""
    from datetime import timedelta

    from django.utils import timezone

    from central.accounts.roles import Actor, Role
    from central.clockwork.tick import tick
    from central.complaints.models import Complaint
    from central.incidents import deciding
    from central.incidents.models import Incident

    incident = Incident.objects.filter(state=Incident.State.CANDIDATE).latest("pk")
    deciding.confirm(incident.pk, Actor(role=Role.OPERATOR, name="clerk"), timezone.now())
    tick(timezone.now() + timedelta(minutes=10))
    return str(Complaint.objects.get(incident=incident).number)


def work(number: str, action: str, note: str = "") -> str:
    """A step; returns the state after it."""
    from django.utils import timezone

    from central.accounts.roles import Actor, Role
    from central.complaints.models import Complaint
    from central.complaints.workflow import act

    admin = Actor(role=Role.ADMIN, name="clerk")
    return str(act(Complaint.objects.get(number=number).pk, action, admin, timezone.now(), note=note).state)


def main() -> None:
    """Obeys until its input ends."""
    import django

    django.setup()
    for line in sys.stdin:
        command = json.loads(line)
        do = {"key": key, "confirm": confirm, "work": work}[command.pop("do")]
        sys.stdout.write(json.dumps({"answer": do(**command)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
