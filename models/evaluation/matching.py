"""Which boxes of a detector are right, which are false, and what it missed, in one picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.boxes import Boxes, coverage, overlaps
from models.detections import Detections

SAME_THING = 0.5
"""Intersection over union from which a box finds a thing, as in PASCAL VOC and COCO's AP50."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """What came of one picture, for one class of things.

    Attributes:
        boxes: float32 [n, 4], the detector's boxes that count, strongest first.
        scores: float32 [n].
        hits: bool [n], the box found a thing that none before it had found.
        truth: float32 [m, 4], the things that count.
        found: float32 [m], the score of the box that found each; 0 where none did.
    """

    boxes: Boxes
    scores: NDArray[np.float32]
    hits: NDArray[np.bool_]
    truth: Boxes
    found: NDArray[np.float32]


def match(seen: Detections, truth: Boxes, ignored: NDArray[np.bool_], overlap: float = SAME_THING) -> Matches:
    """Compare boxes of one class (whatever `seen` calls them) with the labels of one picture.

    Each box, strongest first, takes the free thing it overlaps most, or is false. A box that took nothing and lies by
    half or more in one of the `ignored` things counts neither way, and nor do those.

    Args:
        seen: boxes of the class in question.
        truth: [m, 4], boxes in pixels of the same picture.
        ignored: bool [m], things nobody can be asked to find: crowds, what is nearly hidden, what is too small.
        overlap: intersection over union from which a box finds a thing.
    """
    wanted, vague = truth[~ignored], truth[ignored]
    shared = overlaps(seen.boxes, wanted)
    excused = np.asarray((coverage(seen.boxes, vague) >= 0.5).any(axis=1), bool)
    order = np.argsort(-seen.scores, kind="stable")
    found = np.zeros(len(wanted), np.float32)
    hits = np.zeros(len(seen), bool)
    for row in order:
        best = int(shared[row].argmax()) if len(wanted) else -1
        if best >= 0 and float(shared[row, best]) >= overlap:
            found[best], hits[row] = seen.scores[row], True
            shared[:, best] = 0
    counted = order[hits[order] | ~excused[order]]
    return Matches(seen.boxes[counted], seen.scores[counted], hits[counted], wanted, found)
