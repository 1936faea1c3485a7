import numpy as np
import pytest

from models.training.water.augment import CHANGES, Image, as_seen, drawn, placed, whole

CANVAS = (96, 160)


def scene(height: int = 120, width: int = 200) -> tuple[Image, Image]:
    """A smooth picture with a bright field that is also the mask."""
    image = np.full((height, width, 3), 60, np.uint8)
    image[40:100, 30:150] = 220
    return image, np.where(image[..., 0] == 220, 255, 0).astype(np.uint8)


def test_the_whole_picture_fills_its_side_as_at_run_time() -> None:
    image, _ = scene()
    seen = placed(image, whole(image.shape, CANVAS), CANVAS)
    assert seen.shape == (96, 160, 3)
    assert seen[:95, :159].min() >= 55, "nothing is cut off or left empty where the shapes agree"
    tall, _ = scene(200, 100)
    seen = placed(tall, whole(tall.shape, CANVAS), CANVAS)
    assert seen[:94, :46].min() >= 55
    assert not seen[:, 49:].any(), "padding is black and at the right"


def test_corners_go_where_the_placement_says() -> None:
    placement = whole((120, 200), CANVAS)
    corners = placement.matrix((120, 200)) @ np.array([[-0.5, 199.5], [-0.5, 119.5], [1, 1]])
    assert corners == pytest.approx(np.array([[-0.5, 159.5], [-0.5, 95.5]]))


@pytest.mark.parametrize("seed", range(12))
def test_mask_and_picture_move_together(seed: int) -> None:
    image, mask = scene(*((120, 200) if seed % 2 else (480, 640)))
    placement = drawn(image.shape, CANVAS, np.random.default_rng(seed))
    seen, water = placed(image, placement, CANVAS), placed(mask, placement, CANVAS)
    bright = seen[..., 0] > 140
    assert (bright == (water > 127)).mean() > 0.99


@pytest.mark.parametrize("seed", range(12))
def test_a_large_picture_leaves_no_edge_of_the_canvas_empty(seed: int) -> None:
    image = np.full((192, 320, 3), 200, np.uint8)
    placement = drawn(image.shape, CANVAS, np.random.default_rng(seed))
    straight = type(placement)(placement.scale, placement.stretch, 0, False, placement.left, placement.top)
    seen = placed(image, straight, CANVAS)[..., 0]
    height = min(CANVAS[0], int(192 * placement.scale))
    width = min(CANVAS[1], int(320 * placement.scale * placement.stretch))
    assert (seen[1 : height - 1, 1 : width - 1] > 190).all()


@pytest.mark.parametrize("change", [change for _, change in CHANGES], ids=lambda change: change.__name__.strip("_"))
def test_every_change_keeps_shape_and_kind(change: object) -> None:
    assert callable(change)
    image, _ = scene()
    seen = change(image, np.random.default_rng(3))
    assert (seen.shape, seen.dtype) == (image.shape, np.uint8)
    assert image.max() == 220, "the picture in memory is not touched"


def test_padding_stays_black_in_any_weather() -> None:
    image, _ = scene()
    image[:, 150:] = 0
    image[110:] = 0
    for seed in range(20):
        seen = as_seen(image, np.random.default_rng(seed))
        assert not seen[:, 150:].any()
        assert not seen[110:].any()


def test_the_same_draw_gives_the_same_picture() -> None:
    image, _ = scene()
    first, second = (as_seen(image, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first, second)
