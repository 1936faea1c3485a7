"""Weights of NanoDet-g's form that nobody trained: the tests need the form, not what it sees."""

from functools import cache

import numpy as np

from models.training.detection_graph import BINS, STAGE_DEPTHS, STRIDES
from models.training.street.weights import Weights

CLASSES = 6
STEM, COMMON = 32, 128
STAGES = (32, 64, 128, 256)
"""Channels of the first convolution of each stage of the backbone, and of its last."""


@cache
def nanodet_g() -> Weights:
    """Kernels scaled so that features neither fade nor explode (He, arXiv:1502.01852), in float16's values."""
    shapes, inputs, features = [(STEM, 3, 3)], STEM, []
    for depth, channels in zip(STAGE_DEPTHS, STAGES, strict=True):
        half = channels // 2
        shapes.append((channels, inputs, 3))
        for _ in range(depth):
            shapes += [(half, channels, 3), (half, half, 3)]
        shapes.append((channels, channels, 3))
        inputs = 2 * channels
        features.append(inputs)
    shapes += [(COMMON, channels, 1) for channels in features[-len(STRIDES) :]]
    shapes += [(COMMON, COMMON, 3), (CLASSES + 4 * BINS, COMMON, 1)] * len(STRIDES)
    rng = np.random.default_rng(0)
    found = []
    for out, channels, side in shapes:
        predicts = out == CLASSES + 4 * BINS
        spread = (0.2 if predicts else 1.0) * np.sqrt(2 / (channels * side * side))
        kernel = rng.normal(0, spread, (out, channels, side, side)).astype(np.float16).astype(np.float32)
        found.append((kernel, rng.normal(0, 0.05, out).astype(np.float16).astype(np.float32)))
    return found
