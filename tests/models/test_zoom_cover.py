import numpy as np
import pytest

from models.zoom import Crop
from models.zoom_cover import Cars, Frame, cover

FRAME = Frame(640, 360, 416)


def cars(*boxes: tuple[int, int, int, int], px: float = 16.0) -> Cars:
    return Cars(np.full(len(boxes), px), np.array(boxes))


def test_cars_that_fit_one_crop_get_one() -> None:
    # 16 px, enlarged to 24 of 416: a crop of 277 px, its borders of 4 px not counted.
    found = cover(cars((100, 100, 140, 120), (330, 200, 367, 220)), FRAME, 24, at_most=3)
    assert found == (Crop(95, 81, 372, 237),)


def test_cars_just_too_far_apart_get_two() -> None:
    found = cover(cars((100, 100, 140, 120), (330, 200, 371, 220)), FRAME, 24, at_most=3)
    assert found is not None
    assert len(found) == 2


def test_the_frame_s_own_border_cuts_nothing() -> None:
    assert cover(cars((0, 0, 40, 20), (240, 120, 272, 150)), FRAME, 24, at_most=1) == (Crop(0, 0, 277, 156),)


def test_a_far_car_makes_a_small_crop_that_serves_only_what_it_shows() -> None:
    far, near = (300, 60, 320, 70), (40, 250, 120, 300)
    found = cover(Cars(np.array([9.0, 30.0]), np.array([far, near])), FRAME, 24, at_most=3)
    assert found is not None
    assert [crop.x2 - crop.x1 for crop in found] == [156, 520]


def test_among_equals_the_crop_that_shows_more_is_taken() -> None:
    far, near = (300, 60, 320, 70), (330, 135, 380, 165)
    for nearby in (near, (220, 135, 270, 165)):
        (crop,) = cover(Cars(np.array([12.0, 40.0]), np.array([far, nearby])), FRAME, 24, at_most=3) or ()
        assert crop.x1 < nearby[0] < nearby[2] < crop.x2
        assert crop.y2 > nearby[3]


def test_where_the_fullest_crop_would_strand_two_cars_the_search_looks_further() -> None:
    row = [(x, 100, x + 20, 120) for x in range(10, 510, 20)]
    found = cover(cars(*row), FRAME, 24, at_most=2)
    assert found is not None
    assert len(found) == 2


def test_more_than_allowed_is_told_and_what_cannot_be_whole_is_passed_over() -> None:
    assert cover(cars((0, 0, 40, 20), (600, 300, 640, 320)), FRAME, 24, at_most=1) is None
    assert cover(cars((0, 0, 400, 20)), FRAME, 24, at_most=1) == ()
    assert cover(Cars(np.zeros(0), np.zeros((0, 4), int)), FRAME, 24, at_most=1) == ()


@pytest.mark.parametrize("numbers", [(0, 10, 416), (10, -1, 416), (10, 10, 0)])
def test_a_frame_without_size_is_refused(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        Frame(*numbers)
