"""Networks that give the same outputs whatever they are shown."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.upstream.head import Array

SIDE = 64


def constant_network(path: Path, outputs: list[Array]) -> None:
    """A file that gives these outputs whatever it is shown."""
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, SIDE, SIDE])
    names = [f"out{number}" for number in range(len(outputs))]
    constants = [numpy_helper.from_array(output[None], f"c{name}") for name, output in zip(names, outputs, strict=True)]
    nothing = [
        helper.make_node("ReduceSum", ["image"], ["sum"], keepdims=0),
        helper.make_node("Mul", ["sum", "zero"], ["nothing"]),
    ]
    nodes = [helper.make_node("Add", [f"c{name}", "nothing"], [name]) for name in names]
    zero = numpy_helper.from_array(np.array(0, np.float32), "zero")
    results = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, *output.shape])
        for name, output in zip(names, outputs, strict=True)
    ]
    graph = helper.make_graph([*nothing, *nodes], "constant", [image], results, [zero, *constants])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.write_bytes(onnx.ModelProto.SerializeToString(model))
