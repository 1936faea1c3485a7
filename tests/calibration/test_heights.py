import numpy as np
import pytest

from calibration.ground import CalibrationError, GroundPlane
from calibration.heights import Gauge, uprights
from tests.calibration.rendered import CLIPS, lens_of, true_plane, truth
from tests.calibration.views import HEIGHT, WIDTH, pole_camera


def seen(clip: str, points_m: np.ndarray) -> np.ndarray:
    """Pixels of points [n, 3] by the renderer's own camera matrix and lens."""
    points = np.column_stack([points_m, np.ones(len(points_m))]) @ np.array(truth(clip)["camera"]["matrix"]).T
    straight = points[:, :2] / points[:, 2:]
    return lens_of(clip).bend(straight)


@pytest.fixture(params=CLIPS)
def clip(request: pytest.FixtureRequest) -> str:
    return request.param


def places(clip: str) -> np.ndarray:
    """Spots in the middle of the roadway, 12 to 40 m away."""
    corners = np.array(truth(clip)["zones"][0]["ground_m"])
    x = corners[:, 0].mean()
    return np.column_stack([np.full(5, x), np.linspace(12, 40, 5)])


def test_heights_are_those_of_the_renderers_camera(clip: str) -> None:
    feet = places(clip)
    heights = np.array([0.1, 0.3, 0.6, 1.5, 3.0])
    found = uprights(true_plane(clip)).height_m(
        seen(clip, np.column_stack([feet, np.zeros(5)])), seen(clip, np.column_stack([feet, heights]))
    )
    np.testing.assert_allclose(found, heights, atol=2e-3)


def test_the_focal_length_is_read_off_the_plane(clip: str) -> None:
    assert uprights(true_plane(clip)).focal_px == pytest.approx(truth(clip)["camera"]["intrinsics"][0][0], rel=1e-3)


def test_what_is_projected_up_is_found_below(clip: str) -> None:
    upright = uprights(true_plane(clip))
    feet = places(clip)
    pixels = seen(clip, np.column_stack([feet, np.full(5, 1.2)]))
    np.testing.assert_allclose(upright.below(pixels, 1.2), feet, atol=2e-3)
    np.testing.assert_allclose(upright.to_image(feet, 1.2), pixels, atol=1e-3)


def test_water_at_a_wheel_is_as_deep_as_the_hub_tells(clip: str) -> None:
    for x, y in places(clip):
        hub, line = seen(clip, np.array([(x, y, 0.30), (x, y, 0.18)]))
        (depth,) = uprights(true_plane(clip)).waterline_cm(tuple(hub), 30, [line])
        assert depth == pytest.approx(18, abs=0.2)


def test_a_pixel_of_error_is_a_few_centimetres_of_water() -> None:
    x, y = places("flood_rises")[0]
    hub, line = seen("flood_rises", np.array([(x, y, 0.30), (x, y, 0.18)]))
    upright = uprights(true_plane("flood_rises"))
    high, low = upright.waterline_cm(tuple(hub), 30, [(line[0], line[1] - 1), (line[0], line[1] + 1)])
    assert 1 < high - 18 < 4
    assert 1 < 18 - low < 4


def test_metres_of_a_national_grid_change_nothing() -> None:
    plane = pole_camera(6, 25, 1000)
    far = GroundPlane(plane.homography, WIDTH, HEIGHT, (844_000.0, 5_673_000.0))
    feet, tops = [(640, 500)], [(640, 440)]
    np.testing.assert_allclose(uprights(far).height_m(feet, tops), uprights(plane).height_m(feet, tops), rtol=1e-6)
    np.testing.assert_allclose(uprights(far).below(tops, 0.0), far.to_ground(tops), rtol=1e-9)


def test_seen_from_straight_above_the_focal_length_must_be_given() -> None:
    above = pole_camera(6, 89.5, 1000)
    with pytest.raises(CalibrationError, match="give it in pixels"):
        uprights(above)
    assert uprights(above, focal_px=1000).focal_px == 1000


def test_a_reference_in_the_sky_is_refused() -> None:
    with pytest.raises(CalibrationError, match="check the pixel"):
        uprights(pole_camera(6, 5, 1000)).waterline_cm((640, 5), 30, [(640, 50)])


@pytest.mark.parametrize("marks", [3, 5])
def test_a_gauge_is_read_in_perspective(marks: int) -> None:
    heights = np.linspace(0, 200, marks)
    upright = uprights(pole_camera(5, 35, 900))
    gauge = Gauge.of(upright.to_image([(0.5, 6.0)] * marks, heights / 100), heights.tolist())
    lines = np.array([20.0, 70.0, 145.0])
    np.testing.assert_allclose(gauge.read_cm(upright.to_image([(0.5, 6.0)] * 3, lines / 100)), lines, atol=1e-6)


def test_two_marks_far_away_are_read_in_proportion() -> None:
    upright = uprights(pole_camera(5, 10, 900))
    gauge = Gauge.of(upright.to_image([(0.5, 30.0)] * 2, [0.0, 1.0]), [0, 100])
    assert gauge.read_cm(upright.to_image([(0.5, 30.0)], 0.4))[0] == pytest.approx(40, abs=1)


@pytest.mark.parametrize(
    ("pixels", "heights"),
    [([(5, 5)], [10]), ([(5, 5), (5, 9)], [10]), ([(5, 5), (5, 9)], [10, 10]), ([(5, 5), (5, 5)], [0, 10])],
    ids=["one", "odd", "one height", "one pixel"],
)
def test_marks_that_measure_nothing_are_refused(pixels: list, heights: list) -> None:
    with pytest.raises(CalibrationError, match="gauge"):
        Gauge.of(pixels, heights)
