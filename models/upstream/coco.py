"""Which of COCO's 80 classes are of the street."""

from models.detector import STREET_CLASSES

_INDEX = {"person": 0, "bicycle": 1, "car": 2, "motorcycle": 3, "bus": 5, "truck": 7}
CLASSES = 80
STREET_ROWS = tuple(_INDEX[name] for name in STREET_CLASSES)
"""Where the street classes stand among the 80, in the order of `STREET_CLASSES`."""
