import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.training.quantise import main, quantised


def small_network() -> bytes:
    """A convolution whose weights are kept in float16, as the zoo keeps them."""
    kernel = np.random.default_rng(1).normal(0, 0.1, (8, 3, 3, 3)).astype(np.float16)
    nodes = [
        helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["float"], ["nchw"], perm=[0, 3, 1, 2]),
        helper.make_node("Cast", ["kernel"], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("Conv", ["nchw", "weights"], ["features"], name="conv"),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", "height", "width", 3])
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", 8, "h", "w"])
    graph = helper.make_graph(nodes, "small", [image], [features], [numpy_helper.from_array(kernel, "kernel")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def run(content: bytes, image: np.ndarray) -> np.ndarray:
    session = ort.InferenceSession(content, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"image": image})[0])


def test_convolutions_become_int8_and_say_nearly_the_same() -> None:
    noise = np.random.default_rng(0)
    pictures = [noise.integers(0, 255, (1, 16, 24, 3), np.uint8) for _ in range(4)]
    content = small_network()
    result = quantised(content, "image", pictures)
    model = onnx.load_from_string(result)
    assert TensorProto.INT8 in {tensor.data_type for tensor in model.graph.initializer}
    assert "DequantizeLinear" in {node.op_type for node in model.graph.node}
    before, after = run(content, pictures[0]), run(result, pictures[0])
    assert 0 < np.abs(before - after).mean() < 0.03 * before.std()


@pytest.mark.parametrize(("arguments", "message"), [([], "usage"), (["nanodet_g", ".", "x", "y"], "usage")])
def test_the_command_says_how_it_is_used(arguments: list[str], message: str) -> None:
    with pytest.raises(SystemExit, match=message):
        main(arguments)


def test_a_folder_without_pictures_is_refused(tmp_path: object) -> None:
    with pytest.raises(SystemExit, match="holds no JPEG or PNG"):
        main(["nanodet_g", str(tmp_path), "out"])
