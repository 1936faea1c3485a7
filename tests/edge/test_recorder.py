"""A step becomes state, event and a masked, signed still: together, and nothing else."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from contract.events import EpisodeEvent, EventType
from contract.kinds import Closing, EvidenceRole, Phase
from edge.config.document import load
from edge.identity import BoxKey
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, StepPhase, Subject
from edge.outbox import Budget, Outbox
from edge.picture import Picture
from edge.recorder import Recorder
from models.detections import Detections
from models.detector import STREET_CLASSES, ScriptedDetector

NOW = datetime(2026, 1, 1, 7, 2, tzinfo=UTC)
SUBJECT = Subject("simpang", "jam", "utara")
BEGAN = NOW.timestamp() - 120
CAMERA = """
cameras:
  simpang:
    location: {lat: -2.13, lon: 106.11}
    purpose: [traffic]
    zones: {utara: {kind: roadway, place: "jl-sudirman:utara", points: [[0,0],[1,0],[1,1]]}}
    incidents: {jam: {zones: [utara]}}
    privacy_masks: [[[0,0],[0.2,0],[0.2,0.2],[0,0.2]]]
"""


def person_in_the_middle(image):
    box = np.array([[40, 40, 60, 100]], np.float32) * image.shape[1] / 160
    return Detections(box, np.array([0.2], np.float32), np.array([0]), STREET_CLASSES)


@pytest.fixture
def camera(tmp_path):
    file = tmp_path / "camera.yaml"
    file.write_text(CAMERA)
    return load(file, "analyze").document.cameras["simpang"]


@pytest.fixture
def recorder(tmp_path):
    outbox = Outbox.open(tmp_path / "state", "pgk-01", Budget(10**9))
    key = BoxKey.load_or_create(tmp_path / "state")
    yield Recorder(outbox, "pgk-01", key, ScriptedDetector(person_in_the_middle), {"eyes": "a" * 64}, "file:1")
    outbox.close()


def step(phase, *, lost=False):
    is_open = phase is not StepPhase.CLOSED
    episode = SUBJECT.episode(BEGAN)
    state = EpisodeState(Stage.CONFIRMED, BEGAN, BEGAN, episode, 2) if is_open else EpisodeState(since=NOW.timestamp())
    return EpisodeStep(
        phase, episode, "jam", "simpang", "utara", NOW.timestamp(), BEGAN, 2, 0.9, "Mean speed 3 km/h",
        {"speed_kmh": 3.0, "duration_s": 120.0}, state, lost=lost,
    )  # fmt: skip


def picture():
    rng = np.random.default_rng(7)
    return Picture("simpang", NOW.timestamp(), rng.integers(1, 255, (120, 160, 3), dtype=np.uint8))


def events_of(recorder):
    return [EpisodeEvent.from_bytes(waiting.body) for waiting in recorder.outbox.pending(0, 100)]


def test_opened_carries_place_location_and_a_still_that_holds(recorder, camera):
    recorder.record("simpang", camera, step(StepPhase.OPENED), picture(), NOW)
    (event,) = events_of(recorder)
    assert (event.type, event.data.phase, event.data.place) == (EventType.OPENED, Phase.CONFIRMED, "jl-sudirman:utara")
    assert (event.data.location.lat, event.data.measures.speed_kmh) == (-2.13, 3.0)
    (signed,) = event.data.evidence
    signed.verify(recorder.key.private.public_key(), "pgk-01")
    assert signed.manifest.role is EvidenceRole.OPENED
    assert (signed.manifest.models, signed.manifest.config) == ({"eyes": "a" * 64}, "file:1")


def test_what_a_rule_knows_better_stands_in_the_event(recorder, camera):
    known = replace(step(StepPhase.OPENED), spot=(106.11, -2.131), doubt="on the border of permit SK 7")
    recorder.record("simpang", camera, known, picture(), NOW)
    recorder.record("simpang", camera, step(StepPhase.UPDATED), picture(), NOW)
    exact, plain = (event.data for event in events_of(recorder))
    assert (exact.location.lon, exact.location.lat, exact.location.within_m) == (106.11, -2.131, 1.0)
    assert exact.doubt == "on the border of permit SK 7"
    assert (plain.location.lat, plain.location.within_m, plain.doubt) == (-2.13, None, None)


def test_with_a_film_there_is_a_masked_clip_beside_the_still(recorder, camera):
    pictures = [replace(picture(), time=NOW.timestamp() + number / 6) for number in range(4)]
    recorder.record("simpang", camera, step(StepPhase.OPENED), pictures[-1], NOW, film=pictures)
    recorder.record("simpang", camera, step(StepPhase.CLOSED), pictures[-1], NOW, film=pictures[:2])
    opened, closed = events_of(recorder)
    still, clip = (signed.manifest for signed in opened.data.evidence)
    assert (still.media_type, clip.media_type, clip.role) == ("image/jpeg", "video/mp4", EvidenceRole.OPENED)
    assert recorder.outbox.read_evidence(clip.sha256)[4:8] == b"ftyp"
    assert len(closed.data.evidence) == 1, "two pictures are no clip"


def test_the_worst_moment_has_its_own_still(recorder, camera):
    recorder.record("simpang", camera, replace(step(StepPhase.UPDATED), worse=True), picture(), NOW)
    recorder.record("simpang", camera, step(StepPhase.UPDATED), picture(), NOW)
    worse, ordinary = events_of(recorder)
    assert ordinary.data.evidence == ()
    assert [signed.manifest.role for signed in worse.data.evidence] == [EvidenceRole.WORST]


def test_the_still_hides_heads_and_private_places(recorder, camera, tmp_path):
    recorder.record("simpang", camera, step(StepPhase.OPENED), picture(), NOW)
    (file,) = [path for path in Path(tmp_path / "state" / "evidence").rglob("*") if path.is_file()]
    still = cv2.imdecode(np.frombuffer(file.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    head, feet, private = still[44:58, 44:56], still[75:95, 44:56], still[2:20, 2:28]
    assert head.std() < 0.4 * feet.std()
    assert private.max() < 60


def test_open_episodes_are_resumed_and_closed_ones_forgotten(recorder, camera):
    opened = step(StepPhase.OPENED)
    recorder.record("simpang", camera, opened, picture(), NOW)
    assert recorder.resume("simpang") == {("jam", "utara"): opened.state}
    assert recorder.resume("other") == {}
    recorder.record("simpang", camera, step(StepPhase.CLOSED), None, NOW)
    assert recorder.resume("simpang") == {}
    closed = events_of(recorder)[-1]
    assert (closed.data.phase, closed.data.closing, closed.data.evidence) == (Phase.CLOSED, Closing.CLEARED, ())


def test_what_is_no_longer_watched_closes_as_lost(recorder, camera):
    recorder.record("simpang", camera, step(StepPhase.OPENED), None, NOW)
    recorder.close_unwatched({"simpang": camera}, NOW)
    assert len(events_of(recorder)) == 1
    recorder.close_unwatched({}, NOW)
    closed = events_of(recorder)[-1]
    assert (closed.type, closed.data.closing) == (EventType.CLOSED, Closing.LOST)
    assert json.loads(recorder.outbox.pending(0, 9)[-1].body)["data"]["reason"].endswith("no longer watched")
    assert recorder.resume("simpang") == {}


def test_an_open_camera_fault_goes_on_while_its_fault_is_looked_for(recorder, tmp_path):
    subject = Subject("simpang", "camera_fault", "offline")
    state = EpisodeState(Stage.CONFIRMED, BEGAN, BEGAN, subject.episode(BEGAN), 3)
    opened = replace(
        step(StepPhase.OPENED), kind="camera_fault", about="offline", episode=state.episode, state=state, measures={}
    )
    (tmp_path / "faults.yaml").write_text("cameras: {simpang: {incidents: {camera_fault: {}}}}")
    watched = load(tmp_path / "faults.yaml", "analyze").document.cameras["simpang"]
    (tmp_path / "ignored.yaml").write_text("cameras: {simpang: {incidents: {camera_fault: {ignore: [offline]}}}}")
    ignored = load(tmp_path / "ignored.yaml", "analyze").document.cameras["simpang"]
    recorder.record("simpang", watched, opened, None, NOW)
    (event,) = events_of(recorder)
    assert (event.data.zone, event.data.measures.fault, event.data.evidence) == (None, "offline", ())
    recorder.close_unwatched({"simpang": watched}, NOW)
    assert recorder.resume("simpang") == {("camera_fault", "offline"): state}
    recorder.close_unwatched({"simpang": ignored}, NOW)
    assert recorder.resume("simpang") == {}
