import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.detections import Detections
from models.detector import STREET_CLASSES, ScriptedDetector
from models.training.street import teachers
from models.training.street.fusion import Agreement, fuse
from models.training.street.pseudo import VIDEOS, Video, clear_of_borders, frames, grid_of_crops, label
from models.zoom import Crop


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


def test_crops_cover_the_picture_and_overlap() -> None:
    for count in (2, 3):
        crops = grid_of_crops(640, 360, count)
        assert len(crops) == count**2
        assert (min(c.x1 for c in crops), max(c.x2 for c in crops)) == (0, 640)
        assert (min(c.y1 for c in crops), max(c.y2 for c in crops)) == (0, 360)
        assert crops[1].x1 < crops[0].x2


def test_what_a_crop_cuts_is_left_out_unless_the_picture_ends_there() -> None:
    boxes = np.array([[0, 10, 50, 50], [20, 20, 99, 60], [20, 20, 60, 60]], np.float32)
    assert clear_of_borders(boxes, Crop(0, 0, 100, 100), 200, 200).tolist() == [True, False, True]
    assert clear_of_borders(boxes, Crop(100, 0, 200, 100), 200, 200).tolist() == [False, True, True]


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


def test_yolox_is_read_as_its_authors_do() -> None:
    rows = np.zeros((1, 3549, 85), np.float32)
    rows[0, 53] = [0.5, 0.25, np.log(2), np.log(3), 0.5, *np.eye(80)[2]]  # second row and column at stride 8
    boxes, scores = teachers.read_yolox([rows], 416)
    assert boxes[53].tolist() == pytest.approx([12 - 8, 10 - 12, 12 + 8, 10 + 12])
    assert scores[53].tolist() == pytest.approx([0, 0, 0.5, 0, 0, 0])


def test_distributions_are_read_as_means() -> None:
    scores = [np.zeros((1, count, 80), np.float32) for count in (2704, 676, 169)]
    sides = [np.full((1, count, 32), -30, np.float32) for count in (2704, 676, 169)]
    sides[1].reshape(676, 4, 8)[27, :, 3] = 30
    scores[1][0, 27, 7] = 0.8
    boxes, found = teachers.read_distributions([*scores, *sides], 416)
    assert boxes[2704 + 27].tolist() == pytest.approx([24 - 48, 24 - 48, 24 + 48, 24 + 48])
    assert found[2704 + 27].tolist() == pytest.approx([0, 0, 0, 0, 0, 0.8])
