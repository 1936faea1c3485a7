"""What a detector is, and one that reads from a script."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.detections import Detections

Image = NDArray[np.uint8]
"""Height × width × 3, BGR."""

STREET_CLASSES = ("person", "bicycle", "car", "motorcycle", "bus", "truck")
"""The classes a street detector tells apart, by their COCO names."""
VEHICLES = ("bicycle", "car", "motorcycle", "bus", "truck")
SCORE_FLOOR = 0.05


class Detector(Protocol):
    """Finds things of known classes in pictures."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every class it can report."""
        ...

    def longer_side(self, width: int, height: int) -> int:
        """Pixels that the longer side of a picture of width × height becomes at the network's input."""
        ...

    @property
    def inferences(self) -> int:
        """How many pictures have gone through the network so far."""
        ...

    def detect(self, images: Sequence[Image], floor: float = SCORE_FLOOR) -> list[Detections]:
        """What is in each picture, in the order given; boxes in its pixels, inside it, scores from `floor` up.

        Pictures may have different sizes. The same pictures give the same answer, alone or in a batch.

        Raises:
            ValueError: a picture is not uint8 [height, width, 3] or is empty.
        """
        ...


class ScriptedDetector:
    """A detector that asks a function what is in a picture: for tests, and for replaying stored boxes.

    Example:
        >>> blind = ScriptedDetector(lambda image: Detections.empty(STREET_CLASSES))
        >>> [len(seen) for seen in blind.detect([np.zeros((4, 4, 3), np.uint8)])]
        [0]
    """

    def __init__(
        self, script: Callable[[Image], Detections], names: tuple[str, ...] = STREET_CLASSES, input_side: int = 416
    ) -> None:
        self.names = names
        self._input_side = input_side
        self.inferences = 0
        self._script = script

    def longer_side(self, _width: int, _height: int) -> int:
        """See `Detector.longer_side`."""
        return self._input_side

    def detect(self, images: Sequence[Image], floor: float = SCORE_FLOOR) -> list[Detections]:
        """The script's boxes, cut at the picture's border, without those under `floor`."""
        for image in images:
            require_image(image)
        self.inferences += len(images)
        return [inside(self._script(image), image).above(floor) for image in images]


def require_image(image: Image) -> None:
    """Raises ValueError unless this is a colour picture of at least one pixel."""
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
        raise ValueError(f"a picture must be uint8 [height, width, 3], not {image.dtype} {list(image.shape)}")


def inside(seen: Detections, image: Image) -> Detections:
    """Boxes cut at the picture's border; those wholly outside are dropped."""
    height, width = image.shape[:2]
    boxes = np.clip(seen.boxes, 0, np.array([width, height, width, height], np.float32))
    visible = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    return Detections(boxes[visible], seen.scores[visible], seen.classes[visible], seen.names)
