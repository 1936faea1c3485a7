import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.boxes import areas, coverage, overlaps, strongest

box = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 30), st.integers(1, 30)).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)
scene = st.lists(st.tuples(box, st.integers(1, 100), st.integers(0, 2)), max_size=25)


def arrays(rows: list) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    boxes = np.array([row[0] for row in rows], np.float32).reshape(-1, 4)
    return boxes, np.array([row[1] / 100 for row in rows], np.float32), np.array([row[2] for row in rows], np.int64)


@given(rows=scene, overlap=st.sampled_from([0.3, 0.5, 0.6]))
def test_suppression_keeps_one_box_a_thing(rows: list, overlap: float) -> None:
    boxes, scores, classes = arrays(rows)
    kept = strongest(boxes, scores, classes, overlap)
    shared = overlaps(boxes, boxes)
    assert (np.diff(scores[kept]) <= 0).all()
    for position, row in enumerate(kept):
        for other in kept[:position]:
            assert classes[row] != classes[other] or shared[row, other] <= overlap + 1e-5
    for row in set(range(len(boxes))) - set(kept.tolist()):
        rivals = [k for k in kept if classes[k] == classes[row] and scores[k] >= scores[row]]
        assert any(shared[row, k] > overlap - 1e-5 for k in rivals)


@given(a=st.lists(box, max_size=8), b=st.lists(box, max_size=8))
def test_overlap_is_the_same_both_ways_and_never_more_than_coverage(a: list, b: list) -> None:
    first, second = np.array(a, np.float32).reshape(-1, 4), np.array(b, np.float32).reshape(-1, 4)
    shared = overlaps(first, second)
    assert shared.shape == (len(a), len(b))
    np.testing.assert_array_equal(shared, overlaps(second, first).T)
    assert (shared <= coverage(first, second) + 1e-6).all()
    assert (coverage(first, second) <= 1 + 1e-6).all()


def test_values_by_hand() -> None:
    a = np.array([[0, 0, 10, 10]], np.float32)
    b = np.array([[5, 0, 15, 10], [0, 0, 10, 10], [2, 2, 4, 4], [20, 20, 30, 30], [3, 3, 3, 3]], np.float32)
    assert overlaps(a, b)[0] == pytest.approx([1 / 3, 1, 0.04, 0, 0])
    assert coverage(b, a)[:, 0] == pytest.approx([0.5, 1, 1, 0, 0])
    assert areas(b).tolist() == [100, 100, 4, 100, 0]
