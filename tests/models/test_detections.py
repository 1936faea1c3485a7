import numpy as np
import pytest

from models.detections import Detections

NAMES = ("person", "car", "bus")


@pytest.fixture
def three() -> Detections:
    boxes = np.array([[0, 0, 10, 20], [5, 5, 15, 15], [1, 2, 3, 4]], np.float32)
    return Detections(boxes, np.array([0.9, 0.5, 0.1]), np.array([1, 0, 2]), NAMES)


def test_rows_are_chosen_by_score_and_class(three: Detections) -> None:
    assert three.above(0.5).labels() == ["car", "person"]
    assert three.only("bus", "car").labels() == ["car", "bus"]
    assert three.only("tram").labels() == []
    assert three[np.array([2, 0])].labels() == ["bus", "car"]


def test_boxes_move_and_stretch(three: Detections) -> None:
    assert three.scaled(2, 0.5).boxes[0].tolist() == [0, 0, 20, 10]
    assert three.shifted(3, -1).boxes[2].tolist() == [4, 1, 6, 3]


def test_parts_join_in_order(three: Detections) -> None:
    joined = Detections.concatenate([three, Detections.empty(NAMES), three.only("person")])
    assert joined.labels() == ["car", "person", "bus", "person"]
    with pytest.raises(ValueError, match="different classes"):
        Detections.concatenate([three, Detections.empty(("boat",))])
    with pytest.raises(ValueError, match="empty"):
        Detections.concatenate([])


def test_nothing_is_nothing() -> None:
    nothing = Detections.empty(NAMES)
    assert len(nothing) == 0
    assert len(nothing.above(0.1).only("car").scaled(2, 2)) == 0


@pytest.mark.parametrize(
    ("boxes", "scores", "classes", "message"),
    [
        ([[0, 0, 1]], [0.5], [0], r"\[n, 4\]"),
        ([[0, 0, 1, 1]], [0.5, 0.6], [0], "1 boxes, but scores"),
        ([[0, 0, 1, 1]], [0.5], [[0]], "1 boxes, but scores"),
        ([[2, 0, 1, 1]], [0.5], [0], "x1 ≤ x2"),
        ([[0, 0, np.nan, 1]], [0.5], [0], "finite"),
        ([[0, 0, 1, 1]], [1.5], [0], "between 0 and 1"),
        ([[0, 0, 1, 1]], [np.nan], [0], "between 0 and 1"),
        ([[0, 0, 1, 1]], [0.5], [3], "outside the 3 names"),
        ([[0, 0, 1, 1]], [0.5], [-1], "outside the 3 names"),
    ],
)
def test_what_contradicts_itself_is_refused(boxes: list, scores: list, classes: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Detections(np.array(boxes), np.array(scores), np.array(classes), NAMES)
