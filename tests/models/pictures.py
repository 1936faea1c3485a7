"""Made pictures: coloured blocks on black, and a detector that finds them as a perfect eye would."""

from collections.abc import Sequence

import cv2
import numpy as np

from models.boxes import Boxes
from models.detections import Detections
from models.detector import STREET_CLASSES, Image, ScriptedDetector

CAR = STREET_CLASSES.index("car")
NETWORK_SIDE = 416


def blocks(width: int, height: int, boxes: Sequence[tuple[int, int, int, int]]) -> Image:
    """A black picture with a block of its own colour for each box."""
    image = np.zeros((height, width, 3), np.uint8)
    for number, (x1, y1, x2, y2) in enumerate(boxes, start=1):
        image[y1:y2, x1:x2] = number
    return image


def block_detector(least_px: float = 0.0, score: float = 0.8) -> ScriptedDetector:
    """Sees every block as a car, if in a picture scaled to 416 px both its sides have at least `least_px`."""

    def see(image: Image) -> Detections:
        scale = NETWORK_SIDE / max(image.shape[:2])
        found: list[tuple[int, int, int, int]] = []
        for number in np.unique(image[..., 0][image[..., 0] > 0]):
            x, y, width, height = cv2.boundingRect((image[..., 0] == number).astype(np.uint8))
            if min(width, height) * scale >= least_px:
                found.append((x, y, x + width, y + height))
        boxes: Boxes = np.array(found, np.float32).reshape(-1, 4)
        return Detections(boxes, np.full(len(boxes), score, np.float32), np.full(len(boxes), CAR), STREET_CLASSES)

    return ScriptedDetector(see)
