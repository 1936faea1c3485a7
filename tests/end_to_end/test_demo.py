"""`make demo`, as somebody runs it who sees it for the first time."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contract.kinds import IncidentKind
from scripts.broker import free_port
from scripts.demo.city import City
from scripts.demo.processes import DemoError, is_listening

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def demo(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The command, its logs told when the test fails."""
    command = [sys.executable, "-m", "scripts.demo", "--folder", str(folder), *words]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    except BaseException:
        for log in sorted((folder / "logs").glob("*.log")):
            print(f"\n--- the end of {log.name} ---\n{log.read_text(errors='replace')[-4000:]}")
        raise
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=60)


def children_of(folder: Path) -> list[str]:
    """Command lines of processes that were started for the demo in that folder."""
    marker = f"DEMO_STATE={folder / 'box'}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if marker in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # ended meanwhile, or somebody else's
            continue
    return found


def test_until_three_complaints(tmp_path: Path) -> None:
    folder, port = tmp_path / "demo", free_port()
    with demo(folder, "--until-complaints", "3", "--json", "--port", str(port)) as process:
        out, err = process.communicate(timeout=280)
        assert process.returncode == 0, err
        told = json.loads(out.splitlines()[-1])
        assert told.keys() == {"complaints", "kinds", "seconds"}
        assert told["complaints"] >= 3
        assert len(told["kinds"]) >= 3, err
    assert set(told["kinds"]) <= set(IncidentKind)
    assert 0 < told["seconds"] < 280
    assert f"http://127.0.0.1:{port}/" in err
    assert "SGP-20" in err
    assert children_of(folder) == []


def test_ctrl_c_stops_everything(tmp_path: Path) -> None:
    folder, port = tmp_path / "demo", free_port()
    with demo(folder, "--port", str(port)) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        assert any("watching" in line for line in lines), "the demo ended before it was up"
        assert len(children_of(folder)) >= 4
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert children_of(folder) == []
    assert not is_listening(port)


def test_a_taken_port_is_said_before_anything_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with demo(folder, "--port", str(port)) as process:
            out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"port {port} is taken; stop what listens there or use ARGS='--port" in err
    assert "Traceback" not in err
    assert out == ""
    assert not folder.exists()


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    with demo(tmp_path, "--port", str(free_port())) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "is not empty and not a demo's; nothing was deleted" in err
    assert precious.read_text() == "years of work"


def test_a_second_demo_does_not_take_the_folder_from_under_the_first(tmp_path: Path) -> None:
    first = City(port=free_port(), folder=tmp_path / "demo", cameras={})
    second = City(port=free_port(), folder=tmp_path / "demo", cameras={})
    with first, second:
        first.prepare()
        kept = first.logs / "box.log"
        kept.write_text("still watching")
        with pytest.raises(DemoError, match="another demo runs in"):
            second.prepare()
        assert kept.read_text() == "still watching"
    with second:
        second.prepare()
    assert not kept.exists()
