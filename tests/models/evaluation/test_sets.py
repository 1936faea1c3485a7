import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from structlog.testing import capture_logs

from models.evaluation.labelled import BoxSet, FloodSet, MaskSet, SetError
from models.evaluation.opening import open_set

CATEGORIES = [{"id": 3, "name": "car"}, {"id": 6, "name": "bus"}]


def picture(path: Path, grey: int = 90) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((40, 60, 3), grey, np.uint8))


def coco(path: Path, images: list[dict[str, Any]], categories: list[dict[str, Any]] = CATEGORIES) -> None:
    annotations = [
        {"id": 1, "image_id": images[0]["id"], "category_id": 3, "bbox": [5, 6, 10, 20]},
        {"id": 2, "image_id": images[0]["id"], "category_id": 3, "bbox": [0, 0, 60, 5], "iscrowd": 1},
    ]
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))


def opened(path: Path) -> BoxSet:
    result = open_set(path)
    assert isinstance(result, BoxSet)
    return result


def test_a_folder_in_coco_form(tmp_path: Path) -> None:
    folder = tmp_path / "street"
    picture(folder / "images/a.jpg")
    picture(folder / "images/b.jpg")
    coco(folder / "boxes.json", [{"id": 7, "file_name": "b.jpg"}, {"id": 8, "file_name": "a.jpg"}])
    labelled = opened(folder)
    assert (labelled.name, labelled.count) == ("street", 2)
    assert labelled.targets == {"vehicle": ("car", "bus", "truck"), "bus": ("bus",), "car": ("car",)}
    first, second = labelled.pictures()
    assert (first.name, len(first.boxes)) == ("a.jpg", 0)
    assert second.boxes.tolist() == [[5, 6, 15, 26], [0, 0, 60, 5]]
    assert second.labels == ("car", "car")
    assert second.ignored.tolist() == [False, True]
    assert second.image.shape == (40, 60, 3)


def test_a_set_that_knows_only_cars_means_any_vehicle(tmp_path: Path) -> None:
    picture(tmp_path / "images/a.jpg")
    coco(tmp_path / "boxes.json", [{"id": 1, "file_name": "a.jpg"}], CATEGORIES[:1])
    assert set(opened(tmp_path).targets) == {"vehicle"}
    assert {"car", "bus", "truck"} <= set(opened(tmp_path).targets["vehicle"])


def test_of_several_parts_the_one_for_validation_is_taken(tmp_path: Path) -> None:
    for part in ("train2017", "val2017"):
        picture(tmp_path / part / f"{part}.jpg")
        coco(tmp_path / f"instances_{part}.json", [{"id": 1, "file_name": f"{part}.jpg"}])
    assert [one.name for one in opened(tmp_path).pictures()] == ["val2017.jpg"]


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Twelve frames, each of its own grey."""
    path = tmp_path / "videos" / "clip.avi"
    path.parent.mkdir()
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 4, (64, 48))
    for number in range(12):
        writer.write(np.full((48, 64, 3), 20 * number, np.uint8))
    writer.release()
    return path


def test_labels_point_into_a_video_by_frame(tmp_path: Path, video: Path) -> None:
    labels = tmp_path / "labels.json"
    coco(labels, [{"id": number, "file_name": "clip.avi", "frame": number} for number in (9, 2)])
    with pytest.raises(SetError, match=r"names clip\.avi, which is not in .*--videos"):
        open_set(labels)
    result = open_set(labels, (video.parent,))
    assert isinstance(result, BoxSet)
    pictures = list(result.pictures())
    assert [one.name for one in pictures] == ["clip.avi#2", "clip.avi#9"]
    assert [round(float(one.image.mean()) / 20) for one in pictures] == [2, 9]
    coco(labels, [{"id": 1, "file_name": "clip.avi", "frame": 12}])
    short = open_set(labels, (video.parent,))
    assert isinstance(short, BoxSet)
    with pytest.raises(SetError, match="ends after 12 frames, but frame 12 is labelled"):
        list(short.pictures())


def test_a_clip_with_its_truth_is_looked_at_every_two_seconds(video: Path) -> None:
    things = [{"class": "car", "visible": seen, "visible_box": [1, 2, 11, 12]} for seen in (1.0, 0.3)]
    truth = {"fps": 4, "frames": [{"objects": things}] * 12}
    video.with_suffix(".json").write_text(json.dumps(truth))
    labelled = opened(video)
    first, second = labelled.pictures()
    assert (first.name, second.name, labelled.count) == ("clip.avi#0", "clip.avi#8", 2)
    assert first.ignored.tolist() == [False, True]
    assert "vendor" in labelled.targets


def test_a_folder_of_stills(tmp_path: Path) -> None:
    picture(tmp_path / "still_3.jpg")
    thing = {"class": "vendor", "visible": 0.9, "visible_box": [1, 2, 11, 12]}
    (tmp_path / "still_3.json").write_text(json.dumps({"objects": [thing]}))
    (only,) = opened(tmp_path).pictures()
    assert (only.name, only.labels) == ("still_3", ("vendor",))
    (tmp_path / "still_3.jpg").unlink()
    with pytest.raises(SetError, match=r"still_3\.jpg is missing.*render"):
        list(opened(tmp_path).pictures())


def test_floods_and_masks(tmp_path: Path) -> None:
    picture(tmp_path / "cctv/tiles/1.jpg")
    (tmp_path / "cctv/labels.csv").write_text("file,flood,camera\n1.jpg,1,9\n")
    flood = open_set(tmp_path / "cctv")
    assert isinstance(flood, FloodSet)
    ((name, _, flooded, camera),) = flood.items()
    assert (name, flooded, camera) == ("1.jpg", True, "9")
    picture(tmp_path / "ground/images/1.jpg")
    picture(tmp_path / "ground/masks/1.png", 200)
    masks = open_set(tmp_path / "ground")
    assert isinstance(masks, MaskSet)
    ((_, _, mask),) = masks.items()
    assert mask.all()
    assert mask.shape == (40, 60)
    picture(tmp_path / "ground/images/2.jpg")
    cv2.imwrite(str(tmp_path / "ground/masks/2.png"), np.zeros((40, 50), np.uint8))
    masks = open_set(tmp_path / "ground")
    assert isinstance(masks, MaskSet)
    with capture_logs() as logs:
        assert [name for name, _, _ in masks.items()] == ["1.jpg"]
    assert logs[0]["picture"].endswith("2.jpg")
    (tmp_path / "ground/masks/2.png").unlink()
    with pytest.raises(SetError, match=r"lacks the masks of 2\.jpg"):
        open_set(tmp_path / "ground")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is missing; known forms: a folder with boxes.json"),
        ("[", "not in COCO's form"),
        ("[]", "not in COCO's form"),
        ('{"images": [], "annotations": []}', "not in COCO's form"),
        ('{"images": [{"id": 1}], "annotations": [], "categories": []}', "'images' lacks 'id' or 'file_name'"),
    ],
    ids=["missing", "broken", "list", "no categories", "no file name"],
)
def test_what_is_no_set_is_refused_with_the_place(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "labels.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SetError, match=message) as error:
        open_set(path)
    assert str(path) in str(error.value)


def test_an_empty_folder_is_of_no_form(tmp_path: Path) -> None:
    with pytest.raises(SetError, match="of no known form"):
        open_set(tmp_path)
