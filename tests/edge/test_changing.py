"""A running box takes over what the centre decides: of the cameras that changed, and of no other."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contract.desired import Desired, Fault
from contract.settings.camera import CameraSettings
from edge.box import Box
from edge.config.document import load
from edge.desired_store import BEFORE, NEWEST
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, StepPhase, Subject
from edge.uplink import InForce

BOX = """
box: {id: pgk-01, state_dir: STATE}
mqtt: {url: "mqtt://127.0.0.1:1"}
cameras:
  simpang: &simpang
    inputs: [{url: "rtsp://127.0.0.1:1/none"}]
    purpose: [traffic]
    zones:
      utara: {kind: roadway, points: [[0,0],[1,0],[1,0.5]]}
      selatan: {kind: roadway, points: [[0,0.5],[1,0.5],[1,1]]}
    incidents: {jam: {zones: [utara, selatan]}}
  alun: *simpang
"""
UTARA = [[0, 0], [1, 0], [1, 0.5]]
SELATAN = [[0, 0.5], [1, 0.5], [1, 1]]
FAR_AWAY = [[0, 0.9], [1, 0.9], [1, 1]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "box.yaml"
    path.write_text(BOX.replace("STATE", str(tmp_path / "state")))
    return path


@pytest.fixture
def started(file: Path) -> Iterator[Any]:
    boxes: list[Box] = []

    def start() -> Box:
        for box in boxes:
            box._outbox.close()
        boxes.append(Box(load(file)))
        return boxes[-1]

    yield start
    boxes[-1]._outbox.close()


def settings(utara: object = UTARA, selatan: object = SELATAN, **jam: object) -> CameraSettings:
    zones = {name: {"kind": "roadway", "points": points} for name, points in (("utara", utara), ("selatan", selatan))}
    return CameraSettings.model_validate({"zones": zones, "incidents": {"jam": {"zones": ["utara", "selatan"]} | jam}})


def payload(version: int, **cameras: CameraSettings) -> bytes:
    return Desired(version=version, made=datetime(2026, 1, 1, tzinfo=UTC), cameras=cameras).to_bytes()


def hear(box: Box, body: bytes) -> InForce:
    """As when it comes by MQTT, with the next pause between two looks; what the heartbeat says then."""
    box._changes.consider(body)
    box._attention._run_errands()
    return box._in_force()


def begin_jam(box: Box, zone: str) -> None:
    subject = Subject("simpang", "jam", zone)
    state = EpisodeState(Stage.CONFIRMED, 1.0, 1.0, subject.episode(1.0), 2, (True,) * 5, 9.0, None, 9.0)
    camera = box._cameras["simpang"]
    camera.watch._states["jam", zone] = state
    step = EpisodeStep(
        StepPhase.OPENED, subject.episode(1.0), "jam", "simpang", zone, 9.0, 1.0, 2, 0.9, "Slow", state=state
    )
    box._recorder.record("simpang", camera.section, step, None, datetime.now(UTC))


def test_only_the_camera_that_changed_is_watched_anew_and_no_stream_restarts(started: Any) -> None:
    box = started()
    watches = {name: camera.watch for name, camera in box._cameras.items()}
    sessions = {name: camera.session for name, camera in box._cameras.items()}
    recorded = box._recorder.config
    force = hear(box, payload(1, simpang=settings(speed_below_kmh=7)))
    assert (force.desired, force.refused) == (1, None)
    assert box._cameras["simpang"].watch is not watches["simpang"]
    assert box._cameras["simpang"].section.incidents.jam.speed_below_kmh == 7
    assert box._cameras["alun"].watch is watches["alun"]
    assert {name: camera.session for name, camera in box._cameras.items()} == sessions
    assert box._recorder.config == force.version != recorded


def test_what_the_eyes_learned_goes_on_unless_they_look_at_something_else(started: Any) -> None:
    box = started()
    camera = box._cameras["simpang"]
    eyes = camera.watch.eyes
    hear(box, payload(1, simpang=settings(speed_below_kmh=7, min_duration="90s")))
    assert camera.watch.eyes is eyes
    hear(box, payload(2, simpang=settings(selatan=FAR_AWAY, speed_below_kmh=7)))
    assert camera.watch.eyes is not eyes
    eyes = camera.watch.eyes
    hear(box, payload(3, simpang=settings(selatan=FAR_AWAY, zones=["utara"])))
    assert camera.watch.eyes is not eyes, "a zone that nobody watches is not looked at"


def test_an_unchanged_zone_keeps_its_episode_and_one_drawn_anew_ends_as_lost(started: Any) -> None:
    box = started()
    begin_jam(box, "utara")
    begin_jam(box, "selatan")
    hear(box, payload(1, simpang=settings(selatan=FAR_AWAY, speed_below_kmh=7)))
    camera = box._cameras["simpang"]
    assert {key: state.open for key, state in camera.watch.states.items()} == {
        ("jam", "utara"): True,
        ("jam", "selatan"): False,
    }
    (waiting,) = box._unrecorded["simpang"]
    assert (waiting[0].about, waiting[0].lost) == ("selatan", True)
    box._record_waiting(camera)
    assert set(box._recorder.resume("simpang")) == {("jam", "utara")}


def test_a_version_that_does_not_hold_changes_nothing_and_is_told(started: Any) -> None:
    box = started()
    hear(box, payload(1, simpang=settings(speed_below_kmh=7)))
    watch = box._cameras["simpang"].watch
    crossed = [[0, 0], [1, 1], [1, 0], [0, 1]]
    force = hear(box, payload(2, simpang=settings(utara=crossed), alun=settings(speed_below_kmh=5)))
    assert force.desired == 1
    assert force.refused is not None
    assert force.refused.version == 2
    assert [fault.place for fault in force.refused.faults] == ["cameras.simpang.zones.utara.points"]
    assert box._cameras["simpang"].watch is watch
    assert hear(box, payload(3, simpang=settings())).refused is None


def test_it_survives_a_restart_and_an_older_version_is_an_undo(started: Any) -> None:
    box = started()
    first = payload(1, simpang=settings(speed_below_kmh=7))
    hear(box, first)
    hear(box, payload(2, simpang=settings(speed_below_kmh=5)))
    box = started()
    assert box._in_force().desired == 2
    assert box._cameras["simpang"].section.incidents.jam.speed_below_kmh == 5
    assert hear(box, first).desired == 1
    assert box._cameras["simpang"].section.incidents.jam.speed_below_kmh == 7


def test_a_version_sent_again_is_only_told_again(started: Any) -> None:
    box = started()
    hear(box, payload(1, simpang=settings(speed_below_kmh=7)))
    watch = box._cameras["simpang"].watch
    assert hear(box, payload(1, simpang=settings(speed_below_kmh=7))).desired == 1
    assert box._cameras["simpang"].watch is watch


def test_after_a_restart_that_refuses_the_newest_it_begins_with_the_one_before(started: Any, file: Path) -> None:
    box = started()
    hear(box, payload(1, simpang=settings(speed_below_kmh=7)))
    hear(box, payload(2, alun=settings(speed_below_kmh=5)))
    state = Path(load(file).document.box.state_dir)
    assert {NEWEST, BEFORE} <= {path.name for path in state.iterdir()}
    (state / NEWEST).write_bytes(b'{"version": 2, "half": ')
    box = started()
    force = box._in_force()
    assert force.desired == 1
    assert force.refused is not None
    assert box._cameras["simpang"].section.incidents.jam.speed_below_kmh == 7
    (state / BEFORE).write_bytes(b"")
    assert started()._in_force().desired is None


def test_what_cannot_be_taken_over_leaves_everything_as_it_was(started: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    box = started()
    watches = {name: camera.watch for name, camera in box._cameras.items()}
    monkeypatch.setattr("edge.box.watch_for", lambda *_all, **_more: 1 / 0)
    force = hear(box, payload(1, simpang=settings(speed_below_kmh=7)))
    assert force.desired is None
    assert force.refused is not None
    assert force.refused.faults == (Fault(place="", text="ZeroDivisionError('division by zero')"),)
    assert {name: camera.watch for name, camera in box._cameras.items()} == watches


def test_a_version_that_comes_by_the_uplink_is_taken_over_while_the_box_looks(started: Any) -> None:
    import threading
    import time

    box = started()
    running = threading.Thread(target=box._attention.run)
    running.start()
    box._changes.start()
    box._changes.hear(payload(1, simpang=settings(speed_below_kmh=7)))
    until = time.monotonic() + 10
    while box._in_force().desired != 1 and time.monotonic() < until:
        time.sleep(0.02)
    box._changes.stop()
    box._attention.stop()
    running.join(5)
    assert box._in_force().desired == 1
