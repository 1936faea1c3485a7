"""Files that cannot be trusted: set aside whole, with a reason; and those that must not be touched."""

import sqlite3
import subprocess
import sys

import pytest

from edge.outbox import Budget, Outbox, OutboxError
from tests.edge.outbox.steps import BOX, NOW, exhibit, step

ROOMY = Budget(limit_bytes=10**9)


def filled(state_dir) -> str:
    outbox = Outbox.open(state_dir, BOX, ROOMY)
    for _ in range(30):
        outbox.record(step(), state="{}", evidence=[exhibit()], now=NOW)
    epoch = outbox.epoch
    outbox.close()
    return epoch


def check_set_aside(state_dir, epoch: str) -> None:
    before = (state_dir / "outbox.sqlite3").read_bytes()
    outbox = Outbox.open(state_dir, BOX, ROOMY)
    assert outbox.epoch != epoch
    assert outbox.set_aside == state_dir / "outbox.sqlite3.set-aside-1"
    assert outbox.set_aside.read_bytes() == before
    assert (state_dir / "evidence.set-aside-1" / exhibit().sha256).read_bytes() == b"still"
    assert outbox.record(step(), state="{}", now=NOW).seq == 1
    outbox.close()
    again = Outbox.open(state_dir, BOX, ROOMY)
    assert again.set_aside is None
    again.close()


def test_no_sqlite_file(tmp_path):
    epoch = filled(tmp_path)
    (tmp_path / "outbox.sqlite3").write_bytes(b"this is not a database" * 100)
    check_set_aside(tmp_path, epoch)


def test_damaged_pages(tmp_path):
    epoch = filled(tmp_path)
    content = bytearray((tmp_path / "outbox.sqlite3").read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    (tmp_path / "outbox.sqlite3").write_bytes(content)
    check_set_aside(tmp_path, epoch)


def test_events_missing_in_the_middle(tmp_path):
    epoch = filled(tmp_path)
    with sqlite3.connect(tmp_path / "outbox.sqlite3") as connection:
        connection.execute("DELETE FROM event WHERE seq = 7")
    connection.close()
    check_set_aside(tmp_path, epoch)


def test_a_database_of_something_else(tmp_path):
    epoch = filled(tmp_path)
    (tmp_path / "outbox.sqlite3").unlink()
    with sqlite3.connect(tmp_path / "outbox.sqlite3") as connection:
        connection.execute("CREATE TABLE recordings (id)")
    connection.close()
    check_set_aside(tmp_path, epoch)


def test_the_outbox_of_another_box(tmp_path):
    other = Outbox.open(tmp_path, "pgk-02", ROOMY)
    other.record(step(), state=None, evidence=[], now=NOW)
    other.close()
    outbox = Outbox.open(tmp_path, BOX, ROOMY)
    assert outbox.set_aside is not None
    assert outbox.last_seq == 0
    outbox.close()


def test_an_empty_file_left_by_a_crash_is_begun(tmp_path):
    (tmp_path / "outbox.sqlite3").touch()
    outbox = Outbox.open(tmp_path, BOX, ROOMY)
    assert outbox.set_aside is None
    outbox.close()


def test_a_newer_format_is_refused_and_left_alone(tmp_path):
    filled(tmp_path)
    with sqlite3.connect(tmp_path / "outbox.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(OutboxError, match="has format 99"):
        Outbox.open(tmp_path, BOX, ROOMY)
    assert not list(tmp_path.glob("*.set-aside-*"))


def test_a_second_process_is_refused(tmp_path):
    outbox = Outbox.open(tmp_path, BOX, ROOMY)
    outbox.record(step(), state="{}", now=NOW)
    code = (
        "import sys; from pathlib import Path; from edge.outbox import *\n"
        "try: Outbox.open(Path(sys.argv[1]), 'pgk-01', Budget(10**9))\n"
        "except OutboxError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "in use by another process; stop the other sigap-edge" in done.stdout
    assert outbox.record(step(), state="{}", now=NOW).seq == 2
    outbox.close()


def test_a_place_that_cannot_be_written_is_explained(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxError, match="check free space"):
        Outbox.open(tmp_path / "file" / "state", BOX, ROOMY)
    (tmp_path / "outbox.sqlite3").mkdir()
    with pytest.raises(OutboxError, match="check free space"):
        Outbox.open(tmp_path, BOX, ROOMY)


def test_only_the_box_may_read_it(tmp_path):
    filled(tmp_path / "state")
    assert (tmp_path / "state" / "outbox.sqlite3").stat().st_mode & 0o077 == 0
