"""Layers that can be trained with torch and drawn as nodes of an ONNX graph: one description, two uses."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.training.detection_graph import Graph

RELU6 = 6.0


class Convolution(nn.Module):  # type: ignore[misc, unused-ignore]  # torch is Any where it is not installed
    """A convolution with bias; where a frozen batch normalisation follows in the source, its scale is kept apart.

    Multiplying the scale into the weights for good would compute the same, but steps of AdamW have one size for all
    weights, and channels of a published network differ in scale by two orders of magnitude.

    Padding is TensorFlow's SAME for even sides: a halving kernel of 3 pads only right and below, one of 5 by 1 and 2.
    `centred` pads equally, and makes ceil(n / 2) of an odd n.
    """

    scale: Tensor

    def __init__(
        self, inputs: int, outputs: int, side: int = 1, stride: int = 1, *, groups: int = 1, centred: bool = False
    ) -> None:
        super().__init__()
        self.side, self.stride, self.groups, self.centred = side, stride, groups, centred
        self.weight = nn.Parameter(torch.empty(outputs, inputs // groups, side, side))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.register_buffer("scale", torch.ones(outputs))
        nn.init.kaiming_normal_(self.weight, nonlinearity="relu")

    @property
    def pads(self) -> tuple[int, int]:
        """Pixels added before (left, above) and after (right, below)."""
        if self.centred:
            return self.side // 2, self.side // 2
        total = self.side - self.stride
        return total // 2, total - total // 2

    def folded(self) -> Tensor:
        """The weights as the picture meets them: [out, in / groups, side, side]."""
        return self.weight * self.scale[:, None, None, None]

    def forward(self, x: Tensor) -> Tensor:
        before, after = self.pads
        if before != after:
            x = functional.pad(x, (before, after, before, after))
            before = 0
        return functional.conv2d(x, self.folded(), self.bias, self.stride, before, groups=self.groups)

    def draw(self, graph: Graph, x: str) -> str:
        """The same as nodes; returns the output's name."""
        before, after = self.pads
        return graph.op(
            "Conv",
            x,
            graph.weights(halved(self.folded())),
            graph.weights(halved(self.bias)),
            kernel_shape=[self.side] * 2,
            strides=[self.stride] * 2,
            pads=[before, before, after, after],
            group=self.groups,
        )


def halved(tensor: Tensor) -> NDArray[np.float16]:
    """As float16, the form in which weights are stored."""
    return np.asarray(tensor.detach().cpu().numpy(), np.float16)


def clipped(x: Tensor) -> Tensor:
    """ReLU6, the activation of EfficientNet-Lite: its values stay in a range that eight bits can hold."""
    return functional.relu6(x)


def draw_clipped(graph: Graph, x: str) -> str:
    """ReLU6 as a node."""
    return graph.op("Clip", x, graph.constant(np.array(0, np.float32)), graph.constant(np.array(RELU6, np.float32)))


class InvertedResidual(nn.Module):  # type: ignore[misc, unused-ignore]
    """Widen, filter each channel alone, narrow (MobileNetV2, arXiv:1801.04381), without squeeze-and-excitation."""

    def __init__(
        self, inputs: int, outputs: int, widening: int, side: int, stride: int, *, centred: bool = False
    ) -> None:
        super().__init__()
        wide = inputs * widening
        self.expand = Convolution(inputs, wide) if widening > 1 else None
        self.depthwise = Convolution(wide, wide, side, stride, groups=wide, centred=centred)
        self.project = Convolution(wide, outputs)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = clipped(self.expand(x)) if self.expand is not None else x
        y = self.project(clipped(self.depthwise(y)))
        return x + y if self.residual else y

    def draw(self, graph: Graph, x: str) -> str:
        """The same as nodes; returns the output's name."""
        y = draw_clipped(graph, self.expand.draw(graph, x)) if self.expand is not None else x
        y = self.project.draw(graph, draw_clipped(graph, self.depthwise.draw(graph, y)))
        return graph.op("Add", x, y) if self.residual else y


def doubled(x: Tensor, like: Tensor) -> Tensor:
    """Twice as high and wide, bilinear; cut to the size of `like`, which is one less where that is odd."""
    larger = functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
    return larger[:, :, : like.shape[2], : like.shape[3]]


def draw_doubled(graph: Graph, x: str, like: str, may_be_odd: bool) -> str:
    """The same as nodes; `may_be_odd` false spares the cut."""
    scales = graph.constant(np.array([1, 1, 2, 2], np.float32))
    larger = graph.op("Resize", x, "", scales, mode="linear", coordinate_transformation_mode="half_pixel")
    if not may_be_odd:
        return larger
    start, axes = graph.constant(np.array([0, 0])), graph.constant(np.array([2, 3]))
    return graph.op("Slice", larger, start, graph.op("Shape", like, start=2, end=4), axes)


def draw_all(graph: Graph, x: str, layers: Sequence[InvertedResidual]) -> str:
    """One after the other."""
    for layer in layers:
        x = layer.draw(graph, x)
    return x
