"""What a detector saw in one picture, as arrays: one row a box."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.boxes import Boxes


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Boxes with scores and classes.

    Attributes:
        boxes: float32 [n, 4]: x1, y1, x2, y2 in pixels of the picture, x1 ≤ x2 and y1 ≤ y2.
        scores: float32 [n], 0 to 1.
        classes: int64 [n], indices into `names`.
        names: every class the detector knows.

    Raises:
        ValueError: shapes disagree, a box is inside out or not finite, or a class has no name.

    Example:
        >>> seen = Detections(np.array([[0, 0, 10, 20]]), np.array([0.9]), np.array([1]), ("person", "car"))
        >>> len(seen.only("car").above(0.5))
        1
    """

    boxes: Boxes
    scores: NDArray[np.float32]
    classes: NDArray[np.int64]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        boxes = np.asarray(self.boxes, np.float32)
        scores = np.asarray(self.scores, np.float32)
        classes = np.asarray(self.classes, np.int64)
        if boxes.ndim != 2 or boxes.shape[1] != 4:
            raise ValueError(f"boxes must be [n, 4], not {list(boxes.shape)}")
        if scores.shape != (len(boxes),) or classes.shape != (len(boxes),):
            raise ValueError(f"{len(boxes)} boxes, but scores are {scores.shape} and classes {classes.shape}")
        if not (np.isfinite(boxes).all() and (boxes[:, 2:] >= boxes[:, :2]).all()):
            raise ValueError("a box must be finite, with x1 ≤ x2 and y1 ≤ y2")
        if not ((scores >= 0) & (scores <= 1)).all():
            raise ValueError("a score must lie between 0 and 1")
        if not ((classes >= 0) & (classes < len(self.names))).all():
            raise ValueError(f"a class is outside the {len(self.names)} names")
        for field, value in (("boxes", boxes), ("scores", scores), ("classes", classes)):
            object.__setattr__(self, field, value)

    def __len__(self) -> int:
        return len(self.boxes)

    @classmethod
    def empty(cls, names: tuple[str, ...]) -> "Detections":
        """Nothing seen by a detector that knows these classes."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), names)

    @classmethod
    def concatenate(cls, parts: Sequence["Detections"]) -> "Detections":
        """All rows of all parts, in their order.

        Raises:
            ValueError: no part, or the parts come from detectors with different classes.
        """
        if not parts:
            raise ValueError("nothing to concatenate: use Detections.empty(names)")
        if len({part.names for part in parts}) > 1:
            raise ValueError("the parts come from detectors with different classes")
        return cls(
            np.concatenate([part.boxes for part in parts]),
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.classes for part in parts]),
            parts[0].names,
        )

    def __getitem__(self, rows: NDArray[np.bool_] | NDArray[np.integer]) -> "Detections":
        """The rows where a mask is true, or the rows with these indices in that order."""
        return Detections(self.boxes[rows], self.scores[rows], self.classes[rows], self.names)

    def above(self, score: float) -> "Detections":
        """Rows with at least this score."""
        return self[self.scores >= score]

    def are(self, *names: str) -> NDArray[np.bool_]:
        """Which rows are of one of these classes: bool [n]; a name the detector does not know matches nothing."""
        return np.array([name in names for name in self.names], bool)[self.classes]

    def only(self, *names: str) -> "Detections":
        """Rows of these classes."""
        return self[self.are(*names)]

    def labels(self) -> list[str]:
        """The class name of every row."""
        return [self.names[index] for index in self.classes]

    def scaled(self, x: float, y: float) -> "Detections":
        """Boxes stretched by x and y (both above 0), as when the picture is resized."""
        return Detections(self.boxes * np.array([x, y, x, y], np.float32), self.scores, self.classes, self.names)

    def shifted(self, x: float, y: float) -> "Detections":
        """Boxes moved by x and y pixels, as from a crop back to its picture."""
        return Detections(self.boxes + np.array([x, y, x, y], np.float32), self.scores, self.classes, self.names)
