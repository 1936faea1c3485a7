"""Box and centre killed with -9 at their worst moments: afterwards every complaint is there, once, and ends."""

import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.outbox.outbox import OUTBOX_FILE
from scripts.demo.city import City
from tests.end_to_end.ledger import Ledger
from tests.end_to_end.running import running_city, wait_for
from tests.end_to_end.sample import CAMERA, PLACE, jam_lasts_s, turned, write_box_file

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

ONSET_S = 5.0
"""So much later than the truth may the box see the onset."""

Running = tuple[City, Ledger]
DYING_BOX = Path(__file__).with_name("dying_box.py")
DYING_CENTRE = Path(__file__).with_name("dying_centre.py")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A city whose camera shows a jam after a few seconds, again in each round; its box is not started yet."""
    clip = turned(tmp_path / "jam.mp4")
    address = f"rtsp://viewer:${{DEMO_CAMERA_PASSWORD}}@127.0.0.1:${{DEMO_RTSP_PORT}}/{CAMERA}"
    box_file = write_box_file(tmp_path / "box.yaml", {CAMERA: address})
    with running_city(tmp_path, cameras={CAMERA: clip}, box_file=box_file) as found:
        yield found


def test_box_killed_while_the_broker_is_away(running: Running) -> None:
    city, ledger = running
    city.processes.kill("broker")
    city.start_box()
    wait_for("jam on the box", episode_steps(city, 1))
    city.processes.kill("box")
    assert unacknowledged(city) >= 1
    assert ledger.seqs() == []
    city.start_broker()
    city.start_box()
    first_complaint_ends_well(ledger)


def test_box_killed_before_its_first_send(running: Running) -> None:
    city, ledger = running
    start_dying_box(city, at_event=1)
    assert city.processes.wait("box", 90) == -signal.SIGKILL
    assert unacknowledged(city) == 1
    assert ledger.seqs() == []
    city.start_box()
    first_complaint_ends_well(ledger)


def test_box_killed_in_the_middle_of_a_batch(running: Running) -> None:
    city, ledger = running
    city.processes.kill("broker")
    start_dying_box(city, at_event=2)
    wait_for("two events on the box", episode_steps(city, 2), 120)
    city.start_broker()
    assert city.processes.wait("box", 90) == -signal.SIGKILL
    wait_for("first half of the batch", ledger.seqs)
    assert ledger.seqs() == [1]
    assert unacknowledged(city) >= 2
    city.start_box()
    first_complaint_ends_well(ledger)
    assert len(ledger.seqs()) >= 2


def test_centre_killed_between_commit_and_ack(running: Running) -> None:
    city, ledger = running
    city.processes.kill("centre")
    city.processes.start("centre", [sys.executable, str(DYING_CENTRE), "serve", "--port", str(city.port)])
    city.start_box()
    assert city.processes.wait("centre", 120) == -signal.SIGKILL
    assert ledger.seqs() == [1]
    city.start_centre()
    first_complaint_ends_well(ledger)


def first_complaint_ends_well(ledger: Ledger) -> None:
    """The jam's complaint is there, once, and ends when the jam clears; no event was lost, doubled or not understood.

    The clip goes on, so later rounds may bring jams of their own: each its own incident and complaint.
    """
    first = wait_for("complaint", ledger.complaints, 150)[0]
    assert (first.kind, first.place, first.agency) == ("jam", PLACE, "dishub")
    wait_for("end of the complaint", lambda: ledger.complaint(first.number).ended, 120)
    assert ledger.complaint(first.number).state == "gone"
    assert ledger.episodes(first.incident) == [("closed", "cleared")]
    assert ledger.lasted_s(first.incident) > jam_lasts_s() - ONSET_S, "it was closed while the jam lasted"
    incidents = [complaint.incident for complaint in ledger.complaints()]
    assert len(incidents) == len(set(incidents))
    assert sum(complaint.ended for complaint in ledger.complaints()) == 1
    wait_for("still of the opening", lambda: [still for still in ledger.stills(first.incident) if still.arrived])
    ledger.check_whole()


def start_dying_box(city: City, at_event: int) -> None:
    """A box that is killed instead of sending that event, counted from its start."""
    run = [sys.executable, str(DYING_BOX), str(at_event), "run", "--config", str(city.box_file)]
    city.processes.start("box", run)


def episode_steps(city: City, at_least: int) -> Callable[[], bool]:
    """Whether the box has recorded so many events: its outbox cannot be read while it runs."""

    def recorded() -> bool:
        return (city.logs / "box.log").read_text().count(" kind=jam ") >= at_least

    return recorded


def unacknowledged(city: City) -> int:
    """How many events wait in the outbox of a box that does not run."""
    with closing(sqlite3.connect(city.folder / "box" / OUTBOX_FILE)) as connection:
        (waiting,) = connection.execute("SELECT last_seq - acked_seq FROM life").fetchone()
    return int(waiting)
