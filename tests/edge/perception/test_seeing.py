"""Whole picture and crop together."""

import numpy as np

from edge.perception.seeing import see
from models.detections import Detections
from models.detector import STREET_CLASSES, Image, ScriptedDetector
from models.zoom import Crop
from tests.edge.street import detector, draw

CROP = Crop(160, 90, 480, 270)


def car(x1: float, y1: float, x2: float, y2: float) -> Detections:
    return Detections(np.array([[x1, y1, x2, y2]]), np.array([0.6]), np.array([2]), STREET_CLASSES)


def only_in_crops(box: Detections) -> ScriptedDetector:
    def script(image: Image) -> Detections:
        return box if image.shape[1] == 320 else Detections.empty(STREET_CLASSES)

    return ScriptedDetector(script)


def test_a_vehicle_seen_in_both_views_is_one() -> None:
    seen = see(detector(), draw([(300, 150), (20, 20)]), CROP)
    assert len(seen) == 2
    assert len(see(detector(), draw([(300, 150), (20, 20)]), None)) == 2


def test_a_small_thing_that_only_the_crop_shows_comes_back_in_the_picture_s_pixels() -> None:
    seen = see(only_in_crops(car(100, 100, 130, 120)), draw([]), CROP)
    assert seen.boxes.tolist() == [[260, 190, 290, 210]]


def test_a_crop_s_answer_as_large_as_the_crop_is_not_believed() -> None:
    assert len(see(only_in_crops(car(5, 5, 315, 175)), draw([]), CROP)) == 0


def test_a_crop_s_answer_cut_by_its_border_is_left_to_the_other_views() -> None:
    assert len(see(only_in_crops(car(0, 50, 30, 70)), draw([]), CROP)) == 0
    at_the_picture_s_border = Crop(0, 90, 320, 270)
    assert len(see(only_in_crops(car(0, 50, 30, 70)), draw([]), at_the_picture_s_border)) == 1
