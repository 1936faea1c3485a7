import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from models.cli import app
from models.detector import STREET_CLASSES


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "noise.png"
    cv2.imwrite(str(path), np.random.default_rng(3).integers(0, 255, (90, 160, 3), np.uint8))
    return path


def test_list_and_verify_name_the_model() -> None:
    listed = CliRunner().invoke(app, ["list"])
    assert listed.exit_code == 0
    assert "nanodet_g" in listed.output
    verified = CliRunner().invoke(app, ["verify"])
    assert verified.exit_code == 0
    assert "whole   nanodet_g" in verified.output


def test_verify_fails_for_a_model_that_is_not_there() -> None:
    result = CliRunner().invoke(app, ["verify", "nanodet_g", "yolo"])
    assert result.exit_code == 1
    assert "whole   nanodet_g" in result.output
    assert "broken  yolo: no model" in result.output


def test_detect_writes_a_line_a_picture(picture: Path, tmp_path: Path) -> None:
    out = tmp_path / "boxes.jsonl"
    result = CliRunner().invoke(app, ["detect", str(picture), str(picture), "--out", str(out), "--floor", "0.002"])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["image"] for line in lines] == [str(picture), str(picture)]
    assert lines[0]["boxes"] == lines[1]["boxes"] != []
    for x1, y1, x2, y2, score, label in lines[0]["boxes"]:
        assert 0 <= x1 < x2 <= 160
        assert 0 <= y1 < y2 <= 90
        assert 0.002 <= score <= 1
        assert label in STREET_CLASSES
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_detect_names_a_picture_by_its_file(picture: Path, tmp_path: Path) -> None:
    out = tmp_path / "boxes.jsonl"
    assert CliRunner().invoke(app, ["detect", str(picture), "--out", str(out), "--no-zoom"]).exit_code == 0
    assert json.loads(out.read_text())["image"] == "noise.png"


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "is missing"), (b"", "not a picture"), (b"%PDF-1.7 not a picture", "not a picture")],
    ids=["missing", "empty", "pdf"],
)
def test_what_is_no_picture_is_a_sentence_and_exit_code_2(
    picture: Path, tmp_path: Path, content: bytes | None, message: str
) -> None:
    wrong, out = tmp_path / "wrong [1].jpg", tmp_path / "boxes.jsonl"
    if content is not None:
        wrong.write_bytes(content)
    result = CliRunner().invoke(app, ["detect", str(picture), str(wrong), "--out", str(out)])
    assert result.exit_code == 2
    assert f"{wrong} " in result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert sorted(path.name for path in tmp_path.iterdir() if "boxes" in path.name) == []


def test_a_folder_that_is_not_there_is_named(picture: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["detect", str(picture), "--out", str(tmp_path / "no" / "boxes.jsonl")])
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr


def test_an_unknown_model_is_refused(picture: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["detect", str(picture), "--out", str(tmp_path / "b.jsonl"), "--model", "yolo"])
    assert result.exit_code == 2
    assert "no model 'yolo'" in result.stderr


def test_bench_shows_a_time_for_each_size() -> None:
    result = CliRunner().invoke(app, ["bench", "--repeat", "1"])
    assert result.exit_code == 0
    assert "1920 × 1080" in result.output
