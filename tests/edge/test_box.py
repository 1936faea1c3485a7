"""A box whose disk refuses for a moment loses no step of an episode; asked to look again, it answers."""

import sqlite3
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import cv2
import numpy as np
import pytest

from contract.commands import LookAgain, TakeStill
from contract.kinds import EvidenceRole, IncidentKind, Sight
from edge.box import Box
from edge.config.document import load
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, StepPhase, Subject
from edge.perception.observation import LookKind
from edge.picture import Picture
from edge.watch import Seen

BOX = """
box: {id: pgk-01, state_dir: STATE}
mqtt: {url: "mqtt://127.0.0.1:1"}
cameras:
  simpang:
    inputs: [{url: "rtsp://127.0.0.1:1/none"}]
    purpose: [traffic]
    zones: {utara: {kind: roadway, points: [[0,0],[1,0],[1,1]]}}
    incidents: {jam: {zones: [utara]}}
"""


@pytest.fixture
def box(tmp_path):
    file = tmp_path / "box.yaml"
    file.write_text(BOX.replace("STATE", str(tmp_path / "state")))
    box = Box(load(file))
    yield box
    box._outbox.close()


def step(phase):
    return EpisodeStep(
        phase, "6f1f64f2-6b6c-4a0e-9f0e-0d5f4c1f7a11", "jam", "simpang", "utara", 9.0, 1.0, 2, 0.9, "Slow"
    )


def test_a_step_that_could_not_be_written_is_written_at_the_next_look(box, monkeypatch):
    picture = Picture("simpang", 9.0, np.zeros((8, 8, 3), np.uint8))
    looks = iter(
        [
            SimpleNamespace(picture=picture, steps=[step(phase)], frames_decoded=1, film=(), observation=seen)
            for phase in (StepPhase.OPENED, StepPhase.CLOSED)
            for seen in [SimpleNamespace(kind=LookKind.STARE)]
        ]
    )
    camera = box._cameras["simpang"]
    monkeypatch.setattr(camera, "look", lambda **_how: next(looks))
    written, disk_is_full = [], [True]

    def record(_id, _section, done, _picture, _now, film):
        if disk_is_full[0]:
            raise sqlite3.OperationalError("database or disk is full")
        written.append(done.phase)

    monkeypatch.setattr(box, "_recorder", SimpleNamespace(record=record))
    with pytest.raises(sqlite3.OperationalError):
        box._look(camera)
    disk_is_full[0] = False
    box._look(camera)
    assert written == [StepPhase.OPENED, StepPhase.CLOSED]


def test_asked_to_look_again_it_looks_thoroughly_and_answers_with_a_masked_still(box, monkeypatch):
    picture = Picture("simpang", 9.0, np.zeros((360, 640, 3), np.uint8))
    seen = SimpleNamespace(kind=LookKind.STARE)
    closely = []

    def look(**how):
        closely.append(how["closely"])
        return SimpleNamespace(picture=picture, steps=[], frames_decoded=1, film=(), observation=seen)

    camera, replies = box._cameras["simpang"], []
    monkeypatch.setattr(camera, "look", look)
    monkeypatch.setattr(camera.watch, "sight", lambda kind, about: Seen(Sight.PRESENT, f"{kind.value} at {about}"))
    monkeypatch.setattr(box._uplink, "reply", replies.append)
    box._look(camera)
    until = datetime.now(UTC) + timedelta(minutes=1)
    question = LookAgain(id=uuid4(), camera="simpang", kind=IncidentKind.JAM, zone="utara", until=until)
    box._questions.hear(question.to_bytes())
    box._look(camera)
    box._look(camera)
    assert closely == [False, True, False]
    (reply,) = replies
    assert (reply.id, reply.sight, reply.reason) == (question.id, Sight.PRESENT, "jam at utara")
    (still,) = reply.evidence
    assert still.manifest.role is EvidenceRole.ASKED
    content = box._outbox.read_evidence(still.manifest.sha256)
    assert cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) is not None


def test_asked_for_a_still_it_shows_the_next_picture_masked(box, monkeypatch):
    picture = Picture("simpang", 9.0, np.zeros((360, 640, 3), np.uint8))
    seen, closely, replies = SimpleNamespace(kind=LookKind.GLANCE), [], []

    def look(**how):
        closely.append(how["closely"])
        return SimpleNamespace(picture=picture, steps=[], frames_decoded=1, film=(), observation=seen)

    camera = box._cameras["simpang"]
    monkeypatch.setattr(camera, "look", look)
    monkeypatch.setattr(box._uplink, "reply", replies.append)
    hastened = []
    monkeypatch.setattr(box._attention, "hasten", hastened.append)
    asked = TakeStill(id=uuid4(), camera="simpang", until=datetime.now(UTC) + timedelta(minutes=1))
    box._command(asked.to_bytes())
    assert hastened == ["simpang"]
    box._look(camera)
    assert closely == [False], "a glance is enough"
    (reply,) = replies
    assert (reply.action, reply.id, reply.time.timestamp()) == ("still", asked.id, 9.0)
    assert box._outbox.read_evidence(reply.evidence[0].manifest.sha256)
    box._command(TakeStill(id=uuid4(), camera="nowhere", until=asked.until).to_bytes())
    assert replies[1].evidence == ()
    assert replies[1].reason == "This box has no camera nowhere"


def test_a_silent_camera_is_reported_without_a_picture(box, monkeypatch):
    camera, recorded = box._cameras["simpang"], []
    monkeypatch.setattr(camera, "look", lambda **_how: None)
    monkeypatch.setattr(camera, "hear", lambda _now: [step(StepPhase.OPENED)])
    monkeypatch.setattr(
        box,
        "_recorder",
        SimpleNamespace(record=lambda _id, _section, done, picture, _now, film: recorded.append((picture, film))),
    )
    assert box._look(camera) is None
    assert recorded == [(None, ())]


def test_after_a_restart_faults_of_a_view_that_is_forgotten_close_as_lost(tmp_path):
    file = tmp_path / "box.yaml"
    text = BOX.replace("STATE", str(tmp_path / "state")).replace("[traffic]", "[traffic, maintenance]")
    file.write_text(text.replace("jam: {zones: [utara]}", "jam: {zones: [utara]}, camera_fault: {}"))

    def opened(fault):
        subject = Subject("simpang", "camera_fault", fault)
        state = EpisodeState(Stage.CONFIRMED, 1.0, 1.0, subject.episode(1.0), 2, (True,) * 5, 9.0, None, 9.0)
        return EpisodeStep(
            StepPhase.OPENED,
            subject.episode(1.0),
            "camera_fault",
            "simpang",
            fault,
            9.0,
            1.0,
            2,
            0.9,
            "So",
            state=state,
        )

    first = Box(load(file))
    for fault in ("moved", "offline"):
        first._recorder.record("simpang", first._cameras["simpang"].section, opened(fault), None, datetime.now(UTC))
    first._outbox.close()
    second = Box(load(file))
    second._close_forgotten(second._cameras["simpang"])
    assert set(second._recorder.resume("simpang")) == {("camera_fault", "offline")}
    states = second._cameras["simpang"].watch.states
    assert (states["camera_fault", "moved"].open, states["camera_fault", "offline"].open) == (False, True)
    second._outbox.close()
