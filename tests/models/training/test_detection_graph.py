import numpy as np
import onnx
import pytest

from models.training.detection_graph import Quantised, model_file, read_convolutions
from tests.models.training.nanodet_weights import nanodet_g


def kept_in_halves() -> bytes:
    return model_file("halves", [(k.astype(np.float16), b.astype(np.float16)) for k, b in nanodet_g()], classes=6)


def test_what_is_read_from_a_file_makes_the_same_file_again() -> None:
    content = kept_in_halves()
    halves = [
        (k.astype(np.float16), b.astype(np.float16)) for k, b in read_convolutions(onnx.load_from_string(content))
    ]
    assert model_file("halves", halves, classes=6) == content


def test_eight_bits_are_read_back_within_half_a_step() -> None:
    convolutions = nanodet_g()
    content = model_file("small", [(Quantised.of(kernel), bias) for kernel, bias in convolutions], classes=6)
    assert len(content) < 4_500_000
    for (kernel, _), (again, _) in zip(convolutions, read_convolutions(onnx.load_from_string(content)), strict=True):
        step = np.abs(kernel).max(axis=(1, 2, 3), keepdims=True) / 127
        assert (np.abs(kernel - again) <= 0.5001 * step).all()


def test_a_filter_of_zeros_stays_zero() -> None:
    assert not Quantised.of(np.zeros((2, 3, 1, 1), np.float32)).steps.any()


def test_weights_kept_in_another_way_are_refused() -> None:
    model = onnx.load_from_string(kept_in_halves())
    cast = next(node for node in model.graph.node if node.op_type == "Cast" and node.name != "cast_0")
    cast.op_type = "Sqrt"
    with pytest.raises(ValueError, match="neither stored nor"):
        read_convolutions(model)
