from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from models.cli import app
from models.detections import Detections
from models.detector import Image, ScriptedDetector
from models.evaluation.false_alarms import FalseAlarms, false_alarms, frame_numbers
from models.evaluation.labelled import SetError
from models.evaluation.looking import Contender, Way
from models.evaluation.table import ALARM_COLUMNS, alarm_rows

NAMES = ("car", "vendor")


def sees_a_vendor_where_it_is_bright(image: Image) -> Detections:
    boxes = np.array([[2, 2, 30, 30], [4, 4, 20, 20]], np.float32)
    scores = np.array([0.55 if image.mean() > 128 else 0.1, 0.9], np.float32)
    return Detections(boxes, scores, np.array([1, 0]), NAMES)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Four seconds: dark, then bright from the third on."""
    path = tmp_path / "quiet.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for number in range(40):
        writer.write(np.full((48, 64, 3), 200 if number >= 20 else 40, np.uint8))
    writer.release()
    return path


def test_reports_are_counted_a_hundred_frames_by_score(video: Path) -> None:
    eye = Contender("eye", ScriptedDetector(sees_a_vendor_where_it_is_bright, NAMES), Way.WHOLE)
    (found,) = false_alarms(video, "vendor", [eye])
    assert frame_numbers(video) == [0, 5, 10, 15, 20, 25, 30, 35]
    assert (found.video, found.kind, found.frames) == ("quiet.avi", "vendor", 8)
    assert found.in_100_frames(0.5) == 50
    assert found.in_100_frames(0.6) == 0


def test_who_does_not_know_the_class_is_not_asked(video: Path) -> None:
    blind = Contender("blind", ScriptedDetector(lambda _: Detections.empty(("car",)), ("car",)), Way.WHOLE)
    eye = Contender("eye", ScriptedDetector(sees_a_vendor_where_it_is_bright, NAMES), Way.WHOLE)
    assert [found.contender.name for found in false_alarms(video, "vendor", [blind, eye])] == ["eye"]
    with pytest.raises(SetError, match="no detector given knows the class 'vendor'"):
        false_alarms(video, "vendor", [blind])


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.mp4").write_bytes(b"no video")
    with pytest.raises(SetError, match=r"no\.mp4 cannot be opened as a video"):
        frame_numbers(tmp_path / "no.mp4")


def test_nothing_reported_is_none() -> None:
    eye = Contender("eye", ScriptedDetector(sees_a_vendor_where_it_is_bright, NAMES), Way.WHOLE)
    assert FalseAlarms("v", eye, "vendor", 10, np.empty(0, np.float32)).in_100_frames(0.3) == 0


def test_rows_for_each_video_and_for_all(video: Path) -> None:
    eye = Contender("eye", ScriptedDetector(sees_a_vendor_where_it_is_bright, NAMES), Way.WHOLE)
    (one,) = false_alarms(video, "vendor", [eye])
    more = FalseAlarms("other", eye, "vendor", 12, np.empty(0, np.float32))
    lines = list(alarm_rows([one, more]))
    assert [len(line) for line in lines] == [len(ALARM_COLUMNS)] * 3
    assert lines[0][:5] == ("quiet.avi", "eye", "whole frame", "vendor", "8")
    assert (lines[0][7], lines[2][0], lines[2][4], lines[2][7]) == ("50.00", "all", "20", "20.00")
    assert len(list(alarm_rows([one]))) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [([], "nothing to look at"), (["--footage", "a.mp4"], "belong together"), (["--without", "car"], "nothing to")],
)
def test_the_command_says_what_is_missing(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(app, ["eval", *arguments])
    assert result.exit_code == 2
    assert message in result.output


def test_the_command_counts(video: Path) -> None:
    result = CliRunner().invoke(app, ["eval", "--without", "car", "--footage", str(video), "--no-zoom"])
    assert result.exit_code == 0, result.output
    assert "quiet.avi" in result.output
