"""The detector, as a road needs it: the whole picture and a crop of it, without what crops are bad at."""

import numpy as np

from edge.picture import Image
from models.detections import Detections
from models.detector import Detector
from models.zoom import Crop, merge

FLOOR = 0.1
"""Scores down to this are kept: masking wants even doubtful people."""
CROP_LIMIT = 0.5
"""A thing that fills more than this share of a crop's side is one for the whole picture; a detector that is shown an
empty patch of road sometimes answers with one car as large as the patch."""
BORDER = 0.015
"""A box that ends within this share of a crop's longer side from its border may be cut: another view shows it whole."""


def see(detector: Detector, image: Image, crop: Crop | None) -> Detections:
    """What is in a picture, looked at as a whole and, where a crop is given, enlarged there."""
    if crop is None:
        (whole,) = detector.detect([image], FLOOR)
        return merge(whole, np.zeros(len(whole), bool))
    whole, part = detector.detect([image, crop.of(image)], FLOOR)
    part = _trusted(part, crop, image).shifted(crop.x1, crop.y1)
    both = Detections.concatenate([whole, part])
    return merge(both, np.zeros(len(both), bool))


def _trusted(part: Detections, crop: Crop, image: Image) -> Detections:
    """The boxes of a crop (in its own pixels) that are small in it and not cut by a border that only the crop has."""
    width, height = crop.x2 - crop.x1, crop.y2 - crop.y1
    margin = BORDER * max(width, height)
    x1, y1, x2, y2 = part.boxes.T
    small = (x2 - x1 < CROP_LIMIT * width) & (y2 - y1 < CROP_LIMIT * height)
    left = (x1 > margin) | (crop.x1 == 0)
    top = (y1 > margin) | (crop.y1 == 0)
    right = (x2 < width - margin) | (crop.x2 == image.shape[1])
    bottom = (y2 < height - margin) | (crop.y2 == image.shape[0])
    return part[small & left & top & right & bottom]
