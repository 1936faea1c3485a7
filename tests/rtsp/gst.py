"""Runs `gst_server.py` under Debian's Python."""

import json
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from scripts.rtsp_server.source import load_clip

_START_CODE = b"\x00\x00\x00\x01"
_DEBIAN_PYTHON = "/usr/bin/python3"
_SERVER = Path(__file__).with_name("gst_server.py")
_PROBE = (
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer; "
    "Gst.init(None); assert all(map(Gst.ElementFactory.find, ('appsrc', 'h264parse', 'rtph264pay')))"
)


@cache
def missing() -> str | None:
    """Why the server cannot run here, or None."""
    if not Path(_DEBIAN_PYTHON).exists():
        return "Debian's /usr/bin/python3 is missing"
    probe = subprocess.run([_DEBIAN_PYTHON, "-c", _PROBE], capture_output=True, text=True, check=False)
    if probe.returncode == 0:
        return None
    return "Debian's gst-rtsp-server is missing (run deploy/debian-packages.sh as root)"


@contextmanager
def serving(
    clip: Path, folder: Path, name: str = "camera", credentials: tuple[str, str] | None = None
) -> Iterator[str]:
    """Serve an H.264 clip in a live loop, with `folder` for a scratch file; yields its URL (with the login in it)."""
    units = folder / f"{clip.stem}.json"
    units.write_text(json.dumps(_access_units(clip)))
    command = [_DEBIAN_PYTHON, str(_SERVER), str(units), name, *(credentials or ())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            word, _, port = process.stdout.readline().partition(" ")
            assert word == "ready", "gst_server.py did not start; its error is above"
            login = f"{credentials[0]}:{credentials[1]}@" if credentials else ""
            yield f"rtsp://{login}127.0.0.1:{int(port)}/{name}"
        finally:
            process.kill()


def _access_units(clip: Path) -> dict[str, object]:
    live = load_clip(clip)
    parameter_sets = b"".join(_START_CODE + nal for nal in live.parameter_sets)
    first_delay_s = min(unit.show_s - unit.send_s for unit in live.units)
    units = []
    for unit in live.units:
        data = b"".join(_START_CODE + nal for nal in unit.nals)
        data = parameter_sets + data if unit.keyframe else data
        units.append((unit.show_s - unit.send_s - first_delay_s, b64encode(data).decode("ascii")))
    return {"fps": live.fps, "units": units}
