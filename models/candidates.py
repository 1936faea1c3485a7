"""From what a network proposes to what it saw: one box a thing."""

import numpy as np
from numpy.typing import NDArray

from models.boxes import Boxes, strongest
from models.detections import Detections

MAX_CANDIDATES = 1000
"""Boxes a picture that enter suppression, strongest first: bounds the time a picture full of noise can take."""


def thinned(
    boxes: Boxes, scores: NDArray[np.float32], names: tuple[str, ...], floor: float, overlap: float
) -> Detections:
    """The boxes of one picture that no stronger one of their class overlaps by more than `overlap`, strongest first.

    Args:
        boxes: [anchors, 4], pixels of the network's input; an inside-out side counts as empty.
        scores: [anchors, classes].
        names: of the classes.
        floor: lowest score of interest.
        overlap: intersection over union.
    """
    flat = scores.ravel()
    places = np.flatnonzero(flat >= floor)
    values = flat[places]
    if len(values) > MAX_CANDIDATES:
        top = np.argsort(-values, kind="stable")[:MAX_CANDIDATES]
        places, values = places[top], values[top]
    anchors, classes = np.divmod(places, len(names))
    candidates = boxes[anchors]
    candidates[:, 2:] = np.maximum(candidates[:, 2:], candidates[:, :2])
    kept = strongest(candidates, values, classes, overlap)
    return Detections(candidates[kept], values[kept], classes[kept], names)
