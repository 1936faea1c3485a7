from functools import cache

import numpy as np
import onnxruntime as ort
import pytest

from models.training.detection_graph import model_file
from models.training.street.recipe import CLASSES, COCO_CLASSES, Architecture
from models.training.street.weights import PRIOR, Weights, adapted, blended, narrowed, with_own_channels
from tests.models.training.nanodet_weights import nanodet_g


@cache
def picture() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 255, (1, 64, 96, 3), np.uint8)


PLAIN = Architecture()


def run(weights: Weights, architecture: Architecture = PLAIN) -> tuple[np.ndarray, np.ndarray]:
    content = model_file("test", weights, len(CLASSES), architecture.strides)
    boxes, scores = ort.InferenceSession(content, providers=["CPUExecutionProvider"]).run(None, {"image": picture()})
    return np.asarray(boxes), np.asarray(scores)


def test_the_new_class_starts_silent_and_the_old_ones_as_they_were() -> None:
    content = model_file("known", nanodet_g(), COCO_CLASSES)
    session = ort.InferenceSession(content, providers=["CPUExecutionProvider"])
    known_boxes, known_scores = session.run(None, {"image": picture()})
    boxes, scores = run(adapted(nanodet_g(), Architecture()))
    assert np.allclose(boxes, known_boxes, atol=1e-3)
    assert np.allclose(scores[..., :-1], known_scores, atol=1e-5)
    assert scores[..., -1].max() < 20 * PRIOR


def test_a_fine_level_leaves_the_others_as_they_were() -> None:
    architecture = Architecture(fine_level=True)
    boxes, scores = run(adapted(nanodet_g(), architecture), architecture)
    plain_boxes, plain_scores = run(adapted(nanodet_g(), Architecture()))
    fine = 64 * 96 // 16
    assert boxes.shape[1] == fine + plain_boxes.shape[1]
    assert np.allclose(boxes[:, fine:], plain_boxes, atol=1e-3)
    assert np.allclose(scores[:, fine:], plain_scores, atol=1e-5)


@pytest.mark.parametrize("fine_level", [False, True])
def test_a_narrow_network_fits_together(fine_level: bool) -> None:
    architecture = Architecture(width=0.6, fine_level=fine_level)
    weights = adapted(nanodet_g(), architecture)
    boxes, scores = run(weights, architecture)
    assert np.isfinite(boxes).all()
    assert scores.shape[2] == len(CLASSES)
    whole = sum(kernel.size for kernel, _ in adapted(nanodet_g(), Architecture()))
    assert sum(kernel.size for kernel, _ in weights) < 0.45 * whole


def test_keeping_every_filter_changes_nothing() -> None:
    weights = adapted(nanodet_g(), Architecture())
    for (kernel, bias), (again, bias_again) in zip(weights, narrowed(weights, 1.0), strict=True):
        assert np.array_equal(kernel, again)
        assert np.array_equal(bias, bias_again)


def test_a_blend_lies_between() -> None:
    weights = nanodet_g()
    doubled = [(2 * kernel, 2 * bias) for kernel, bias in weights]
    for (kernel, _), (middle, _) in zip(weights, blended(weights, doubled, 0.5), strict=True):
        assert np.allclose(middle, 1.5 * kernel)
    with pytest.raises(ValueError, match="differ in form"):
        blended(weights, adapted(nanodet_g(), Architecture()), 0.5)


def test_an_impossible_width_is_refused() -> None:
    with pytest.raises(ValueError, match="width"):
        Architecture(width=0.0)


def test_own_channels_are_not_heard_at_first() -> None:
    weights = adapted(nanodet_g(), Architecture(width=0.4))
    widened = with_own_channels(weights, 16, seed=1)
    assert np.allclose(run(widened)[0], run(weights)[0], atol=1e-3)
    assert np.allclose(run(widened)[1], run(weights)[1], atol=1e-5)
    again = with_own_channels(weights, 16, seed=1)
    assert all(np.array_equal(one[0], other[0]) for one, other in zip(widened, again, strict=True))
