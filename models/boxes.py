"""Arithmetic of boxes x1, y1, x2, y2."""

import cv2
import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]
"""[n, 4]: x1, y1, x2, y2 in pixels."""


def areas(boxes: Boxes) -> NDArray[np.float32]:
    """Square pixels of every box: [n]."""
    sides = boxes[:, 2:] - boxes[:, :2]
    return np.asarray(sides[:, 0] * sides[:, 1], np.float32)


def intersections(a: Boxes, b: Boxes) -> NDArray[np.float32]:
    """Square pixels that every pair shares: [len(a), len(b)]."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    sides = np.maximum(high - low, 0)
    return np.asarray(sides[..., 0] * sides[..., 1], np.float32)


def overlaps(a: Boxes, b: Boxes) -> NDArray[np.float32]:
    """Intersection over union of every pair: [len(a), len(b)], 0 where both boxes are empty."""
    shared = intersections(a, b)
    union = areas(a)[:, None] + areas(b)[None, :] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0), np.float32)


def coverage(a: Boxes, b: Boxes) -> NDArray[np.float32]:
    """The share of each box of `a` that lies in each box of `b`: [len(a), len(b)], 0 where `a` is empty."""
    shared = intersections(a, b)
    own = np.broadcast_to(areas(a)[:, None], shared.shape)
    return np.asarray(np.divide(shared, own, out=np.zeros_like(shared), where=own > 0), np.float32)


def strongest(
    boxes: Boxes, scores: NDArray[np.float32], classes: NDArray[np.int64], overlap: float
) -> NDArray[np.intp]:
    """Greedy non-maximum suppression, class by class.

    Returns the indices of the boxes that no stronger box of the same class overlaps by more than `overlap`
    (intersection over union), strongest first; equal scores keep their order.
    """
    sides = boxes.astype(float)
    sides[:, 2:] -= sides[:, :2]
    kept = [np.zeros(0, np.intp)]
    for member in np.unique(classes):  # OpenCV's own classes cost twice the time: it compares boxes of all of them
        rows = np.flatnonzero(classes == member)
        chosen = cv2.dnn.NMSBoxes(
            sides[rows].tolist(), scores[rows].tolist(), score_threshold=0.0, nms_threshold=overlap
        )
        kept.append(rows[np.asarray(chosen, np.intp)])
    rows = np.sort(np.concatenate(kept))
    return rows[np.argsort(-scores[rows], kind="stable")]
