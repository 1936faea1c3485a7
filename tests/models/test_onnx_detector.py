import hashlib
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import yaml
from onnx import TensorProto, helper

from models.card import ZOO, ModelError
from models.onnx_detector import OnnxDetector


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ZOO / "street", tmp_path / "mine"))


def put(folder: Path, content: bytes) -> None:
    """Another network with a card that vouches for it."""
    (folder / "model.onnx").write_bytes(content)
    card = yaml.safe_load((folder / "card.yaml").read_text())
    card |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "card.yaml").write_text(yaml.safe_dump(card))


def network(input_type: int, outputs: dict[str, int]) -> bytes:
    """A valid graph that is no detector: sums over the picture."""
    image = helper.make_tensor_value_info("image", input_type, ["batch", "height", "width", 3])
    nodes = [helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT)]
    nodes += [helper.make_node("ReduceSum", ["float"], [name]) for name in outputs]
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 1, 1, n]) for name, n in outputs.items()]
    graph = helper.make_graph(nodes, "foreign", [image], results)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def test_a_file_that_is_no_network_is_refused(folder: Path) -> None:
    put(folder, b"this is not a network")
    with pytest.raises(ModelError, match=r"model\.onnx cannot be loaded by onnxruntime"):
        OnnxDetector.load(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (network(TensorProto.FLOAT, {"boxes": 4, "scores": 6}), "takes .*float.*, not one uint8 picture batch"),
        (network(TensorProto.UINT8, {"boxes": 4}), "gives .*its card needs"),
        (network(TensorProto.UINT8, {"boxes": 4, "scores": 80}), "gives .*its card needs"),
    ],
    ids=["float input", "one output", "other classes"],
)
def test_a_foreign_network_is_refused(folder: Path, content: bytes, message: str) -> None:
    onnx.load_model_from_string(content)
    put(folder, content)
    with pytest.raises(ModelError, match=message):
        OnnxDetector.load(folder)


@pytest.mark.parametrize(
    "providers", [("NoSuchExecutionProvider",), ("NoSuchExecutionProvider", "CPUExecutionProvider"), ()]
)
def test_a_provider_that_is_not_there_is_an_error_not_a_fallback(providers: tuple[str, ...]) -> None:
    with pytest.raises(ModelError, match=r"is not available; this onnxruntime has .*CPUExecutionProvider"):
        OnnxDetector.load("street", providers=providers)


def test_the_network_takes_any_size_of_whole_cells() -> None:
    session = ort.InferenceSession(str(ZOO / "street/model.onnx"), providers=["CPUExecutionProvider"])
    for batch, height, width in ((1, 416, 416), (2, 256, 416), (3, 64, 32), (1, 32, 640)):
        boxes, scores = session.run(None, {"image": np.zeros((batch, height, width, 3), np.uint8)})
        cells = sum((height // stride) * (width // stride) for stride in (8, 16, 32))
        assert boxes.shape == (batch, cells, 4)
        assert scores.shape == (batch, cells, 7)


def test_black_is_nothing() -> None:
    (seen,) = OnnxDetector.load().detect([np.zeros((480, 640, 3), np.uint8)], floor=0.2)
    assert len(seen) == 0


def test_a_larger_side_gives_a_larger_input() -> None:
    detector = OnnxDetector.load(side=640)
    (seen,) = detector.detect([np.random.default_rng(0).integers(0, 255, (360, 640, 3), np.uint8)], floor=0.002)
    assert len(seen) > 0
    assert detector.inferences == 1
