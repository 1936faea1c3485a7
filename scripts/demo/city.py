"""The demo's city: what is started, in which order, and what it can be asked."""

import fcntl
import json
import os
import secrets
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from contract.kinds import IncidentKind
from scripts.broker import free_port
from scripts.demo.processes import DemoError, Processes, is_listening

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "demo"
BOX_FILE = ROOT / "scripts" / "demo" / "box.yaml"
CLIPS = {
    camera: ROOT / "sample_videos" / f"{scene}.mp4"
    for camera, scene in {
        "simpang_balai": "jam_builds_up",
        "kampung_melayu": "flood_rises",
        "pasar_senen": "vendor_arrives",
        "kuningan": "red_light",
        "gatot_subroto": "night_rain",
        "matraman": "truck_parks",
        "cempaka_putih": "camera_covered",
    }.items()
}
"""The demo's cameras and the clips they show; box.yaml says what is looked for where."""
BOX, SITE = "demo-01", "Demo"
CAMERA_LOGIN = "viewer"
LOCK = "demo.lock"
PATIENCE_S = 60.0
ACTIVE_FOR_S, HOLD_S = 2, 10
"""As short as everything in the demo: a complaint opens 2 s after the incident and the incident is over 10 s after its
camera says so (a city: a minute, and ten)."""


class City:
    """Broker, cameras, centre and box. A new run begins with nothing: its folder is emptied.

    Args:
        port: of the page.
        folder: for data and logs; must be new, or of an earlier demo.
        cameras: names of our own server's streams and their clips; empty where another server plays the cameras.
        rtsp_port: of the server that plays the cameras.
        box_file: configuration of the box; may use ${DEMO_STATE}, ${DEMO_MQTT_PORT}, ${DEMO_RTSP_PORT} and
            ${DEMO_CAMERA_PASSWORD}.
    """

    def __init__(
        self,
        *,
        port: int,
        folder: Path = FOLDER,
        cameras: Mapping[str, Path] = CLIPS,
        rtsp_port: int | None = None,
        camera_password: str | None = None,
        box_file: Path = BOX_FILE,
    ) -> None:
        self.port = port
        self.page = f"http://127.0.0.1:{port}/"
        self.folder = folder
        self.logs = folder / "logs"
        self.logins = {name: secrets.token_urlsafe(9) for name in ("operator", "dishub", "admin")}
        self.mqtt_port = free_port()
        self.rtsp_port = rtsp_port or free_port()
        self._cameras = dict(cameras)
        self._camera_password = camera_password or secrets.token_urlsafe(9)
        self.box_file = box_file
        # A SIGAP_DATABASE in the caller's shell must not make this the centre of a real city.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")} | {
            "SIGAP_DATA": str(folder / "centre"),
            "SIGAP_SECOND_FACTOR": "none",  # its logins are printed, and good for this one run
            "SIGAP_MQTT_URL": f"mqtt://127.0.0.1:{self.mqtt_port}",
            "DEMO_STATE": str(folder / "box"),
            "DEMO_MQTT_PORT": str(self.mqtt_port),
            "DEMO_RTSP_PORT": str(self.rtsp_port),
            "DEMO_CAMERA_PASSWORD": self._camera_password,
            "PYTHONUNBUFFERED": "1",
        }
        self.processes = Processes(self.logs, environment)
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.processes.stop()
        if self._lock is not None:
            self._lock.close()

    def build(self, tell: Callable[[str], None]) -> None:
        """Starts everything, telling each step.

        Raises:
            DemoError: the page's port is taken, a file is missing, or a process did not come up.
        """
        self.prepare()
        self.start_broker()
        tell(f"broker on 127.0.0.1:{self.mqtt_port}")
        self.start_cameras()
        tell(f"{len(self._cameras)} cameras on rtsp://127.0.0.1:{self.rtsp_port}/ with login")
        self.found_centre()
        self.start_centre()
        tell("centre: database made, agencies and rules seeded, staff logins made")
        self.enrol_box()
        self.start_box()
        tell(f"box {BOX} enrolled and watching")

    def complaints(self) -> list[dict[str, Any]]:
        """What the centre's public list says: number, kind, place, agency, state, open.

        Raises:
            DemoError: the centre does not answer.
        """
        try:
            with urllib.request.urlopen(f"{self.page}api/v1/complaints?state=all", timeout=5) as reply:  # noqa: S310
                found: list[dict[str, Any]] = json.load(reply)["items"]
                return found
        except (urllib.error.URLError, TimeoutError, json.JSONDecodeError) as error:
            raise DemoError(f"the centre does not answer: {error}; see {self.logs / 'centre.log'}") from error

    def prepare(self) -> None:
        """Checks what must be there and empties the folder."""
        for file in self._cameras.values():
            if not file.is_file():
                raise DemoError(f"{file} is missing; is the checkout complete? `make samples` renders it again")
        if is_listening(self.port):
            raise DemoError(f"port {self.port} is taken; stop what listens there or use ARGS='--port 8081'")
        self._empty_folder()
        self.logs.mkdir()

    def _empty_folder(self) -> None:
        """Locked first: a second demo must not take the data from under one that runs."""
        lock = self.folder / LOCK
        if self.folder != FOLDER and self.folder.is_dir() and any(self.folder.iterdir()) and not lock.exists():
            raise DemoError(f"{self.folder} is not empty and not a demo's; nothing was deleted. Give a new --folder")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = lock.open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(f"another demo runs in {self.folder}; stop it, or give another --folder") from None
        for entry in self.folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry != lock:
                entry.unlink()

    def start_broker(self) -> None:
        """The embedded broker; its store survives a restart."""
        self._module("broker", "scripts.broker", "--port", str(self.mqtt_port), "--store", str(self.folder / "broker"))
        self._wait_for_port("broker", self.mqtt_port)

    def start_cameras(self) -> None:
        """Our RTSP server with the clips, played in a loop."""
        if not self._cameras:
            return
        served = [f"{name}={file}" for name, file in self._cameras.items()]
        login = f"{CAMERA_LOGIN}:{self._camera_password}"
        self._module("cameras", "scripts.rtsp_server", "--port", str(self.rtsp_port), "--auth", login, *served)
        self._wait_for_port("cameras", self.rtsp_port)

    def found_centre(self) -> None:
        """Database, seed, short hold, staff."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("seed")
        self.manage("policy", *IncidentKind, "--active-for", str(ACTIVE_FOR_S), "--hold", str(HOLD_S))
        self.manage("staff", "operator", "--role", "operator", secret=self.logins["operator"])
        self.manage("staff", "dishub", "--role", "officer", "--agency", "dishub", secret=self.logins["dishub"])
        self.manage("staff", "admin", "--role", "admin", secret=self.logins["admin"])

    def start_centre(self) -> None:
        """Web, intake and clock in one process."""
        self.processes.start("centre", [command("sigap-central"), "serve", "--port", str(self.port)])
        self._wait_for_port("centre", self.port)

    def enrol_box(self) -> None:
        """Makes the box's key and tells the centre its public half."""
        words = [command("sigap-edge"), "key", "--config", str(self.box_file)]
        key = self.processes.run("sigap-edge key", words)
        self.manage("enrol", BOX, key.strip(), "--site", SITE)

    def start_box(self) -> None:
        """The box itself."""
        self.processes.start("box", [command("sigap-edge"), "run", "--config", str(self.box_file)])

    def manage(self, *words: str, secret: str = "") -> str:
        """A management command of the centre."""
        whole = [command("sigap-central"), "manage", *words]
        return self.processes.run(f"sigap-central manage {words[0]}", whole, secret)

    def _module(self, name: str, module: str, *words: str) -> None:
        self.processes.start(name, [sys.executable, "-m", module, *words])

    def _wait_for_port(self, name: str, port: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_listening(port):
            self.processes.check_alive()
            if time.monotonic() > deadline:
                raise DemoError(f"{name} did not come up in {PATIENCE_S:.0f} s; see {self.logs / name}.log")
            time.sleep(0.1)


def command(name: str) -> str:
    """A console command of the environment that runs this."""
    return str(Path(sys.executable).parent / name)
