"""The network: EfficientNet-Lite0, a light top-down decoder, and a head that judges the whole view."""

from dataclasses import dataclass

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

from models.training.detection_graph import Graph
from models.training.water.backbone import CHANNELS, MEAN, STD, Backbone
from models.training.water.layers import Convolution, clipped, doubled, draw_clipped, draw_doubled

WIDTH = 48
"""Channels of the decoder."""
EVIDENCE = 2 * WIDTH + CHANNELS[-1] + 1
"""Numbers from which the flood head judges."""
JUDGE = 32
"""Its hidden units."""
FLOOR = 1e-3
"""Added to shares before a division or a logarithm."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network says of a batch.

    Attributes:
        water: logits [batch, height / 4, width / 4].
        flood: logits [batch].
        evidence: what the flood is judged from, [batch, EVIDENCE, 1, 1].
    """

    water: Tensor
    flood: Tensor
    evidence: Tensor


class Refinement(nn.Module):  # type: ignore[misc, unused-ignore]
    """x + pointwise(relu6(depthwise(x))): smooths what doubling leaves, for a hundredth of a dense convolution."""

    def __init__(self, side: int, width: int = WIDTH) -> None:
        super().__init__()
        self.depthwise = Convolution(width, width, side, groups=width)
        self.pointwise = Convolution(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return clipped(x + self.pointwise(clipped(self.depthwise(x))))

    def draw(self, graph: Graph, x: str) -> str:
        """The same as nodes; returns the output's name."""
        y = self.pointwise.draw(graph, draw_clipped(graph, self.depthwise.draw(graph, x)))
        return draw_clipped(graph, graph.op("Add", x, y))


class FloodHead(nn.Module):  # type: ignore[misc, unused-ignore]
    """Is the road in view flooded? From what is where the water is, from the whole view, and from the water's share.

    The share alone cannot tell a flood from a river or from a wet road that reflects lamps; the features alone would
    have to find out again where water is. Everything is pooled before the first weight, so a picture's evidence is one
    vector, and a head can be trained on vectors in seconds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hidden = Convolution(EVIDENCE, JUDGE)
        self.answer = Convolution(JUDGE, 1)
        self.drop = nn.Dropout(0.3)

    def forward(self, evidence: Tensor) -> Tensor:
        """[batch, EVIDENCE, 1, 1] → logits [batch]."""
        return self.answer(self.drop(clipped(self.hidden(self.drop(evidence)))))[:, 0, 0, 0]

    def draw(self, graph: Graph, evidence: str) -> str:
        """The same as nodes; the name of the probabilities."""
        logit = self.answer.draw(graph, draw_clipped(graph, self.hidden.draw(graph, evidence)))
        return graph.op("Sigmoid", graph.op("Reshape", logit, graph.constant(np.array([-1]))))


def evidence_of(fine: Tensor, coarse: Tensor, water: Tensor) -> Tensor:
    """From features of decoder (stride 8) and backbone (stride 32) and water logits (stride 2).

    [batch, EVIDENCE, 1, 1]: mean decoder features where water is, and everywhere; mean backbone features; the
    logarithm of the water's share.
    """
    share = nn.functional.avg_pool2d(torch.sigmoid(water)[:, None], 4)
    everywhere = share.mean((2, 3), keepdim=True) + FLOOR
    there = (fine * share).mean((2, 3), keepdim=True) / everywhere
    view, scene = fine.mean((2, 3), keepdim=True), coarse.mean((2, 3), keepdim=True)
    return torch.cat([there, view, scene, torch.log(everywhere)], 1)


def draw_evidence(graph: Graph, fine: str, coarse: str, water: str) -> str:
    """The same as nodes, from water *probabilities* [batch, 1, height / 4, width / 4]."""
    share = graph.op("AveragePool", water, kernel_shape=[4, 4], strides=[4, 4])
    floor = graph.constant(np.array(FLOOR, np.float32))
    everywhere = graph.op("Add", graph.op("GlobalAveragePool", share), floor)
    there = graph.op("Div", graph.op("GlobalAveragePool", graph.op("Mul", fine, share)), everywhere)
    view, scene = graph.op("GlobalAveragePool", fine), graph.op("GlobalAveragePool", coarse)
    return graph.concatenation(there, view, scene, graph.op("Log", everywhere), axis=1)


class WaterNetwork(nn.Module):  # type: ignore[misc, unused-ignore]
    """Halved BGR pictures [batch, 3, height / 2, width / 2], values 0–255, multiples of 16 → `Seen`.

    The file's input is the whole picture, averaged over 2 × 2 pixels inside: water has no detail that would need more,
    averaging takes out half of a night camera's noise, and the network costs a quarter. Training makes its pictures at
    the halved size.
    """

    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone()
        # From coarse to fine: strides 32, 16, 8, 4 of the halved picture.
        self.laterals = nn.ModuleList(Convolution(channels, WIDTH) for channels in CHANNELS[:0:-1])
        self.context = Convolution(CHANNELS[-1], WIDTH)
        self.refinements = nn.ModuleList(Refinement(side) for side in (5, 5, 3, 3))
        self.narrow = Convolution(WIDTH, CHANNELS[0])
        self.edge = Refinement(3, CHANNELS[0])
        self.water = Convolution(CHANNELS[0], 1)
        self.flood = FloodHead()

    def forward(self, image: Tensor) -> Seen:
        finest, *features = self.backbone(image)
        features.reverse()
        coarse = features[0]
        # What kind of view this is, told to every pixel (ParseNet, arXiv:1506.04579).
        x = self.laterals[0](coarse) + self.context(coarse.mean((2, 3), keepdim=True))
        x = self.refinements[0](x)
        levels = []
        for lateral, refinement, feature in zip(self.laterals[1:], self.refinements[1:], features[1:], strict=True):
            x = refinement(doubled(x, feature) + lateral(feature))
            levels.append(x)
        logits = self.water(self.edge(doubled(self.narrow(x), finest) + finest))[:, 0]
        evidence = evidence_of(levels[1], coarse, logits)
        return Seen(logits, self.flood(evidence), evidence)

    def draw(self, graph: Graph, image: str) -> tuple[str, str]:
        """The same as nodes from uint8 [batch, height, width, 3]; names of the water and flood probabilities."""
        x = graph.op("Transpose", graph.op("Cast", image, to=TensorProto.FLOAT), perm=[0, 3, 1, 2])
        x = graph.op("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
        x = graph.op("Sub", x, graph.constant(np.array(MEAN, np.float32)))
        finest, *features = self.backbone.draw(graph, graph.op("Mul", x, graph.constant(np.array(1 / STD, np.float32))))
        features.reverse()
        coarse = features[0]
        context = self.context.draw(graph, graph.op("GlobalAveragePool", coarse))
        x = graph.op("Add", self.laterals[0].draw(graph, coarse), context)
        x = self.refinements[0].draw(graph, x)
        levels = []
        for level, feature in enumerate(features[1:], 1):
            larger = draw_doubled(graph, x, feature, may_be_odd=level == 1)
            x = graph.op("Add", larger, self.laterals[level].draw(graph, feature))
            x = self.refinements[level].draw(graph, x)
            levels.append(x)
        x = draw_doubled(graph, self.narrow.draw(graph, x), finest, may_be_odd=False)
        water = graph.op("Sigmoid", self.water.draw(graph, self.edge.draw(graph, graph.op("Add", x, finest))))
        return water, self.flood.draw(graph, draw_evidence(graph, levels[1], coarse, water))


def as_onnx(network: WaterNetwork) -> bytes:
    """The model file: `image` uint8 [batch, height, width, 3] BGR → `water` [batch, height / 4, width / 4], `flood`."""
    graph = Graph([])
    water, flood = network.draw(graph, "image")
    squeezed = helper.make_node("Squeeze", [water, graph.constant(np.array([1]))], ["water"], name="water")
    named = helper.make_node("Identity", [flood], ["flood"], name="flood")
    outputs = [
        helper.make_tensor_value_info("water", TensorProto.FLOAT, ["batch", "height_4", "width_4"]),
        helper.make_tensor_value_info("flood", TensorProto.FLOAT, ["batch"]),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", "height", "width", 3])
    nodes = [*graph.nodes, squeezed, named]
    network_graph = helper.make_graph(nodes, "water", [image], outputs, graph.initialisers)
    model = helper.make_model(network_graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))
