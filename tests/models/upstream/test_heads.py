"""Upstream heads decode what their networks would say: boxes are encoded by hand and must come back."""

from pathlib import Path

import numpy as np
import pytest

from models.card import ModelError
from models.detector import STREET_CLASSES
from models.letterbox import Letterbox
from models.upstream.coco import STREET_ROWS
from models.upstream.detector import HEADS, UpstreamDetector
from models.upstream.distribution import BINS, levels
from models.upstream.head import Array, Head, Signature, letterboxed
from models.upstream.nanodet import NanodetM
from models.upstream.picodet import Picodet
from models.upstream.yolo11 import Yolo11
from models.upstream.yolox import Yolox
from tests.models.upstream.constant import SIDE, constant_network

STRIDE, ROW, COLUMN = 16, 1, 2
BUS = 5
TRUTH = [8, 8, 56, 40]


def yolox_outputs() -> list[Array]:
    """One bus in the cell of stride 16, row 1, column 2; the box of TRUTH."""
    rows = np.zeros((64 + 16 + 4, 85), np.float32)
    x1, y1, x2, y2 = TRUTH
    cell = 64 + ROW * 4 + COLUMN
    rows[cell, :4] = [
        (x1 + x2) / 2 / STRIDE - COLUMN,
        (y1 + y2) / 2 / STRIDE - ROW,
        np.log((x2 - x1) / STRIDE),
        np.log((y2 - y1) / STRIDE),
    ]
    rows[cell, 4], rows[cell, 5 + BUS] = 0.9, 0.8
    return [rows]


def yolo11_outputs() -> list[Array]:
    """The same box in pixels, a column of [84, cells]."""
    columns = np.zeros((84, 64 + 16 + 4), np.float32)
    x1, y1, x2, y2 = TRUTH
    cell = 64 + ROW * 4 + COLUMN
    columns[:4, cell] = [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1]
    columns[4 + BUS, cell] = 0.72
    return [columns]


def distribution_outputs(strides: tuple[int, ...]) -> list[Array]:
    """The same box as distances from the middle of that cell, each between two bins."""
    signature = Signature(SIDE, SIDE, ())
    outputs = [np.zeros(shape, np.float32) for shape in levels(signature, strides)]
    cell = ROW * 4 + COLUMN
    centre_x, centre_y = (COLUMN + 0.5) * STRIDE, (ROW + 0.5) * STRIDE
    outputs[1][cell, BUS] = 0.72
    distances = [centre_x - TRUTH[0], centre_y - TRUTH[1], TRUTH[2] - centre_x, TRUTH[3] - centre_y]
    sides = np.full((4, BINS), -50, np.float32)
    for side, distance in enumerate(distances):
        low = int(distance / STRIDE)
        share = distance / STRIDE - low
        sides[side, low], sides[side, low + 1] = np.log(max(1 - share, 1e-9)), np.log(max(share, 1e-9))
    outputs[len(strides) + 1][cell] = sides.ravel()
    return outputs


CASES = [
    (Yolox(), yolox_outputs()),
    (NanodetM(), distribution_outputs(NanodetM.strides)),
    (Picodet(), distribution_outputs(Picodet.strides)),
    (Yolo11(), yolo11_outputs()),
]
heads = pytest.mark.parametrize(("head", "outputs"), CASES, ids=[head.name for head, _ in CASES])


def signature_of(outputs: list[Array]) -> Signature:
    return Signature(SIDE, SIDE, tuple(output.shape for output in outputs))


@heads
def test_a_box_comes_back(head: Head, outputs: list[Array]) -> None:
    boxes, scores = head.decoded(outputs, signature_of(outputs))
    row, column = np.unravel_index(scores.argmax(), scores.shape)
    assert STREET_CLASSES[column] == "bus"
    assert scores[row, column] == pytest.approx(0.72)
    np.testing.assert_allclose(boxes[row], TRUTH, atol=1e-3)


@heads
def test_a_head_knows_its_own_only(head: Head, outputs: list[Array]) -> None:
    assert [other.name for other in HEADS if other.fits(signature_of(outputs))] == [head.name]


@heads
def test_boxes_are_in_pixels_of_the_picture(head: Head, outputs: list[Array], tmp_path: Path) -> None:
    constant_network(tmp_path / "peer.onnx", outputs)
    detector = UpstreamDetector.load(tmp_path / "peer.onnx")
    assert detector.head.name == head.name
    (seen,) = detector.detect([np.zeros((2 * SIDE, 2 * SIDE, 3), np.uint8)], floor=0.5)
    assert seen.labels() == ["bus"]
    np.testing.assert_allclose(seen.boxes[0], [2 * side for side in TRUTH], atol=1e-2)
    assert detector.inferences == 1


@pytest.mark.parametrize(("height", "width", "cells"), [(640, 640, 8400), (384, 640, 5040), (96, 128, 252)])
def test_yolo11_is_known_at_any_size_of_its_input(height: int, width: int, cells: int) -> None:
    assert [head.name for head in HEADS if head.fits(Signature(height, width, ((84, cells),)))] == [Yolo11.name]
    assert not Yolo11().fits(Signature(height, width, ((84, cells + 1),)))
    assert not Yolo11().fits(Signature(height, width, ((10, cells),))), "six classes of its own, not COCO's"


def test_a_wide_picture_is_padded_below_or_stretched_as_upstream_does() -> None:
    signature = Signature(64, 64, ())
    assert letterboxed(200, 100, signature) == Letterbox(64, 64, 64, 32, 0.32, 0.32)
    assert letterboxed(100, 200, signature) == Letterbox(64, 64, 32, 64, 0.32, 0.32)
    assert Picodet().placed(200, 100, signature) == Letterbox(64, 64, 64, 64, 0.32, 0.64)
    assert (letterboxed(200, 100, signature).place(np.zeros((100, 200, 3), np.uint8), 114)[32:] == 114).all()


def test_colours_go_in_as_upstream_trained() -> None:
    blue = np.zeros((1, 1, 3), np.uint8)
    blue[..., 0] = 255
    assert Yolox().normalised(blue).ravel().tolist() == [255, 0, 0]
    assert Yolo11().normalised(blue).ravel().tolist() == [0, 0, 1]
    assert NanodetM().normalised(blue).ravel() == pytest.approx([2.640, -2.0357, -2.1179], abs=1e-3)
    assert Picodet().normalised(blue).ravel() == pytest.approx([-2.1179, -2.0357, 2.640], abs=1e-3)


def test_street_classes_are_where_coco_has_them() -> None:
    assert dict(zip(STREET_CLASSES, STREET_ROWS, strict=True)) == {
        "person": 0, "bicycle": 1, "car": 2, "motorcycle": 3, "bus": 5, "truck": 7,
    }  # fmt: skip


def test_what_is_no_known_peer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"missing: give the ONNX file of a YOLOX or NanoDet-m or PicoDet"):
        UpstreamDetector.load(tmp_path / "no.onnx")
    (tmp_path / "text.onnx").write_bytes(b"no network")
    with pytest.raises(ModelError, match=r"text\.onnx cannot be loaded"):
        UpstreamDetector.load(tmp_path / "text.onnx")
    constant_network(tmp_path / "other.onnx", [np.zeros((5, 7), np.float32)])
    with pytest.raises(ModelError, match=r"other\.onnx gives .* which is no YOLOX"):
        UpstreamDetector.load(tmp_path / "other.onnx")
