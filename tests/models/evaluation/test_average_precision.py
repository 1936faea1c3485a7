import numpy as np
import pytest

from models.detections import Detections
from models.evaluation.average_precision import average_precision

TRUTH = np.array([[0, 0, 10, 10], [20, 0, 30, 10]], np.float32)


def seen(rows: list[int], scores: list[float]) -> Detections:
    places = np.array([[0, 0, 10, 10], [20, 0, 30, 10], [60, 0, 70, 10]], np.float32)
    return Detections(places[rows], np.array(scores), np.zeros(len(rows), np.int64), ("car",))


@pytest.mark.parametrize(
    ("rows", "scores", "expected"),
    [
        ([0, 1], [0.9, 0.8], 1.0),
        ([0, 1, 2], [0.9, 0.8, 0.7], 1.0),
        ([0], [0.9], 51 / 101),
        ([2, 0, 1], [0.9, 0.8, 0.7], 2 / 3),
        ([0, 0, 1], [0.9, 0.8, 0.7], (51 + 50 * 2 / 3) / 101),
        ([2], [0.9], 0.0),
    ],
    ids=["perfect", "late false one", "half", "early false one", "double", "none right"],
)
def test_values_by_hand(rows: list[int], scores: list[float], expected: float) -> None:
    assert average_precision([seen(rows, scores)], [TRUTH]) == pytest.approx(expected)
