"""The network in PyTorch (needs torch). `detection_graph` is the same one in ONNX; a test compares them."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.detection_graph import BACKBONE, BINS, LEAK, MEAN_BGR, STAGE_DEPTHS, STD_BGR
from models.training.street.weights import Weights


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """What the network says about every cell, finest level first, row by row.

    Attributes:
        logits: [batch, cells, classes], before the sigmoid.
        sides: [batch, cells, 4, BINS]: logits of the distance to the left, top, right, bottom side, in strides.
        cells: [cells, 3]: centre x, y and stride in input pixels.
    """

    logits: Tensor
    sides: Tensor
    cells: Tensor

    def boxes(self) -> Tensor:
        """[batch, cells, 4]: x1, y1, x2, y2 in input pixels; distances are means of the distributions."""
        bins = torch.arange(BINS, dtype=self.sides.dtype, device=self.sides.device)
        distance = (self.sides.softmax(dim=3) @ bins) * self.cells[:, 2:]
        centres = self.cells[:, :2]
        return torch.cat([centres - distance[..., :2], centres + distance[..., 2:]], dim=2)


class StreetNet(nn.Module):
    """NanoDet-g. Batch normalisation is already inside the weights, so batches may be small and of any size."""

    def __init__(self, weights: Weights, strides: Sequence[int]) -> None:
        super().__init__()
        self.strides = tuple(strides)
        self.convolutions = nn.ModuleList()
        for kernel, bias in weights:
            layer = nn.Conv2d(kernel.shape[1], kernel.shape[0], kernel.shape[2], padding=kernel.shape[2] // 2)
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(kernel.astype("float32")))
                layer.bias.copy_(torch.from_numpy(bias.astype("float32")))
            self.convolutions.append(layer)
        self.register_buffer("mean", torch.tensor(MEAN_BGR).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("scale", 1 / torch.tensor(STD_BGR).view(1, 3, 1, 1), persistent=False)

    def heads(self) -> list[tuple[nn.Conv2d, nn.Conv2d]]:
        """The two convolutions of each head, finest first; the second has a row a class, then those of the sides."""
        first = BACKBONE + len(self.strides)
        pairs = [first + 2 * level for level in range(len(self.strides))]
        return [(self.convolutions[index], self.convolutions[index + 1]) for index in pairs]

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.convolutions[0].weight.device

    def weights(self) -> Weights:
        """As `start` gives them: float32 arrays, copies."""
        return [
            (layer.weight.detach().cpu().numpy().copy(), layer.bias.detach().cpu().numpy().copy())
            for layer in self.convolutions
        ]

    def forward(self, images: Tensor) -> Predictions:
        """Pictures uint8 [batch, height, width, 3], BGR, sides multiples of 32."""
        x = (images.permute(0, 3, 1, 2).float() - self.mean) * self.scale
        x = x.contiguous(memory_format=torch.channels_last)
        levels = self._neck(self._backbone(x)[-len(self.strides) :])
        logits, sides, cells = [], [], []
        for number, (level, stride) in enumerate(zip(levels, self.strides, strict=True)):
            index = BACKBONE + len(self.strides) + 2 * number
            flat = self._convolution(self._block(level, index), index + 1).flatten(2).transpose(1, 2).float()
            logits.append(flat[..., : -4 * BINS])
            sides.append(flat[..., -4 * BINS :].unflatten(2, (4, BINS)))
            cells.append(cell_centres(level.shape[2], level.shape[3], stride).to(level.device))
        return Predictions(torch.cat(logits, 1), torch.cat(sides, 1), torch.cat(cells))

    def _convolution(self, x: Tensor, index: int, stride: int = 1) -> Tensor:
        layer = self.convolutions[index]
        return functional.conv2d(x, layer.weight, layer.bias, stride, layer.padding)

    def _block(self, x: Tensor, index: int, stride: int = 1) -> Tensor:
        return functional.leaky_relu(self._convolution(x, index, stride), LEAK, inplace=True)

    def _stage(self, x: Tensor, first: int, depth: int, stride: int) -> tuple[Tensor, int]:
        entry = self._block(x, first, stride)
        y, index = entry, first + 1
        for _ in range(depth):
            narrow = self._block(y, index)
            y = torch.cat([self._block(narrow, index + 1), narrow], 1)
            index += 2
        return torch.cat([self._block(y, index), entry], 1), index + 1

    def _backbone(self, x: Tensor) -> list[Tensor]:
        x = functional.max_pool2d(self._block(x, 0, 2), 3, 2, 1)
        features, index = [], 1
        for stage, depth in enumerate(STAGE_DEPTHS):
            x, index = self._stage(x, index, depth, 2 if stage else 1)
            features.append(x)
        return features

    def _neck(self, features: Sequence[Tensor]) -> list[Tensor]:
        def doubled(x: Tensor) -> Tensor:
            return functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)

        *finest, fine, middle, coarse = (self._convolution(x, BACKBONE + level) for level, x in enumerate(features))
        middle = middle + doubled(coarse)
        fine = fine + doubled(middle)
        middle = middle + functional.avg_pool2d(fine, 2)
        coarse = coarse + functional.avg_pool2d(middle, 2)
        return [*(x + doubled(fine) for x in finest), fine, middle, coarse]


def cell_centres(rows: int, columns: int, stride: int) -> Tensor:
    """[rows · columns, 3]: centre x, y and stride in pixels."""
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    centres = (torch.stack([x, y], 2).reshape(-1, 2) + 0.5) * stride
    return torch.cat([centres, torch.full((len(centres), 1), float(stride))], 1)
