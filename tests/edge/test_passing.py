"""Vehicles on their way past a camera, as `sigap-calibrate traffic` wants them."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.traffic.tracks import Track
from edge.cameras.faults import CameraError
from edge.cameras.offline import PacketFile
from edge.cameras.rtsp import RtspStream
from edge.cameras.stream import MemoryStream
from edge.passing import follow, passing
from edge.picture import Picture
from models.detections import Detections
from models.detector import STREET_CLASSES, Image, ScriptedDetector
from scripts.rtsp_server import BackgroundRtspServer
from tests.edge.cameras.synthetic import H264
from tests.edge.street import CAR_PX, detector, film, find
from tests.rtsp.clips import read_number, write_clip


def followed(pictures: list[Picture], seeing: ScriptedDetector | None = None) -> tuple[Track, ...]:
    return follow(pictures, "north", seeing or detector()).tracks


def test_a_vehicle_is_one_track_however_long_it_takes() -> None:
    (track,) = followed(film([(20, 150)], [(50, 10)], seconds=9))
    assert track.kind == "car"
    assert len(track.times) >= 60
    np.testing.assert_allclose(track.boxes[:, 2:] - track.boxes[:, :2], np.tile(CAR_PX, (len(track.times), 1)), atol=2)
    np.testing.assert_allclose(np.diff(track.feet[:, 0]) / np.diff(track.times), 50, atol=10)


def test_only_what_shows_it_whole_is_kept() -> None:
    (track,) = followed(film([(-40, 150)], [(60, 0)], seconds=4))
    assert track.boxes[:, 0].min() > 2
    passed = followed(film([(250, 150), (20, 160)], [(0, 0), (60, 0)], seconds=9))
    inside = [box for each in passed for box in each.boxes if 215 < box[0] < 285 and box[1] > 155]
    assert inside == [], "where it drove past the other one"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda seen: replace(seen, scores=seen.scores - 0.4), id="unsure"),
        pytest.param(lambda seen: replace(seen, boxes=seen.boxes / 3), id="tiny"),
    ],
)
def test_what_cannot_be_measured_by_is_left_out(change) -> None:
    seeing = ScriptedDetector(lambda image: change(find(image)))
    assert followed(film([(20, 150)], [(50, 10)], seconds=4), seeing) == ()


def test_what_is_taken_for_two_kinds_in_turn_is_left_out() -> None:
    turn = [0]

    def wavering(image: Image) -> Detections:
        turn[0] += 1
        seen = find(image)
        kind = STREET_CLASSES.index(("car", "truck")[turn[0] % 2])
        return replace(seen, classes=np.full(len(seen), kind))

    assert followed(film([(20, 150)], [(50, 10)], seconds=4), ScriptedDetector(wavering)) == ()


def test_another_scene_ends_every_track() -> None:
    first = film([(20, 150)], [(50, 10)], seconds=2)
    dark = [Picture("north", 10 + number / 8, np.zeros_like(first[0].image)) for number in range(8)]
    again = film([(20, 150)], [(50, 10)], seconds=2, since=20)
    assert len(followed([*first, *dark, *again])) == 2


def numbers(seen: list[int]) -> ScriptedDetector:
    def note(image: Image) -> Detections:
        seen.append(read_number(image))
        return Detections.empty(STREET_CLASSES)

    return ScriptedDetector(note)


def test_a_recording_is_seen_whole_each_picture_once_and_in_order(h264_clip) -> None:
    seen: list[int] = []
    traffic = passing(PacketFile(h264_clip), "north", numbers(seen), 600, start_time=0.0)
    assert traffic.tracks == ()
    assert seen == sorted(set(seen))
    assert seen[0] == 0
    assert len(seen) >= 3


def test_it_ends_after_so_many_seconds(tmp_path) -> None:
    seen: list[int] = []
    clip = write_clip(tmp_path / "long.mp4", frames=100)
    passing(PacketFile(clip), "north", numbers(seen), 3.0, start_time=0.0)
    assert max(seen) < 60


def test_a_live_camera_is_watched(h264_clip) -> None:
    seen: list[int] = []
    with BackgroundRtspServer({"north": h264_clip}) as server:
        passing(RtspStream(server.url("north")), "north", numbers(seen), 1.5)
    assert len(seen) >= 5


def test_no_picture_and_pictures_of_two_sizes_are_errors() -> None:
    with pytest.raises(CameraError, match="no picture"):
        passing(MemoryStream(H264, []), "north", detector(), 5, start_time=0.0)
    street = film([(20, 150)], [(50, 10)], seconds=1)
    larger = Picture("north", 9.0, np.zeros((720, 1280, 3), np.uint8))
    with pytest.raises(CameraError, match="changed their size"):
        follow([*street, larger], "north", detector())
