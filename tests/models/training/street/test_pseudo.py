import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.card import ZOO, ModelError
from models.detections import Detections
from models.detector import STREET_CLASSES, Image, ScriptedDetector
from models.training.street import teachers
from models.training.street.fusion import Agreement, fuse
from models.training.street.pseudo import VIDEOS, Video, frames, label, look
from models.upstream.head import Signature


def seen(*rows: tuple[str, list[float], float]) -> Detections:
    return Detections(
        np.array([box for _, box, _ in rows], np.float32).reshape(-1, 4),
        np.array([score for _, _, score in rows], np.float32),
        np.array([STREET_CLASSES.index(kind) for kind, _, _ in rows], np.int64),
        STREET_CLASSES,
    )


def test_two_that_agree_make_a_label_at_their_weighted_middle() -> None:
    fused = fuse([seen(("car", [0, 0, 100, 100], 0.6)), seen(("car", [10, 0, 110, 100], 0.3))])
    assert fused.agreeing.tolist() == [2]
    assert fused.seen.boxes[0, 0] == pytest.approx(10 / 3, abs=1e-3)
    sure, unsure = fused.labels(Agreement())
    assert sure.labels() == ["car"]
    assert not len(unsure)


def test_one_alone_must_be_very_sure() -> None:
    alone = [
        seen(("car", [0, 0, 50, 50], 0.7), ("car", [100, 0, 150, 50], 0.4), ("car", [200, 0, 250, 50], 0.15)),
        seen(),
    ]
    sure, unsure = fuse(alone).labels(Agreement())
    assert sure.boxes[:, 0].tolist() == [0]
    assert unsure[:, 0].tolist() == [100]


def test_kinds_of_vehicle_are_voted_on_and_people_are_apart() -> None:
    fused = fuse(
        [
            seen(("bus", [0, 0, 100, 100], 0.5), ("person", [0, 0, 100, 100], 0.4)),
            seen(("truck", [0, 0, 100, 100], 0.8)),
            seen(("bus", [2, 0, 100, 100], 0.45)),
        ]
    )
    assert sorted(zip(fused.seen.labels(), fused.agreeing.tolist(), strict=True)) == [("bus", 3), ("person", 1)]


def test_a_teacher_counts_once() -> None:
    twice = seen(("car", [0, 0, 100, 100], 0.4), ("car", [5, 0, 105, 100], 0.35))
    assert fuse([twice, seen()]).agreeing.tolist() == [1]


def test_teachers_look_at_the_frame_and_at_thirteen_crops_of_it() -> None:
    teacher = ScriptedDetector(lambda image: seen())
    look(np.zeros((360, 640, 3), np.uint8), [("one", teacher)])
    assert teacher.inferences == 1 + 2 * 2 + 3 * 3


def test_what_a_crop_cuts_is_left_out() -> None:
    def script(image: Image) -> Detections:
        height, width = image.shape[:2]
        return seen(("bus", [0, 0, width, height], 0.9)) if width < 640 else seen(("car", [300, 100, 340, 140], 0.5))

    (found,) = look(np.zeros((360, 640, 3), np.uint8), [("one", ScriptedDetector(script))])
    assert found.labels() == ["car"]


def test_the_frames_labelled_by_hand_are_left_out() -> None:
    jakarta = next(video for video in VIDEOS if video.file.startswith("jakarta"))
    assert not any(jakarta.wanted(second + off) for second in range(1, 20, 2) for off in (-0.5, 0.0, 0.3, 0.5))
    assert jakarta.wanted(2.0)


def test_frames_come_at_their_pace_and_not_from_what_is_held_out(tmp_path: Path) -> None:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (32, 32))
    for value in range(30):
        writer.write(np.full((32, 32, 3), 8 * value, np.uint8))
    writer.release()
    times = [time_s for time_s, _ in frames(path, Video("clip.avi", 0.4, held_out_s=(1.0,), margin_s=0.3))]
    assert times == pytest.approx([0.0, 0.4, 1.4, 1.8, 2.2, 2.6])
    with pytest.raises(FileNotFoundError, match=r"none\.avi is missing"):
        list(frames(tmp_path / "none.avi", Video("none.avi", 1.0)))


def test_labelling_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), np.full((60, 80, 3), 100, np.uint8))
    teacher = ScriptedDetector(lambda image: seen(("car", [10, 10, 40, 40], 0.9)))
    pictures = [(tmp_path / f"{number}.jpg", number == 2) for number in range(3)]
    out = tmp_path / "set.jsonl"
    assert len(list(label(pictures[:2], out, [("one", teacher)], Agreement()))) == 2
    out.write_text(out.read_text()[:-20])
    looked = teacher.inferences
    list(label(pictures, out, [("one", teacher)], Agreement()))
    assert teacher.inferences == 2 * looked
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["picture"] for line in lines] == ["0.jpg", "1.jpg", "2.jpg"]
    assert [line["vendors_unknown"] for line in lines] == [False, False, True]


def test_yolo11_is_read_as_its_authors_do() -> None:
    head, signature = teachers.Yolo11(), Signature(640, 640, ((84, 8400),))
    rows = np.zeros((84, 8400), np.float32)
    rows[:4, 53], rows[4 + 7, 53] = [100, 50, 40, 20], 0.8
    boxes, scores = head.decoded([rows], signature)
    assert head.fits(signature)
    assert boxes[53].tolist() == [80, 40, 120, 60]
    assert scores[53].tolist() == pytest.approx([0, 0, 0, 0, 0, 0.8])
    blue = np.array([[[255, 0, 0]]], np.uint8)
    assert head.normalised(blue).ravel().tolist() == [0, 0, 1]


def test_a_teacher_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model .*nanodet_g"):
        teachers.load(tmp_path, tmp_path / "nanodet_g")
    with pytest.raises(ModelError, match=r"yolox_nano_416\.onnx is missing"):
        teachers.load(tmp_path, ZOO / "street")
    with pytest.raises(ModelError, match=r"yolo11n\.xml is missing"):
        teachers.yolo11n(tmp_path / "yolo11n.xml")
