"""Which of COCO's 80 classes are of the street."""

from models.detector import STREET_CLASSES

NAMES = {0: "person", 1: "bicycle", 2: "car", 3: "motorcycle", 5: "bus", 7: "truck"}
CLASSES = 80
_INDEX = {name: row for row, name in NAMES.items()}
STREET_ROWS = tuple(_INDEX[name] for name in STREET_CLASSES)
"""Where the street classes stand among the 80, in the order of `STREET_CLASSES`."""
