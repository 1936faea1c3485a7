"""What is broken, foreign, oversized or not the file on its card is refused when it is loaded, by every kind of eye."""

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
import yaml
from onnx import TensorProto, helper

from models import card
from models.card import ZOO, ModelError
from models.onnx_detector import DEFAULT, OnnxDetector
from models.upstream import detector as upstream
from models.upstream.detector import UpstreamDetector
from models.water import WaterModel
from tests.models.water_network import network, put

Load = Callable[[Path], object]


def detector_folder(place: Path) -> Path:
    return Path(shutil.copytree(ZOO / DEFAULT, place))


def water_folder(place: Path) -> Path:
    return put(place, network())


KINDS: dict[str, tuple[Load, Callable[[Path], Path]]] = {
    "detector": (OnnxDetector.load, detector_folder),
    "water": (WaterModel.load, water_folder),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Load, Path]:
    """How a kind of model is loaded, and the folder of a whole one."""
    load, made = KINDS[request.param]
    folder = made(tmp_path / "mine")
    load(folder)
    return load, folder


def vouch(folder: Path, content: bytes) -> None:
    """Another file, with a card that says it is the right one."""
    (folder / "model.onnx").write_bytes(content)
    path = folder / "card.yaml"
    sums = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | sums))


def foreign() -> bytes:
    """A network of somebody else: floats in, one output."""
    image = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, 32, 32])
    out = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 3, 32, 32])
    graph = helper.make_graph([helper.make_node("Relu", ["input"], ["output"])], "foreign", [image], [out])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def refused(load: Load, place: Path, message: str) -> None:
    """With this message, which also names the file."""
    with pytest.raises(ModelError, match=message) as caught:
        load(place)
    assert str(place) in str(caught.value)


def test_a_file_that_is_not_the_one_on_its_card(kind: tuple[Load, Path]) -> None:
    load, folder = kind
    content = (folder / "model.onnx").read_bytes()
    changed = content[:-1] + bytes([content[-1] ^ 1])
    (folder / "model.onnx").write_bytes(changed)
    found, meant = (hashlib.sha256(one).hexdigest() for one in (changed, content))
    refused(
        load, folder, rf"is not the file on its card: .*sha256 {found}, expected .*sha256 {meant}; restore the file"
    )


def test_a_file_cut_off(kind: tuple[Load, Path]) -> None:
    load, folder = kind
    content = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(content[:-100])
    refused(load, folder, f"is not the file on its card: {len(content) - 100} bytes.*restore the file")


@pytest.mark.parametrize("broken", [b"", b"this is not a network", None], ids=["empty", "text", "a network cut off"])
def test_a_broken_file_that_its_card_vouches_for(kind: tuple[Load, Path], broken: bytes | None) -> None:
    load, folder = kind
    vouch(folder, (folder / "model.onnx").read_bytes()[:-100] if broken is None else broken)
    if broken == b"":
        refused(load, folder, "not a model card: bytes: Input should be greater than 0")
    else:
        refused(load, folder, r"model\.onnx cannot be loaded by onnxruntime")


def test_a_foreign_network_that_its_card_vouches_for(kind: tuple[Load, Path]) -> None:
    load, folder = kind
    vouch(folder, foreign())
    refused(load, folder, r"model\.onnx takes .*input.*, not one uint8 picture batch '.*' as its card says")


def test_an_oversized_file_is_not_even_read(kind: tuple[Load, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    load, folder = kind
    with (folder / "model.onnx").open("r+b") as file:
        file.truncate(card.MAX_BYTES + 1)  # sparse: it takes no room
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    refused(
        load, folder, f"has {card.MAX_BYTES + 1} bytes, more than the {card.MAX_BYTES} allowed: use a smaller model"
    )


def test_the_other_kind(tmp_path: Path) -> None:
    for name, (_, made) in KINDS.items():
        made(tmp_path / name)
    refused(OnnxDetector.load, tmp_path / "water", "is a model of water: give a detector")
    refused(WaterModel.load, tmp_path / "detector", "is a model of detection: give one of water")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outputs": {"water": "flood", "flood": "water"}}, r"gives .*; its card needs .*\[batch, rows, columns\]"),
        ({"outputs": {"water": "water", "flood": "rain"}}, "gives .*; its card needs .*rain"),
        ({"input": {"name": "picture"}}, "takes .*image.*, not one uint8 picture batch 'picture'"),
    ],
    ids=["exchanged", "another name", "another input"],
)
def test_water_that_is_not_what_its_card_says(tmp_path: Path, changes: dict[str, dict], message: str) -> None:
    folder = water_folder(tmp_path / "mine")
    text = yaml.safe_load((folder / "card.yaml").read_text())
    merged = {key: text[key] | value for key, value in changes.items()}
    (folder / "card.yaml").write_text(yaml.safe_dump(text | merged))
    refused(WaterModel.load, folder, message)


@pytest.mark.parametrize("content", [b"", b"text", foreign()], ids=["empty", "text", "foreign"])
def test_a_peer_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "peer.onnx").write_bytes(content)
    known = re.escape("which is no YOLOX or NanoDet-m or PicoDet or YOLOv8/YOLO11")
    refused(UpstreamDetector.load, tmp_path / "peer.onnx", f"cannot be loaded by onnxruntime|{known}")


def test_an_oversized_peer_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "peer.onnx").write_bytes(b"x" * 101)
    monkeypatch.setattr(upstream, "MAX_BYTES", 100)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    refused(UpstreamDetector.load, tmp_path / "peer.onnx", "has more than the 100 bytes allowed: use a smaller model")
