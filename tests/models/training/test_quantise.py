import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.training.quantise import main, outer_convolutions, quantised


def small_network() -> bytes:
    """Five convolutions in a row, weights kept in float16, as the zoo keeps them."""
    rng = np.random.default_rng(1)
    channels = (3, 8, 8, 8, 8, 8)
    nodes = [
        helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["float"], ["x0"], perm=[0, 3, 1, 2]),
    ]
    kernels = []
    for n in range(5):
        spread = 0.01 if n == 0 else 0.15
        kernel = rng.normal(0, spread, (channels[n + 1], channels[n], 3, 3)).astype(np.float16)
        kernels.append(numpy_helper.from_array(kernel, f"kernel{n}"))
        output = "features" if n == 4 else f"y{n}"
        nodes += [
            helper.make_node("Cast", [f"kernel{n}"], [f"weights{n}"], to=TensorProto.FLOAT),
            helper.make_node("Conv", [f"x{n}", f"weights{n}"], [output], name=f"conv{n}"),
        ]
        if n < 4:
            nodes.append(helper.make_node("LeakyRelu", [f"y{n}"], [f"x{n + 1}"], alpha=0.1))
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", "height", "width", 3])
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", 8, "h", "w"])
    graph = helper.make_graph(nodes, "small", [image], [features], kernels)
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
    kinds = [tensor.data_type for tensor in model.graph.initializer if len(tensor.dims) == 4]
    assert sorted(kinds) == sorted([TensorProto.INT8] * 2 + [TensorProto.FLOAT] * 3)
    assert "DequantizeLinear" in {node.op_type for node in model.graph.node}
    before, after = run(content, pictures[0]), run(result, pictures[0])
    assert 0 < np.abs(before - after).mean() < 0.03 * before.std()


def test_the_first_two_and_the_last_stay_as_they_are() -> None:
    assert outer_convolutions(onnx.load_from_string(small_network()).graph) == ["conv0", "conv1", "conv4"]


def test_one_picture_unlike_the_others_does_not_make_the_steps_coarse_for_all() -> None:
    dark, bright = (np.full((1, 16, 24, 3), value, np.uint8) for value in (10, 250))
    alone = steps(quantised(small_network(), "image", [bright]))
    among = steps(quantised(small_network(), "image", [dark] * 9 + [bright]))
    assert alone.keys() == among.keys()
    for name, step in among.items():
        assert step == pytest.approx((0.9 * 10 + 0.1 * 250) / 250 * alone[name], rel=0.01), name


def steps(content: bytes) -> dict[str, float]:
    """How far apart two neighbouring values of each INT8 input of a convolution are."""
    graph = onnx.load_from_string(content).graph
    scales = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    quantisers = [node for node in graph.node if node.op_type == "QuantizeLinear"]
    return {node.input[0]: float(scales[node.input[1]]) for node in quantisers}


@pytest.mark.parametrize(("arguments", "message"), [([], "usage"), (["street", ".", "x", "y"], "usage")])
def test_the_command_says_how_it_is_used(arguments: list[str], message: str) -> None:
    with pytest.raises(SystemExit, match=message):
        main(arguments)


def test_a_folder_without_pictures_is_refused(tmp_path: object) -> None:
    with pytest.raises(SystemExit, match="holds no JPEG or PNG"):
        main(["street", str(tmp_path), "out"])
