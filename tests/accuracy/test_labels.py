"""The hand-drawn labels of the real clips have the form that a score can be trusted on."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

LABELS = Path(__file__).parent / "labels"
FRAMES = {
    "jakarta_flowing": list(range(25, 500, 50)),
    "dhaka_creeping_vendors": [48, 144, 240, 336],
}
CLASSES = {
    "jakarta_flowing": ["car", "bus", "truck", "motorcycle", "person", "bicycle"],
    "dhaka_creeping_vendors": ["vendor"],
}
SETS = pytest.mark.parametrize("name", FRAMES)


def labels(name: str) -> dict[str, Any]:
    """One file of labels."""
    document: dict[str, Any] = json.loads((LABELS / f"{name}.json").read_text(encoding="utf-8"))
    return document


def test_every_file_of_labels_is_checked() -> None:
    assert {path.stem for path in LABELS.glob("*.json")} == set(FRAMES)


@SETS
def test_the_frames_and_the_classes_are_the_ones_listed(name: str) -> None:
    document = labels(name)
    assert [image["frame"] for image in document["images"]] == FRAMES[name]
    assert [category["name"] for category in document["categories"]] == CLASSES[name]
    size = (document["info"]["width"], document["info"]["height"])
    for image in document["images"]:
        assert image["file_name"] == document["info"]["video"]
        assert (image["width"], image["height"]) == size


@SETS
@pytest.mark.parametrize("kind", ["images", "categories", "annotations"])
def test_no_id_is_given_twice(name: str, kind: str) -> None:
    seen = Counter(entry["id"] for entry in labels(name)[kind])
    assert [number for number, times in seen.items() if times > 1] == []


@SETS
def test_every_box_lies_in_its_picture_and_names_a_known_class(name: str) -> None:
    document = labels(name)
    images = {image["id"]: image for image in document["images"]}
    classes = {category["id"] for category in document["categories"]}
    for annotation in document["annotations"]:
        image = images[annotation["image_id"]]
        x, y, width, height = annotation["bbox"]
        assert annotation["category_id"] in classes
        assert 0 <= x < x + width <= image["width"], annotation
        assert 0 <= y < y + height <= image["height"], annotation
        assert all(round(side, 1) == side for side in annotation["bbox"]), annotation
        assert {annotation["iscrowd"], annotation["occluded"]} <= {0, 1}


@SETS
def test_every_frame_has_labels_and_no_box_is_drawn_twice(name: str) -> None:
    document = labels(name)
    drawn = Counter(
        (entry["image_id"], entry["category_id"], *entry["bbox"])
        for entry in document["annotations"]
        if not entry["iscrowd"]
    )
    assert {image for image, *_ in drawn} == {image["id"] for image in document["images"]}
    assert [box for box, times in drawn.items() if times > 1] == []


@SETS
def test_a_region_to_leave_out_is_left_out_for_every_class(name: str) -> None:
    document = labels(name)
    regions = Counter((entry["image_id"], *entry["bbox"]) for entry in document["annotations"] if entry["iscrowd"])
    assert set(regions.values()) <= {len(document["categories"])}
