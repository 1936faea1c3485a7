"""Displacements to a fraction of a pixel, and the camera's own movement taken out."""

import numpy as np
import pytest

from edge.perception.flow import Plate, Shake, displacements, steady
from tests.edge.street import CAR_PX, HEIGHT, WIDTH, draw

CAR = np.array([[200, 100, 200 + CAR_PX[0], 100 + CAR_PX[1]]], float)


@pytest.mark.parametrize("way", [(0.0, 0.0), (0.4, -0.3), (3.0, 2.0)])
def test_a_box_moves_as_its_content_does(way: tuple[float, float]) -> None:
    before, after = Plate.of(draw([(200, 100)])), Plate.of(draw([(200 + way[0], 100 + way[1])]))
    assert displacements(before, after, CAR)[0] == pytest.approx(way, abs=0.25)


def test_a_jump_is_followed_where_it_is_expected_and_not_guessed_where_it_is_not() -> None:
    before, after = Plate.of(draw([(200, 100)])), Plate.of(draw([(220, 109)]))
    assert displacements(before, after, CAR, np.array([[18.0, 8.0]]))[0] == pytest.approx((20, 9), abs=0.25)
    assert np.isnan(displacements(before, after, CAR)).all()


def test_what_cannot_be_followed_is_not_guessed() -> None:
    before, after = Plate.of(draw([(200, 100)])), Plate.of(draw([]))
    assert np.isnan(displacements(before, after, CAR)).all()
    assert displacements(before, after, np.zeros((0, 4))).shape == (0, 2)


def test_a_wide_picture_is_followed_at_less_width_but_answers_in_its_own_pixels() -> None:
    def wide(x: float) -> Plate:
        return Plate.of(np.repeat(np.repeat(draw([(x, 100)]), 3, axis=0), 3, axis=1))

    before, after = wide(200), wide(206)
    assert before.grey.shape[1] == 960
    assert displacements(before, after, CAR * 3)[0] == pytest.approx((18, 0), abs=0.8)


def test_the_camera_s_own_movement_is_taken_out() -> None:
    first = Plate.of(draw([(200, 100)]))
    shake = Shake(first, np.full((HEIGHT, WIDTH), 255, np.uint8))
    transform = shake.add(Plate.of(draw([(230, 100)], shake=(4.0, -2.0))))
    assert steady(transform, 1.0, 104.0, 98.0) == pytest.approx((100, 100), abs=0.4)


def test_another_scene_is_a_cut_and_a_car_is_none() -> None:
    plate = Plate.of(draw([(200, 100)]))
    assert Plate.of(draw([(200, 100)], scene=2)).is_cut_from(plate)
    assert not Plate.of(draw([(260, 140), (100, 200)])).is_cut_from(plate)
