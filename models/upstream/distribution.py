"""Boxes as distributions over distances to the four sides (generalised focal loss, arXiv:2006.04388)."""

from collections.abc import Sequence

import numpy as np

from models.boxes import Boxes
from models.upstream.coco import CLASSES, STREET_ROWS
from models.upstream.head import Array, Signature, cells, corners

BINS = 8
"""A side lies 0 … 7 strides from the middle of its cell."""


def levels(signature: Signature, strides: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The outputs such a network has: the scores of every level, then the sides of every level."""
    counts = [int(np.prod(cells(signature, stride))) for stride in strides]
    return (*((count, CLASSES) for count in counts), *((count, 4 * BINS) for count in counts))


def decoded(outputs: Sequence[Array], signature: Signature, strides: Sequence[int]) -> tuple[Boxes, Array]:
    """Boxes [n, 4] in input pixels and scores [n, street classes] of one picture, from outputs as in `levels`."""
    boxes = []
    for sides, stride in zip(outputs[len(strides) :], strides, strict=True):
        bins = sides.reshape(-1, 4, BINS)
        weights = np.exp(bins - bins.max(axis=2, keepdims=True))
        distance = (weights @ np.arange(BINS, dtype=np.float32)) / weights.sum(axis=2) * stride
        centre = (corners(signature, stride) + 0.5) * stride
        boxes.append(np.concatenate([centre - distance[:, :2], centre + distance[:, 2:]], axis=1))
    scores = np.concatenate([level[:, STREET_ROWS] for level in outputs[: len(strides)]])
    return np.concatenate(boxes).astype(np.float32), scores
