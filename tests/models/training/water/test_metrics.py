import math

import numpy as np
import pytest

from models.training.water.metrics import Overlap, area_under_curve, auc_over_cameras


def test_overlap_adds_up_over_pictures() -> None:
    found = np.array([[True, True, False, False]])
    true = np.array([[False, True, True, False]])
    assert Overlap.of(found, true) == Overlap(1, 3)
    assert (Overlap(1, 3) + Overlap(2, 2)).iou == pytest.approx(3 / 5)
    assert Overlap.of(~found & found, ~true & true).iou == 1.0


@pytest.mark.parametrize(
    ("scores", "labels", "expected"),
    [
        ([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], 0.75),
        ([0.5, 0.5], [0, 1], 0.5),
        ([0.9, 0.1], [0, 1], 0.0),
    ],
)
def test_area_under_curve(scores: list[float], labels: list[int], expected: float) -> None:
    assert area_under_curve(scores, labels) == pytest.approx(expected)


def test_one_class_alone_has_no_curve() -> None:
    assert math.isnan(area_under_curve([0.1, 0.2], [1, 1]))


def test_the_interval_is_over_cameras_not_tiles() -> None:
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1] * 6, 20)
    cameras = np.repeat([str(number) for number in range(12)], 20)
    scores = labels + np.repeat(random.normal(0, 1, 12), 20) + random.normal(0, 0.01, 240)
    by_camera = auc_over_cameras(scores.tolist(), labels.tolist(), cameras.tolist(), seed=1, draws=300)
    each = [str(number) for number in range(240)]
    by_tile = auc_over_cameras(scores.tolist(), labels.tolist(), each, seed=1, draws=300)
    assert by_camera.low <= by_camera.value <= by_camera.high
    assert by_camera.high - by_camera.low > 2 * (by_tile.high - by_tile.low)
    again = auc_over_cameras(scores.tolist(), labels.tolist(), cameras.tolist(), seed=1, draws=300)
    assert again == by_camera
