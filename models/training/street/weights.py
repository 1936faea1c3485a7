"""Where the network starts: NanoDet-g's weights, given a class more, a level more, or fewer channels. No torch."""

from collections.abc import Sequence
from math import log
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from models.card import find
from models.training.detection_graph import BACKBONE, BINS, STAGE_DEPTHS, FloatArray, read_convolutions
from models.training.street.recipe import CLASSES, COCO_CLASSES, Architecture

PRIOR = 0.01
"""Score of a class nobody has shown yet (RetinaNet, arXiv:1708.02002): high enough to learn, too low to disturb."""
CHANNELS = 16
"""Widths are multiples of this: 0.7 of the width in steps of 8 took longer in INT8 than 0.8 of it."""

Weights = list[tuple[FloatArray, FloatArray]]
"""Kernel (out, in, height, width) and bias (out), in the order of `detection_graph`, float32."""


def start(architecture: Architecture, folder: Path) -> Weights:
    """NanoDet-g changed into this architecture.

    Args:
        architecture: of the network that is wanted.
        folder: with NanoDet-g, as `models.training.nanodet_g` writes it.

    Raises:
        ModelError: the folder's model or card is missing or damaged.
    """
    return adapted(read_convolutions(onnx.load_from_string(find(folder).content())), architecture)


def adapted(weights: Weights, architecture: Architecture) -> Weights:
    """Weights of a NanoDet-g for COCO's street classes, changed into this architecture with our classes."""
    weights = with_classes(weights, len(CLASSES) - COCO_CLASSES)
    if architecture.fine_level:
        weights = with_fine_level(weights)
    return narrowed(weights, architecture.width) if architecture.width < 1 else weights


def with_classes(weights: Weights, more: int) -> Weights:
    """Rows for more classes behind the known ones: their filters are the mean of the known, so they see things."""

    def widened(kernel: FloatArray, bias: FloatArray) -> tuple[FloatArray, FloatArray]:
        known = len(bias) - 4 * BINS
        rows = np.repeat(kernel[:known].mean(axis=0, keepdims=True), more, axis=0)
        prior = np.full(more, -log(1 / PRIOR - 1), np.float32)
        return (
            np.concatenate([kernel[:known], rows, kernel[known:]]),
            np.concatenate([bias[:known], prior, bias[known:]]),
        )

    return [widened(*pair) if row in _predictions(weights) else pair for row, pair in enumerate(weights)]


def with_own_channels(weights: Weights, channels: int, seed: int) -> Weights:
    """So many channels more in each head, drawn at random, which no prediction reads yet."""
    rng, found = np.random.default_rng([seed, channels]), list(weights)
    for row in _predictions(weights):
        (head, bias), (prediction, offsets) = found[row - 1], found[row]
        spread = np.sqrt(2 / head[0].size)
        more = rng.normal(0, spread, (channels, *head.shape[1:])).astype(np.float32)
        found[row - 1] = (np.concatenate([head, more]), np.concatenate([bias, np.zeros(channels, np.float32)]))
        silent = np.zeros((len(prediction), channels, 1, 1), np.float32)
        found[row] = (np.concatenate([prediction, silent], axis=1), offsets)
    return found


def with_fine_level(weights: Weights) -> Weights:
    """A level at stride 4: a silent lateral convolution, so that it starts from stride 8's features, and its head."""
    channels = len(weights[BACKBONE][1])
    entry = _stage_channels(weights)[0]
    lateral = (np.zeros((channels, entry, 1, 1), np.float32), np.zeros(channels, np.float32))
    heads = BACKBONE + _levels(weights)
    return [*weights[:BACKBONE], lateral, *weights[BACKBONE:heads], *weights[heads : heads + 2], *weights[heads:]]


def narrowed(weights: Weights, share: float) -> Weights:
    """The strongest filters of every convolution (largest kernel norm, arXiv:1608.08710); predictions stay whole."""
    found: Weights = []

    def shrink(index: int, inputs: NDArray[np.intp], rows: NDArray[np.intp] | None = None) -> NDArray[np.intp]:
        kernel, bias = weights[index]
        rows = _strongest(kernel, share) if rows is None else rows
        found.append((kernel[rows][:, inputs], bias[rows]))
        return rows

    def joined(first: NDArray[np.intp], first_channels: int, second: NDArray[np.intp]) -> NDArray[np.intp]:
        return np.concatenate([first, second + first_channels])

    x, index, features = shrink(0, np.arange(3)), 1, []
    for depth in STAGE_DEPTHS:
        entry = y = shrink(index, x)
        index += 1
        for _ in range(depth):
            narrow = shrink(index, y)
            y = joined(shrink(index + 1, narrow), len(weights[index + 1][1]), narrow)
            index += 2
        x = joined(shrink(index, y), len(weights[index][1]), entry)
        features.append(x)
        index += 1
    levels = _levels(weights)
    # The neck adds its levels, so all of them keep the same channels.
    laterals = np.concatenate([weights[BACKBONE + level][0] for level in range(levels)], axis=1)
    common = _strongest(laterals, share)
    for level, feature in enumerate(features[-levels:]):
        shrink(BACKBONE + level, feature, common)
    for level in range(levels):
        first = BACKBONE + levels + 2 * level
        shrink(first + 1, shrink(first, common), np.arange(len(weights[first + 1][1])))
    return found


def blended(first: Weights, second: Weights, share: float) -> Weights:
    """The weights on the line from the first (share 0) to the second (share 1).

    Between a start and its fine-tuning lie networks that lose less of the old and keep most of the new (WiSE-FT,
    arXiv:2109.01903).

    Raises:
        ValueError: the two are not of one architecture.
    """
    if [kernel.shape for kernel, _ in first] != [kernel.shape for kernel, _ in second]:
        raise ValueError("the two networks differ in form: blend trained weights only with the ones they started from")
    return [
        (k1 + share * (k2 - k1), b1 + share * (b2 - b1))
        for (k1, b1), (k2, b2) in zip(first, second, strict=True)
    ]  # fmt: skip


def _strongest(kernel: FloatArray, share: float) -> NDArray[np.intp]:
    count = min(len(kernel), max(CHANNELS, round(len(kernel) * share / CHANNELS) * CHANNELS))
    strength = np.square(kernel).sum(axis=(1, 2, 3))
    return np.sort(np.argsort(-strength, kind="stable")[:count])


def _levels(weights: Sequence[object]) -> int:
    return (len(weights) - BACKBONE) // 3


def _predictions(weights: Weights) -> range:
    return range(BACKBONE + _levels(weights) + 1, len(weights), 2)


def _stage_channels(weights: Weights) -> list[int]:
    """Channels of the backbone's features at strides 4, 8, 16, 32: a stage joins its last convolution and its first."""
    channels, index = [], 1
    for depth in STAGE_DEPTHS:
        last = index + 2 * depth + 1
        channels.append(len(weights[index][1]) + len(weights[last][1]))
        index = last + 1
    return channels
