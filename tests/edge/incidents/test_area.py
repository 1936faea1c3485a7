"""Where a thing stands."""

import numpy as np
import pytest

from calibration.ground import GroundPlane
from edge.incidents.area import Area, Areas, middle_of
from edge.perception.zone import Zone

SIZE = (200, 100)
RIGHT_HALF = ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0))
TENTH = GroundPlane(np.diag([0.1, 0.1, 1.0]), *SIZE)
"""A view from straight above: ten pixels a metre."""


def test_a_thing_stands_where_the_lower_third_of_its_box_has_its_middle() -> None:
    assert middle_of((0, 0, 20, 30)) == (10, 25)


@pytest.mark.parametrize(
    ("box", "held"),
    [
        pytest.param((120, 20, 160, 60), True, id="inside"),
        pytest.param((85, 20, 125, 60), True, id="its middle is inside"),
        pytest.param((60, 20, 130, 60), False, id="its roof leans in, most of its footprint is outside"),
        pytest.param((20, 20, 60, 60), False, id="outside"),
    ],
)
def test_a_thing_stands_inside_when_its_footprint_does(box: tuple[float, float, float, float], held: bool) -> None:
    assert Area(RIGHT_HALF, SIZE).holds(box) is held


def test_most_of_a_footprint_may_be_inside_although_its_middle_is_not() -> None:
    frame = ((0.3, 0.2), (0.7, 0.2), (0.7, 0.49), (0.51, 0.49), (0.5, 0.3), (0.49, 0.49), (0.3, 0.49))
    box = (60.0, 10.0, 140.0, 48.0)
    area = Area(frame, SIZE)
    assert area.inside_px(middle_of(box)) < 0
    assert area.holds(box)


def test_distances_to_the_outline_in_pixels_and_metres() -> None:
    area = Area(RIGHT_HALF, SIZE, TENTH)
    assert area.inside_px((120, 50)) == pytest.approx(20)
    assert area.inside_px((90, 50)) == pytest.approx(-10)
    assert area.inside_m((120, 50)) == pytest.approx(2.0)
    assert area.inside_m((90, 50)) == pytest.approx(-1.0)


def test_metres_are_not_known_without_a_calibration_nor_above_the_horizon() -> None:
    assert Area(RIGHT_HALF, SIZE).inside_m((120, 50)) is None
    horizon = GroundPlane(np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 1.0, -50.0]]), *SIZE)
    assert Area(RIGHT_HALF, SIZE, horizon).inside_m((120, 80)) is None, "the polygon reaches the sky"
    lower = ((0.5, 0.6), (1.0, 0.6), (1.0, 1.0), (0.5, 1.0))
    assert Area(lower, SIZE, horizon).inside_m((120, 40)) is None


def test_metres_of_a_national_grid_stay_precise() -> None:
    far = GroundPlane(np.diag([0.1, 0.1, 1.0]), *SIZE, offset_m=(701_000.0, 9_310_000.0))
    assert Area(RIGHT_HALF, SIZE, far).inside_m((101, 50)) == pytest.approx(0.1, abs=1e-3)


def test_areas_follow_the_size_of_the_pictures() -> None:
    areas = Areas([Zone("kerb", RIGHT_HALF)], TENTH)
    assert areas.of(SIZE)["kerb"].inside_px((150, 50)) == pytest.approx(50)
    assert areas.of((400, 200))["kerb"].inside_px((300, 100)) == pytest.approx(100)
    assert areas.of((400, 200))["kerb"].inside_m((220, 100)) == pytest.approx(1.0)
