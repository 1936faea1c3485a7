"""The pinhole above a flat road."""

import numpy as np
import pytest

from edge.perception.view import View, body_rows, outlines

VIEW = View(focal_px=600, horizon_px=100, height_m=8, width_px=960, height_px=540)


def test_distances_agree_with_the_pinhole() -> None:
    # A level camera (horizon in the middle): depth = focal * height / rows below the horizon.
    level = View(600, 270, 8, 960, 540)
    near, far = 270 + 600 * 8 / 20, 270 + 600 * 8 / 50
    assert level.metres_between((480, near), (480, far)) == pytest.approx(30)
    assert level.metres_between((480, near), (480 + 600 / 20, near)) == pytest.approx(1.0)


def test_the_same_step_on_the_picture_is_longer_farther_away() -> None:
    assert VIEW.metres_between((480, 200), (480, 205)) > 3 * VIEW.metres_between((480, 400), (480, 405))


def test_a_point_above_the_horizon_has_no_endless_distance() -> None:
    assert np.isfinite(VIEW.metres_between((480, 20), (480, 300)))


def test_boxes_grow_towards_the_camera_and_turn_with_the_vehicle() -> None:
    feet = np.array([[480, 200], [480, 400], [480, 400]], float)
    ways = np.array([[0, 1], [0, 1], [1, 0]], float)
    seen = outlines(feet, ways, body_rows(["car"] * 3), focal=600, horizon=100, camera_m=8, width=960, height=540)
    assert seen.width[1] > 2 * seen.width[0]
    assert seen.width[2] > 1.5 * seen.width[1], "from the side a car is longer than it is wide"


def test_little_of_a_box_is_ground_from_a_low_camera_and_most_of_it_from_a_high_one() -> None:
    low = View(1800, 200, 5, 960, 540)
    high = View(400, -500, 20, 960, 540)
    assert low.depth_share((480, 500), (0, 1), "car") < 0.4
    assert high.depth_share((480, 500), (0, 1), "car") > 0.7
