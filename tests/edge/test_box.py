"""A box whose disk refuses for a moment loses no step of an episode."""

import sqlite3
from types import SimpleNamespace

import numpy as np
import pytest

from edge.box import Box
from edge.config.document import load
from edge.incidents.lifecycle import EpisodeStep, StepPhase
from edge.perception.observation import LookKind
from edge.picture import Picture

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
            SimpleNamespace(picture=picture, steps=[step(phase)], frames_decoded=1, observation=seen)
            for phase in (StepPhase.OPENED, StepPhase.CLOSED)
            for seen in [SimpleNamespace(kind=LookKind.STARE)]
        ]
    )
    camera = box._cameras["simpang"]
    monkeypatch.setattr(camera, "look", lambda: next(looks))
    written, disk_is_full = [], [True]

    def record(_id, _section, done, _picture, _now):
        if disk_is_full[0]:
            raise sqlite3.OperationalError("database or disk is full")
        written.append(done.phase)

    monkeypatch.setattr(box, "_recorder", SimpleNamespace(record=record))
    with pytest.raises(sqlite3.OperationalError):
        box._look(camera)
    disk_is_full[0] = False
    box._look(camera)
    assert written == [StepPhase.OPENED, StepPhase.CLOSED]
