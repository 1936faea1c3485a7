"""What every detector owes its callers; the scripted and the real one are held to it alike."""

import numpy as np
import pytest

from models.detections import Detections
from models.detector import STREET_CLASSES, Detector, Image, ScriptedDetector
from models.onnx_detector import OnnxDetector


def scripted() -> Detector:
    """Sees boxes that depend on the picture, some weak, some beyond its border."""

    def see(image: Image) -> Detections:
        height, width = image.shape[:2]
        first = float(image[0, 0, 0])
        boxes = np.array([[-5, -5, first + 3, 9], [0, 0, width + 9, height + 9], [-9, 0, -1, 5]], np.float32)
        return Detections(boxes, np.array([0.9, 0.02, 0.9]), np.array([0, 1, 2]), STREET_CLASSES)

    return ScriptedDetector(see)


@pytest.fixture(scope="module", params=[scripted, OnnxDetector.load], ids=["scripted", "onnx"])
def detector(request: pytest.FixtureRequest) -> Detector:
    built: Detector = request.param()
    return built


@pytest.fixture(scope="module")
def pictures() -> list[Image]:
    """Noise of several sizes: a network sees weak somethings in it."""
    noise = np.random.default_rng(7)
    shapes = [(90, 160), (120, 160), (90, 160), (333, 77), (1, 1), (90, 160)]
    return [noise.integers(0, 255, (*shape, 3), np.uint8) for shape in shapes]


def test_it_knows_the_street(detector: Detector) -> None:
    assert detector.names[:6] == ("person", "bicycle", "car", "motorcycle", "bus", "truck")


def test_the_longer_side_of_its_input_is_known(detector: Detector) -> None:
    assert detector.longer_side(300, 300) == 416


def test_a_batch_gives_what_each_picture_gives_alone(detector: Detector, pictures: list[Image]) -> None:
    together = detector.detect(pictures, floor=0.002)
    assert sum(map(len, together)) > 0
    for picture, seen in zip(pictures, together, strict=True):
        (alone,) = detector.detect([picture], floor=0.002)
        assert alone.labels() == seen.labels()
        np.testing.assert_allclose(alone.boxes, seen.boxes, atol=0.05)
        np.testing.assert_allclose(alone.scores, seen.scores, atol=1e-4)


def test_boxes_lie_in_the_picture_and_reach_the_floor(detector: Detector, pictures: list[Image]) -> None:
    for floor in (0.002, 0.05, 0.5):
        for picture, seen in zip(pictures, detector.detect(pictures, floor), strict=True):
            height, width = picture.shape[:2]
            assert (seen.scores >= floor).all()
            assert (seen.boxes >= 0).all()
            assert (seen.boxes[:, 2:] <= [width, height]).all()
            assert (seen.boxes[:, 2:] > seen.boxes[:, :2]).all()


def test_every_picture_is_counted(detector: Detector, pictures: list[Image]) -> None:
    before = detector.inferences
    detector.detect(pictures)
    detector.detect([])
    assert detector.inferences == before + len(pictures)


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
    ],
    ids=["grey", "four channels", "float", "empty"],
)
def test_what_is_no_picture_is_refused(detector: Detector, wrong: Image) -> None:
    with pytest.raises(ValueError, match="a picture must be uint8"):
        detector.detect([np.zeros((4, 4, 3), np.uint8), wrong])
