"""A checkpoint becomes a file that the upstream detector runs; ultralytics itself is played by a stand-in."""

import hashlib
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from models.cli import app
from models.upstream.coco import NAMES
from models.upstream.detector import UpstreamDetector
from tests.models.upstream.constant import constant_network
from tests.models.upstream.test_heads import yolo11_outputs

COCO = {row: NAMES.get(row, f"thing {row}") for row in range(80)}


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "YOLO11n best.pt"
    path.write_bytes(b"weights")
    return path


@pytest.fixture
def ultralytics(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """As much of it as `export` uses. Writes beside what it was given, as the real one does."""
    module = ModuleType("ultralytics")

    class YOLO:
        task, names, outputs = "detect", COCO, yolo11_outputs()

        def __init__(self, path: str) -> None:
            self.path = Path(path)
            if self.path.read_bytes() != b"weights":
                raise RuntimeError("invalid magic number; corrupt file?")

        def export(self, *, format: str, imgsz: int, **_: object) -> str:  # noqa: A002
            assert (format, imgsz) == ("onnx", 64)
            constant_network(self.path.with_suffix(".onnx"), self.outputs)
            return str(self.path.with_suffix(".onnx"))

    vars(module).update(YOLO=YOLO, __version__="8.4.0")
    monkeypatch.setitem(sys.modules, "ultralytics", module)
    return module


def export(checkpoint: Path, out: Path, *words: str):
    return CliRunner().invoke(app, ["export", str(checkpoint), "--out", str(out), "--side", "64", *words])


def test_what_was_exported_is_run_and_pulled(checkpoint: Path, ultralytics: ModuleType, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = export(checkpoint, out)
    assert done.exit_code == 0, done.output
    assert "AGPL-3.0" in done.stdout
    assert sorted(path.name for path in out.iterdir()) == ["yolo11n_best.onnx", "yolo11n_best.yaml"]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".onnx"] == [], "nothing beside the checkpoint"
    (seen,) = UpstreamDetector.load(out / "yolo11n_best.onnx").detect([np.zeros((64, 64, 3), np.uint8)], floor=0.5)
    assert seen.labels() == ["bus"]
    (entry,) = yaml.safe_load((out / "yolo11n_best.yaml").read_text()).values()
    assert entry["sha256"] == hashlib.sha256((out / "yolo11n_best.onnx").read_bytes()).hexdigest()
    assert entry["licence"] == "AGPL-3.0"
    box = ["--registry", str(out / "yolo11n_best.yaml"), "--mirror", str(out), "--out", str(tmp_path / "box")]
    pulled = CliRunner().invoke(app, ["pull", "yolo11n_best", *box])
    assert pulled.exit_code == 0, pulled.output
    assert "exported by ultralytics 8.4.0" in pulled.output
    assert (tmp_path / "box" / "yolo11n_best.onnx").is_file()


def test_without_ultralytics_it_says_what_to_install(checkpoint: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ultralytics", None)  # as if it were not there, where it is
    done = export(checkpoint, tmp_path / "out")
    assert done.exit_code == 2
    assert "pip install 'sigap[train]'" in done.stderr
    assert "environment of its own" in done.stderr
    assert "Traceback" not in done.output
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": "segment"}, "is a network for 'segment': give one for 'detect'"),
        ({"names": {0: "becak"}}, "does not know COCO's 80 classes but 1 (becak …)"),
        ({"names": {row: f"thing {row}" for row in range(80)}}, "but 80 (thing 0, thing 1, thing 2 …)"),
        ({"outputs": [np.zeros((300, 6), np.float32)]}, "which is no YOLOX or"),
    ],
    ids=["task", "classes", "other eighty", "another form"],
)
def test_what_cannot_be_run_is_refused_and_nothing_stays(
    changes: dict[str, object], message: str, checkpoint: Path, ultralytics: ModuleType, tmp_path: Path
) -> None:
    for name, value in changes.items():
        setattr(ultralytics.YOLO, name, value)
    done = export(checkpoint, tmp_path / "out")
    assert done.exit_code == 2
    assert message in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_what_ultralytics_cannot_read_is_a_sentence(checkpoint: Path, ultralytics: ModuleType, tmp_path: Path) -> None:
    checkpoint.write_bytes(b"cut off")
    done = export(checkpoint, tmp_path / "out")
    assert done.exit_code == 2
    assert "best.pt cannot be exported by ultralytics 8.4.0: invalid magic number" in done.stderr


def test_another_checkpoint_than_the_one_meant_is_not_loaded(
    checkpoint: Path, ultralytics: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ultralytics.YOLO, "__init__", lambda *_: pytest.fail("it was loaded"))
    done = export(checkpoint, tmp_path / "out", "--sha256", "0" * 64)
    assert done.exit_code == 2
    assert "not loaded" in done.stderr


def test_sides_and_places_that_do_not_do(checkpoint: Path, ultralytics: ModuleType, tmp_path: Path) -> None:
    assert "is no multiple of 32: give 96" in export(checkpoint, tmp_path, "--side", "100").stderr
    assert "is missing: give a checkpoint" in export(tmp_path / "no.pt", tmp_path).stderr
    (tmp_path / "yolo11n_best.onnx").write_bytes(b"mine")
    assert "is there already: move it away" in export(checkpoint, tmp_path).stderr
    assert (tmp_path / "yolo11n_best.onnx").read_bytes() == b"mine"
