"""NanoDet-g's network as an ONNX graph: what every recipe that trains or imports one of its kind needs to write it.

Architecture: https://github.com/RangiLyu/nanodet, config/nanodet-g.yml. Convolutions stand in one list: the
backbone's, one lateral 1 × 1 a level (finest first), two of the head a level (finest first).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

MEAN_BGR = (103.53, 116.28, 123.675)
STD_BGR = (57.375, 57.12, 58.395)
STRIDES = (8, 16, 32)
STAGE_DEPTHS = (1, 2, 2, 3)  # of the stages that end at strides 4, 8, 16 and 32
BACKBONE = 1 + sum(2 + 2 * depth for depth in STAGE_DEPTHS)
"""So many convolutions come before the first lateral one."""
BINS = 11  # a side of a box is a distribution over 0 … 10 strides (generalised focal loss, arXiv:2006.04388)
LEAK = 0.1

FloatArray = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Quantised:
    """A kernel in eight bits: `steps` int8 (out, in, height, width) times `size` float32 (out, 1, 1, 1)."""

    steps: NDArray[np.int8]
    size: NDArray[np.float32]

    @classmethod
    def of(cls, kernel: FloatArray) -> "Quantised":
        """Symmetric and rounded to nearest, with a scale of its own for each filter."""
        exact = kernel.astype(np.float32)
        largest = np.abs(exact).max(axis=(1, 2, 3), keepdims=True)
        size = np.where(largest > 0, largest / 127, 1).astype(np.float32)
        return cls(np.clip(np.rint(exact / size), -127, 127).astype(np.int8), size)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the kernel."""
        return self.steps.shape


Kernel = FloatArray | Quantised
Convolution = tuple[Kernel, FloatArray]
"""Kernel (out, in, height, width) and bias (out)."""


class Graph:
    """Nodes and initialisers in the order they are made; every method returns the name of what it made."""

    def __init__(self, convolutions: Sequence[Convolution]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initialisers: list[onnx.TensorProto] = []
        self._convolutions = convolutions

    def constant(self, value: NDArray[Any]) -> str:
        name = f"c{len(self.initialisers)}"
        self.initialisers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def weights(self, value: Kernel) -> str:
        """A float32 tensor; kept as float16 where the source has float16, which loses nothing and halves the file.

        Eight bits are spread out by Cast and Mul, not by DequantizeLinear: those onnxruntime folds when it loads.
        """
        if isinstance(value, Quantised):
            steps = self.op("Cast", self.constant(value.steps), to=TensorProto.FLOAT)
            return self.op("Mul", steps, self.constant(value.size))
        if value.dtype == np.float16:
            return self.op("Cast", self.constant(value), to=TensorProto.FLOAT)
        return self.constant(value)

    def convolution(self, x: str, index: int, stride: int = 1) -> str:
        kernel, bias = self._convolutions[index]
        side = kernel.shape[2]
        parameters = [self.weights(kernel), self.weights(bias)]
        return self.op("Conv", x, *parameters, kernel_shape=[side] * 2, strides=[stride] * 2, pads=[side // 2] * 4)

    def block(self, x: str, index: int, stride: int = 1) -> str:
        return self.op("LeakyRelu", self.convolution(x, index, stride), alpha=LEAK)

    def concatenation(self, *parts: str, axis: int) -> str:
        return self.op("Concat", *parts, axis=axis)


def normalised(graph: Graph, image: str) -> str:
    """uint8 [batch, height, width, 3] → float32 [batch, 3, height, width], zero mean and unit variance a channel."""
    x = graph.op("Transpose", graph.op("Cast", image, to=TensorProto.FLOAT), perm=[0, 3, 1, 2])
    x = graph.op("Sub", x, graph.constant(np.array(MEAN_BGR, np.float32).reshape(1, 3, 1, 1)))
    return graph.op("Mul", x, graph.constant((1 / np.array(STD_BGR)).astype(np.float32).reshape(1, 3, 1, 1)))


def cross_stage_partial(graph: Graph, x: str, first: int, depth: int, stride: int) -> tuple[str, int]:
    """One stage of the backbone (CSPNet, arXiv:1911.11929); returns it and the index of the next free convolution."""
    entry = graph.block(x, first, stride)
    y, index = entry, first + 1
    for _ in range(depth):
        narrow = graph.block(y, index)
        y = graph.concatenation(graph.block(narrow, index + 1), narrow, axis=1)
        index += 2
    return graph.concatenation(graph.block(y, index), entry, axis=1), index + 1


def backbone(graph: Graph, x: str) -> list[str]:
    """Features at strides 4, 8, 16 and 32."""
    # The rectifier rises everywhere, so the largest may be taken before it: of a quarter of the values. Between the two
    # onnxruntime would also move the rounding to eight bits, for which its pooling takes five times as long.
    x = graph.op("MaxPool", graph.convolution(x, 0, stride=2), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    x = graph.op("LeakyRelu", x, alpha=LEAK)
    features, index = [], 1
    for stage, depth in enumerate(STAGE_DEPTHS):
        x, index = cross_stage_partial(graph, x, index, depth, stride=2 if stage else 1)
        features.append(x)
    return features


def neck(graph: Graph, features: Sequence[str]) -> list[str]:
    """Path aggregation (PANet, arXiv:1803.01534): coarse meaning to the fine level, fine place to the coarse.

    Features of strides 8, 16, 32; or of 4 too: that level only receives, so the others are as they were without it.
    """

    def doubled(x: str) -> str:
        scales = graph.constant(np.array([1, 1, 2, 2], np.float32))
        return graph.op("Resize", x, "", scales, mode="linear", coordinate_transformation_mode="half_pixel")

    def halved(x: str) -> str:
        return graph.op("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])

    *finest, fine, middle, coarse = (graph.convolution(x, BACKBONE + level) for level, x in enumerate(features))
    middle = graph.op("Add", middle, doubled(coarse))
    fine = graph.op("Add", fine, doubled(middle))
    middle = graph.op("Add", middle, halved(fine))
    levels = [fine, middle, graph.op("Add", coarse, halved(middle))]
    return [*(graph.op("Add", x, doubled(fine)) for x in finest), *levels]


def centres(graph: Graph, x: str, stride: int) -> str:
    """Centres of the cells of a feature map in input pixels: [1, cells, 4], as x, y, x, y."""

    def axis(dimension: int, shape: list[int]) -> str:
        length = graph.op("Shape", x, start=dimension, end=dimension + 1)
        scalar = graph.op("Cast", graph.op("Squeeze", length), to=TensorProto.FLOAT)
        steps = graph.op("Range", zero, scalar, one)
        places = graph.op("Mul", graph.op("Add", steps, half), pitch)
        return graph.op("Reshape", places, graph.constant(np.array(shape)))

    zero, half, one, pitch = (graph.constant(np.array(v, np.float32)) for v in (0, 0.5, 1, stride))
    size = graph.op("Shape", x, start=2, end=4)
    columns = graph.op("Expand", axis(3, [1, -1]), size)
    rows = graph.op("Expand", axis(2, [-1, 1]), size)
    flat = graph.constant(np.array([1, -1, 1]))
    columns, rows = graph.op("Reshape", columns, flat), graph.op("Reshape", rows, flat)
    return graph.concatenation(columns, rows, columns, rows, axis=2)


def head(graph: Graph, x: str, index: int, stride: int, count: int) -> tuple[str, str]:
    """Boxes [batch, cells, 4] and scores [batch, cells, classes] of one level, for a count of classes."""
    prediction = graph.convolution(graph.block(x, index), index + 1)
    flat = graph.op("Reshape", prediction, graph.constant(np.array([0, count + 4 * BINS, -1])))
    rows = graph.op("Transpose", flat, perm=[0, 2, 1])
    parts = [f"logits_{stride}", f"sides_{stride}"]
    sizes = graph.constant(np.array([count, 4 * BINS]))
    graph.nodes.append(helper.make_node("Split", [rows, sizes], parts, name=f"split_{stride}", axis=2))
    sides = graph.op("Reshape", parts[1], graph.constant(np.array([0, -1, 4, BINS])))
    reach = graph.constant((np.arange(BINS) * stride).astype(np.float32).reshape(BINS, 1))
    distance = graph.op("MatMul", graph.op("Softmax", sides, axis=3), reach)
    distance = graph.op("Squeeze", distance, graph.constant(np.array([3])))
    outward = graph.op("Mul", distance, graph.constant(np.array([-1, -1, 1, 1], np.float32)))
    return graph.op("Add", centres(graph, x, stride), outward), graph.op("Sigmoid", parts[0])


def model_file(name: str, convolutions: Sequence[Convolution], classes: int, strides: Sequence[int] = STRIDES) -> bytes:
    """The whole network as a file of the zoo: same weights, same bytes.

    Input `image` uint8 [batch, height, width, 3], BGR, sides multiples of 32; outputs `boxes` float32
    [batch, anchors, 4] (x1, y1, x2, y2 in input pixels) and `scores` float32 [batch, anchors, classes].
    """
    graph = Graph(convolutions)
    levels = neck(graph, backbone(graph, normalised(graph, "image"))[-len(strides) :])
    first = BACKBONE + len(strides)
    heads = [
        head(graph, x, first + 2 * n, stride, classes)
        for n, (x, stride) in enumerate(zip(levels, strides, strict=True))
    ]
    for output, parts in zip(("boxes", "scores"), zip(*heads, strict=True), strict=True):
        graph.nodes.append(helper.make_node("Concat", list(parts), [output], name=output, axis=1))
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", "height", "width", 3])
    boxes = helper.make_tensor_value_info("boxes", TensorProto.FLOAT, ["batch", "anchors", 4])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", "anchors", classes])
    network = helper.make_graph(graph.nodes, name, [image], [boxes, scores], graph.initialisers)
    model = helper.make_model(network, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def read_convolutions(model: onnx.ModelProto) -> list[tuple[FloatArray, FloatArray]]:
    """Kernel and bias of every convolution of such a file, in its order and in float32.

    Raises:
        ValueError: a convolution's weights are not kept as this module keeps them.
    """
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    makers = {node.output[0]: node for node in model.graph.node}

    def value(name: str) -> FloatArray:
        if name in stored:
            return np.asarray(stored[name], np.float32)
        maker = makers.get(name)
        if maker is None or maker.op_type not in ("Cast", "Mul"):
            raise ValueError(f"the weights {name!r} are neither stored nor a cast or product of stored ones")
        first, *others = map(value, maker.input)
        for other in others:
            first = first * other
        return first

    return [(value(node.input[1]), value(node.input[2])) for node in model.graph.node if node.op_type == "Conv"]
