import json
from pathlib import Path

import numpy as np
import pytest

from calibration.ground import CalibrationError
from calibration.lens import Lens
from calibration.traffic.tracks import Track, Traffic, read_traffic, write_traffic

HEADER = {"image": {"width": 1280, "height": 720}}
LINE = {"class": "car", "times": [0.0, 0.2], "boxes": [[1, 2, 30, 40], [2, 3, 31, 41.5]]}


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n")
    return path


def test_a_file_of_tracks_is_read(tmp_path: Path) -> None:
    lens = {"focal_px": [900, 900], "centre_px": [640, 360], "distortion": [-0.2, 0, 0, 0, 0]}
    extra = {**LINE, "class": "bus", "track": 17}
    traffic = read_traffic(write(tmp_path / "t.jsonl", {**HEADER, "lens": lens}, LINE, "", extra))
    assert (traffic.width, traffic.height) == (1280, 720)
    assert traffic.lens is not None
    assert traffic.lens.distortion[0] == -0.2
    assert [track.kind for track in traffic.tracks] == ["car", "bus"]
    np.testing.assert_array_equal(traffic.tracks[0].feet, [(15.5, 40), (16.5, 41.5)])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["nothing"], "line 1 is not JSON"),
        ([], "line 1 is not JSON"),
        ([LINE], r"line 1 is not as expected: image"),
        ([HEADER, "", {**LINE, "times": [0.0]}], "line 3 .*as many boxes"),
        ([HEADER, {**LINE, "times": [0.2, 0.2]}], "line 2 .*must rise"),
        ([HEADER, {**LINE, "boxes": [[1, 2, 30, 40], [5, 5, 5, 9]]}], "line 2 .*left, top, right, bottom"),
        ([HEADER, {**LINE, "boxes": [[1, 2, 30], [5, 5, 5]]}], "line 2 is not as expected: boxes"),
        ([HEADER, {"times": [0], "boxes": [[1, 2, 3, 4]]}], "line 2 is not as expected: class"),
    ],
    ids=["text", "empty", "no header", "odd", "times", "no area", "three numbers", "no class"],
)
def test_a_wrong_file_names_its_line(tmp_path: Path, lines: list, message: str) -> None:
    with pytest.raises(CalibrationError, match=message):
        read_traffic(write(tmp_path / "t.jsonl", *lines))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="cannot be read: No such file"):
        read_traffic(tmp_path / "no.jsonl")


def test_a_track_without_its_times_is_refused() -> None:
    with pytest.raises(CalibrationError, match="3 times need as many boxes"):
        Track("car", np.arange(3.0), np.array([[0, 0, 1, 1]] * 2, float))


@pytest.mark.parametrize("lens", [None, Lens((900, 900), (640, 360), (-0.2, 0.01, 0, 0, 0))])
def test_what_was_written_is_read_again(tmp_path: Path, lens: Lens | None) -> None:
    car = Track("car", np.array([0.0, 0.125]), np.array([[1, 2, 30.25, 40], [2, 3, 31, 41.5]], float))
    bus = Track("bus", np.array([7.5]), np.array([[600, 300, 700, 400]], float))
    write_traffic(Traffic(1280, 720, (car, bus), lens), tmp_path / "t.jsonl")
    again = read_traffic(tmp_path / "t.jsonl")
    assert (again.width, again.height, again.lens) == (1280, 720, lens)
    for written, read in zip((car, bus), again.tracks, strict=True):
        assert written.kind == read.kind
        np.testing.assert_array_equal(written.times, read.times)
        np.testing.assert_array_equal(written.boxes, read.boxes)
