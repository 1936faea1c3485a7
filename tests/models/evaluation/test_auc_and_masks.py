import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.auc import auc, auc_interval
from models.evaluation.masks import mask_overlap, pooled_iou


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30))
def test_auc_is_the_share_of_pairs_in_order(rows: list[tuple[int, bool]]) -> None:
    yes, no = [s for s, flood in rows if flood], [s for s, flood in rows if not flood]
    found = auc(np.array([s for s, _ in rows], float), np.array([flood for _, flood in rows], bool))
    if yes and no:
        pairs = [(a > b) + 0.5 * (a == b) for a in yes for b in no]
        assert found == pytest.approx(sum(pairs) / len(pairs))
    else:
        assert np.isnan(found)


def test_pictures_of_one_camera_are_no_independent_witnesses() -> None:
    generator = np.random.default_rng(2)
    cameras = np.repeat(np.arange(6), 40)
    positive = generator.random(240) < 0.5
    scores = generator.normal(0, 0.3, 240) + positive * (cameras % 2)  # useful at every other camera only
    by_camera = auc_interval(scores, positive, cameras)
    by_picture = auc_interval(scores, positive, np.arange(240))
    assert by_camera.low < auc(scores, positive) < by_camera.high
    assert by_camera.high - by_camera.low > 1.3 * (by_picture.high - by_picture.low)


def test_iou_by_hand() -> None:
    mask, label = np.zeros((4, 4), bool), np.zeros((4, 4), bool)
    mask[:2], label[1:3] = True, True
    overlap = mask_overlap(mask, label)
    assert overlap.iou == pytest.approx(4 / 12)
    nothing = mask_overlap(np.zeros((2, 2), bool), np.zeros((2, 2), bool))
    assert nothing.iou == 1
    assert pooled_iou([overlap, nothing]) == pytest.approx(4 / 12)
    assert np.isnan(pooled_iou([nothing]))


def test_masks_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        mask_overlap(np.zeros((2, 2), bool), np.zeros((2, 3), bool))
