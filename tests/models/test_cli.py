import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from models.bench import milliseconds
from models.card import find
from models.cli import app
from models.onnx_detector import DEFAULT
from tests.models.upstream.constant import constant_network
from tests.models.water_network import network, put


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "noise.png"
    cv2.imwrite(str(path), np.random.default_rng(3).integers(0, 255, (90, 160, 3), np.uint8))
    return path


def test_list_and_verify_name_the_model() -> None:
    listed = CliRunner().invoke(app, ["list"])
    assert listed.exit_code == 0
    assert "street" in listed.output
    verified = CliRunner().invoke(app, ["verify"])
    assert verified.exit_code == 0
    assert "whole   street" in verified.output


def test_verify_fails_for_a_model_that_is_not_there() -> None:
    result = CliRunner().invoke(app, ["verify", "street", "yolo"])
    assert result.exit_code == 1
    assert "whole   street" in result.output
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
        assert label in find(DEFAULT).card.classes
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


def test_bench_shows_a_time_for_each_size_and_what_ran() -> None:
    result = CliRunner().invoke(app, ["bench", "--repeat", "1"])
    assert result.exit_code == 0
    assert "1920 × 1080" in result.output
    assert f"{DEFAULT} on CPUExecutionProvider, 1 thread(s)" in result.stdout


def test_bench_sets_models_beside_a_peer(tmp_path: Path) -> None:
    constant_network(tmp_path / "peer.onnx", [np.zeros((84, 85), np.float32)])
    water = str(put(tmp_path / "blue", network()))
    words = ["bench", "--model", DEFAULT, "--model", water, "--peer", str(tmp_path / "peer.onnx"), "--repeat", "1"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert f"{DEFAULT} ÷ peer" in result.stdout
    assert "blue ÷ peer" in result.stdout
    assert "peer ÷" not in result.stdout
    square = CliRunner().invoke(app, [*words, "--square"])
    assert [line for line in square.stdout.splitlines() if "×" in line and "| 1 " in line]
    assert "1920" not in square.stdout


def test_bench_looks_at_a_picture_instead_of_noise(picture: Path, tmp_path: Path) -> None:
    words = ["bench", "--repeat", "1", "--square", "--picture"]
    assert "416 × 416" in CliRunner().invoke(app, [*words, str(picture)]).stdout
    missing = CliRunner().invoke(app, [*words, str(tmp_path / "none.jpg")])
    assert missing.exit_code == 2
    assert "none.jpg" in missing.stderr


def test_bench_medians_leave_the_first_round_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 10.0, 10.004, 20.0, 20.006, 30.0, 30.008])
    monkeypatch.setattr("models.bench.time.perf_counter", lambda: next(clock))
    looked: list[int] = []
    taken = milliseconds([("eye", lambda images: looked.append(len(images)))], np.zeros((6, 8, 3), np.uint8), 2, 3)
    assert taken == [pytest.approx(3.0)]
    assert looked == [2, 2, 2, 2]


@pytest.mark.parametrize("command", ["detect", "water", "bench", "eval", "eval --peer"])
def test_a_provider_that_is_not_there_is_refused_or_what_runs_instead_is_said(
    command: str, picture: Path, tmp_path: Path
) -> None:
    out, water = str(tmp_path / "out.jsonl"), str(put(tmp_path / "blue", network()))
    constant_network(tmp_path / "peer.onnx", [np.zeros((84, 85), np.float32)])
    (tmp_path / "set" / "images").mkdir(parents=True)
    (tmp_path / "set" / "images" / "a.png").write_bytes(picture.read_bytes())
    content = {
        "images": [{"id": 1, "file_name": "a.png"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 30, 30]}],
        "categories": [{"id": 1, "name": "car"}],
    }
    (tmp_path / "set" / "boxes.json").write_text(json.dumps(content))
    words = {
        "detect": ["detect", str(picture), "--out", out],
        "water": ["water", str(picture), "--out", out, "--model", water],
        "bench": ["bench", "--repeat", "1"],
        "eval": ["eval", str(tmp_path / "set"), "--rounds", "1"],
        "eval --peer": ["eval", str(tmp_path / "set"), "--rounds", "1", "--peer", str(tmp_path / "peer.onnx")],
    }[command]
    refused = CliRunner().invoke(app, [*words, "--provider", "tensorrt"])
    assert refused.exit_code == 2
    assert "TensorrtExecutionProvider, CUDAExecutionProvider is not available" in refused.stderr
    assert "install onnxruntime-gpu in place of onnxruntime" in refused.stderr
    done = CliRunner().invoke(app, [*words, "--provider", "tensorrt", "--fallback"])
    assert done.exit_code == 0, done.output
    assert "on CPUExecutionProvider" in done.output
    assert "another provider" in done.stderr
    assert "another provider" not in done.stdout
