"""A real server, a town in a process of its own, and Debian's Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long enough test password"
PATIENCE_S = 180


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Says why the tests of this folder are skipped on a machine without a browser."""
    if CHROMIUM is not None:
        return
    reason = "no /usr/bin/chromium: as root, run deploy/debian-packages.sh"
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows with a failed test what the centre said."""
    report = yield
    centre = getattr(item, "funcargs", {}).get("centre")
    if report.failed and isinstance(centre, Served):
        report.sections.append(("the end of the centre's log", centre.log.read_text(errors="replace")[-4000:]))
    return report


@dataclass
class Served:
    """The running centre, and the town that feeds it."""

    url: str
    town: subprocess.Popen[str]
    log: Path

    def happen(self, what: str, **more: Any) -> str:
        """Lets something happen in the town; returns when it is committed."""
        assert self.town.stdin is not None
        assert self.town.stdout is not None
        self.town.stdin.write(json.dumps({"do": what} | more) + "\n")
        self.town.stdin.flush()
        line = self.town.stdout.readline()
        assert line.startswith("{"), f"the town has died: {line!r}"
        return str(json.loads(line)["answer"])


@pytest.fixture(scope="package")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`sigap-central serve` on SQLite in a folder of its own."""
    folder = tmp_path_factory.mktemp("centre")
    environment = os.environ | {
        "SIGAP_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "central.settings",
        "SIGAP_STAFF_PASSWORD": PASSWORD,
        "SIGAP_SECOND_FACTOR": "none",
    }
    environment.pop("SIGAP_DATABASE", None)
    command = [str(Path(sys.executable).parent / "sigap-central")]
    port = _free_port()
    with (folder / "serve.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port), "--no-intake"], env=environment, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", server, folder / "serve.log")
            for name, more in (("oki", ["operator"]), ("dewi", ["officer", "--agency", "dishub"]), ("adi", ["admin"])):
                subprocess.run(
                    [*command, "manage", "staff", name, "--role", *more], env=environment, cwd=ROOT, check=True
                )
            town = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.town"],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            try:
                assert town.stdout is not None
                assert town.stdout.readline() == "ready\n"
                served = Served(f"http://127.0.0.1:{port}", town, folder / "serve.log")
                served.happen("build")
                yield served
            finally:
                town.terminate()
                town.communicate()
        finally:
            server.terminate()
            server.wait(15)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """One Chromium for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[Any], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the server did not come up: {log.read_text()[-2000:]}")
            time.sleep(0.2)
