"""A made network that sees water wherever a picture is blue, in the form that models.water expects."""

import hashlib
from pathlib import Path

import numpy as np
import yaml
from onnx import TensorProto, helper, numpy_helper

CARD = {
    "name": "blue",
    "file": "model.onnx",
    "task": "water",
    "summary": "Calls water what is blue.",
    "water_above": 0.5,
    "flood_above": 0.5,
    "input": {
        "name": "image",
        "layout": "uint8 [batch, height, width, 3]",
        "colour_order": "BGR",
        "side": 320,
        "multiple": 32,
        "mean": [0.0, 0.0, 0.0],
        "std": [1.0, 1.0, 1.0],
        "dynamic_axes": ["batch", "height", "width"],
    },
    "outputs": {"water": "water", "flood": "flood"},
    "origin": {
        "command": "python -m tests.models.water_network",
        "seed": 0,
        "started_from": "nothing",
        "data": [{"name": "none", "what": "nothing", "licence": "none"}],
        "licence": "AGPL-3.0-or-later",
    },
    "metrics": [],
    "limits": ["Knows nothing but blue."],
}


def network(reduction: int = 4) -> bytes:
    """water: the blue channel over 255, averaged; flood: the blue channel's maximum over 255."""
    constants = {"zero": [0], "one": [1], "last": [3]}
    initialisers = [numpy_helper.from_array(np.array(value), name) for name, value in constants.items()]
    initialisers.append(numpy_helper.from_array(np.array(1 / 255, np.float32), "scale"))
    nodes = [
        helper.make_node("Slice", ["image", "zero", "one", "last"], ["blue"]),
        helper.make_node("Cast", ["blue"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["float", "scale"], ["chance"]),
        helper.make_node("Transpose", ["chance"], ["nchw"], perm=[0, 3, 1, 2]),
        helper.make_node("AveragePool", ["nchw"], ["pooled"], kernel_shape=[reduction] * 2, strides=[reduction] * 2),
        helper.make_node("Squeeze", ["pooled", "one"], ["water"]),
        helper.make_node("ReduceMax", ["nchw"], ["flood"], axes=[1, 2, 3], keepdims=0),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", "height", "width", 3])
    water = helper.make_tensor_value_info("water", TensorProto.FLOAT, ["batch", "rows", "columns"])
    flood = helper.make_tensor_value_info("flood", TensorProto.FLOAT, ["batch"])
    graph = helper.make_graph(nodes, "blue", [image], [water, flood], initialisers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def put(folder: Path, content: bytes) -> Path:
    """The folder of that network with its card."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(content)
    card = CARD | {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "card.yaml").write_text(yaml.safe_dump(card))
    return folder
