"""A disk that somebody else fills up: opened and closed events still find room."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from contract.acks import Ack
from contract.events import EventType
from edge.outbox import Budget, Outbox
from edge.outbox.outbox import BALLAST_BYTES, BALLAST_FILE
from tests.edge.outbox.steps import BOX, NOW, exhibit, step


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, 24 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "sigap-test", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system needs root and mount rights")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(place: Path) -> Path:
    hog = place / "recordings.mp4"
    with hog.open("wb", buffering=0) as file:
        while free := shutil.disk_usage(place).free:
            file.write(b"\0" * min(free, 65536))
    return hog


def test_events_find_room_on_a_full_disk_and_evidence_makes_way(small_disk):
    outbox = Outbox.open(small_disk / "state", BOX, Budget(10**9))
    ballast = small_disk / "state" / BALLAST_FILE
    assert ballast.stat().st_size == BALLAST_BYTES
    outbox.record(step(), state="{}", now=NOW)
    hog = fill(small_disk)
    for _ in range(300):
        event = outbox.record(
            step(EventType.OPENED, episode=uuid4(), reason="x" * 400), state="{}" * 1000, evidence=[exhibit()], now=NOW
        )
        assert event.data.evidence == ()
    assert not ballast.exists()
    hog.unlink()
    outbox.close()
    again = Outbox.open(small_disk / "state", BOX, Budget(10**9))
    assert [event.seq for event in again.pending(0, 1000)] == list(range(1, 302))
    again.acknowledge(Ack(epoch=again.epoch, seq=301))
    assert ballast.exists()
    assert again.record(step(), state="{}", evidence=[exhibit()], now=NOW).data.evidence
    again.close()


def test_a_disk_too_small_for_ballast_is_used_without(small_disk):
    hog = fill(small_disk)
    os.truncate(hog, hog.stat().st_size - 2 * 1024 * 1024)
    outbox = Outbox.open(small_disk / "state", BOX, Budget(10**9))
    assert not (small_disk / "state" / BALLAST_FILE).exists()
    assert outbox.record(step(), state="{}", now=NOW).seq == 1
    outbox.close()
