"""What the interim detector reaches on labelled freeway views; its card repeats these figures."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.boxes import Boxes
from models.card import find
from models.detector import Image
from models.onnx_detector import OnnxDetector
from models.zoom import crops_for, detect_zoomed
from tests.models.average_precision import average_precision

DATA = Path("../shared/data/detection")
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"labelled pictures are not there ({DATA})")


def labelled(name: str, every: int) -> tuple[list[Image], list[Boxes]]:
    content = json.loads((DATA / name / "boxes.json").read_text())
    pictures, truth = [], []
    for image in sorted(content["images"], key=lambda entry: str(entry["file_name"]))[::every]:
        picture = cv2.imread(str(DATA / name / "images" / image["file_name"]))
        assert picture is not None
        pictures.append(np.asarray(picture, np.uint8))
        sides = [entry["bbox"] for entry in content["annotations"] if entry["image_id"] == image["id"]]
        boxes = np.array(sides, np.float32).reshape(-1, 4)
        boxes[:, 2:] += boxes[:, :2]
        truth.append(boxes)
    return pictures, truth


def ap50(name: str, zoom: bool, every: int) -> float:
    pictures, truth = labelled(name, every)
    detector = OnnxDetector.load()
    seen = []
    for picture in pictures:
        crops = crops_for(picture.shape[1], picture.shape[0]) if zoom else ()
        seen += detect_zoomed(detector, [picture], [crops])
    return average_precision([found.only("car", "bus", "truck") for found in seen], truth)


@pytest.mark.parametrize(("name", "least"), [("ngsim_3", 0.70), ("ngsim_4", 0.50)])
def test_the_whole_frame_shows_most_cars(name: str, least: float) -> None:
    assert ap50(name, zoom=False, every=5) > least


def test_zoom_shows_more() -> None:
    assert ap50("ngsim_3", zoom=True, every=10) > ap50("ngsim_3", zoom=False, every=10) + 0.05


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ngsim_3", "ngsim_4"])
@pytest.mark.parametrize("zoom", [False, True], ids=["whole", "zoomed"])
def test_the_card_tells_the_truth(name: str, zoom: bool) -> None:
    where = f"{name}, {'2 × 2 crops' if zoom else 'whole frame'}"
    (told,) = [metric.value for metric in find("nanodet_g").card.metrics if metric.data == where]
    assert ap50(name, zoom, every=1) == pytest.approx(told, abs=0.005)
