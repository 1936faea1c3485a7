from typing import Any

import numpy as np
import pytest

from models.training.street.recipe import CLASSES, Augmentation
from models.training.street.samples import Labels
from models.training.street.views import Framing, mirrored, mosaic, moved_labels, placed, view
from models.training.street.weather import blur, colours, grey, jpeg, night, noise, rain, resample, weathered

CAR = CLASSES.index("car")


def picture_of(boxes: list[tuple[int, int, int, int]], width: int = 200, height: int = 120) -> Any:
    image = np.zeros((height, width, 3), np.uint8)
    for x1, y1, x2, y2 in boxes:
        image[y1:y2, x1:x2] = 255
    return image, Labels.of([("car", box) for box in boxes])


def bright_box(image: np.ndarray) -> list[float]:
    rows, columns = np.flatnonzero((image[..., 0] > 127).any(1)), np.flatnonzero((image[..., 0] > 127).any(0))
    return [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]


@pytest.mark.parametrize(
    "framing",
    [
        Framing(1, 1, 0, 0, 120, 200),
        Framing(2, 2, 100, 60, 96, 160),
        Framing(0.5, 0.5, 0, 0, 64, 128),
        Framing(0.3, 0.35, -10, -5, 64, 128),
        Framing(1.3, 1.1, 20, 10, 96, 128),
    ],
    ids=str,
)
def test_boxes_move_with_their_pixels(framing: Framing) -> None:
    image, labels = picture_of([(60, 40, 100, 80)])
    moved = moved_labels(labels, framing, least_px=6)
    assert len(moved.boxes) == 1
    assert bright_box(placed(image, framing)) == pytest.approx(moved.boxes[0].tolist(), abs=1.5)


def test_what_is_small_or_cut_is_ignored_and_what_is_outside_is_gone() -> None:
    _, labels = picture_of([(0, 0, 4, 4), (90, 50, 140, 90), (150, 50, 190, 90), (20, 20, 60, 60)])
    moved = moved_labels(labels, Framing(1, 1, 0, 0, 120, 100), least_px=6)
    assert moved.boxes.tolist() == [[20, 20, 60, 60]]
    assert moved.ignored.tolist() == [[0, 0, 4, 4], [90, 50, 100, 90]]
    assert moved.ignored_for.all()


def test_a_mirror_twice_is_no_mirror() -> None:
    _, labels = picture_of([(10, 20, 50, 60)])
    assert mirrored(labels, 200).boxes.tolist() == [[150, 20, 190, 60]]
    assert mirrored(mirrored(labels, 200), 200).boxes.tolist() == labels.boxes.tolist()


@pytest.mark.parametrize("seed", range(12))
def test_views_show_what_their_labels_say(seed: int) -> None:
    image, labels = picture_of([(60, 40, 100, 80)])
    shown, moved = view(image, labels, (96, 160), Augmentation(), np.random.default_rng(seed))
    assert shown.shape == (96, 160, 3)
    for box in moved.boxes:
        assert bright_box(shown) == pytest.approx(box.tolist(), abs=3.5)
        assert (box >= 0).all()
        assert (box <= [160, 96, 160, 96]).all()


def test_things_come_in_all_sizes() -> None:
    image, labels = picture_of([(60, 40, 100, 80)])
    how, rng = Augmentation(whole=0.0), np.random.default_rng(0)
    boxes = np.concatenate([view(image, labels, (256, 416), how, rng)[1].boxes for _ in range(60)])
    sizes = np.sqrt((boxes[:, 2:] - boxes[:, :2]).prod(axis=1))
    assert len(boxes) > 50
    assert sizes.max() / sizes.min() > 1.5


def test_a_mosaic_keeps_each_part_in_its_corner() -> None:
    parts = [picture_of([(60, 40, 100, 80)]) for _ in range(4)]
    shown, labels = mosaic(parts, (256, 416), Augmentation(), np.random.default_rng(2))
    assert shown.shape == (256, 416, 3)
    for x1, y1, x2, y2 in labels.boxes.round().astype(int):
        inner = shown[y1 + 2 : y2 - 2, x1 + 2 : x2 - 2]
        assert inner.size == 0 or inner.mean() > 200


@pytest.mark.parametrize("change", [colours, night, rain, blur, resample, noise, grey, jpeg])
def test_weather_keeps_the_form_and_the_source(change: Any) -> None:
    image = np.random.default_rng(5).integers(0, 255, (64, 96, 3), np.uint8)
    before = image.copy()
    changed = change(image, np.random.default_rng(1))
    assert changed.shape == image.shape
    assert changed.dtype == np.uint8
    assert not np.array_equal(changed, before)
    assert np.array_equal(image, before)


def test_night_is_dark_and_the_same_seed_makes_the_same_weather() -> None:
    image = np.full((64, 96, 3), 120, np.uint8)
    assert night(image, np.random.default_rng(1)).mean() < 80
    first, second = (weathered(image, Augmentation(), np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(first, second)
