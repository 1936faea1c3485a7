import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.geodesy import LonLat
from calibration.ground import CalibrationError, GroundPlane
from tests.calibration.views import HEIGHT, WIDTH, pixels, pole_camera, pole_cameras

offsets = st.tuples(st.floats(-1e6, 1e7), st.floats(-1e6, 1e7))


@given(plane=pole_cameras, points=pixels, offset=offsets)
def test_ground_and_back_is_the_same_pixel(plane: GroundPlane, points: list[tuple[float, float]], offset) -> None:
    moved = GroundPlane(plane.homography, WIDTH, HEIGHT, offset)
    ground = moved.to_ground(points)
    back = moved.to_image(ground)
    near = np.linalg.norm(plane.to_ground(points), axis=1) < 1000
    np.testing.assert_allclose(back[near], np.array(points)[near], atol=1e-2)


@given(plane=pole_cameras, points=pixels)
def test_there_is_ground_exactly_below_the_horizon(plane: GroundPlane, points: list[tuple[float, float]]) -> None:
    w = np.array(points) @ plane.homography[2, :2] + plane.homography[2, 2]
    assert (np.isnan(plane.to_ground(points)).any(axis=1) == (w <= 0)).all()
    assert (np.isnan(plane.metres_per_pixel(points)) == (w <= 0)).all()


def test_the_middle_of_the_picture_looks_where_the_tilt_says() -> None:
    plane = pole_camera(height_m=6, tilt_deg=30, focal_px=1000)
    x, y = plane.to_ground([(WIDTH / 2, HEIGHT / 2)])[0]
    assert x == pytest.approx(0, abs=1e-9)
    assert y == pytest.approx(6 / math.tan(math.radians(30)))


@given(plane=pole_cameras)
def test_a_pixel_spans_the_ground_between_its_corners(plane: GroundPlane) -> None:
    u, v = WIDTH / 2, HEIGHT - 1.0
    corners = plane.to_ground([(u - 0.5, v - 0.5), (u + 0.5, v - 0.5), (u + 0.5, v + 0.5), (u - 0.5, v + 0.5)])
    x, y = corners.T
    area = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    assert plane.metres_per_pixel([(u, v)])[0] == pytest.approx(math.sqrt(area), rel=0.01)


@given(plane=pole_cameras, points=pixels)
def test_a_metre_spans_the_most_pixels_across_the_line_of_sight(plane: GroundPlane, points: list) -> None:
    spans = plane.pixels_per_metre(points)
    area = plane.metres_per_pixel(points)
    assert (np.isnan(spans) == np.isnan(area)).all()
    seen = np.isfinite(spans)
    assert (spans[seen] * area[seen] >= 1 - 1e-9).all()
    for (x, y), most, (u, v) in zip(plane.to_ground(points)[seen], spans[seen], np.array(points)[seen], strict=True):
        if np.hypot(x, y) > 300:
            continue
        around = np.radians(np.arange(0, 360, 5))
        ring = plane.to_image(np.column_stack([x + 0.01 * np.cos(around), y + 0.01 * np.sin(around)]))
        assert np.hypot(*(ring - (u, v)).T).max() / 0.01 == pytest.approx(most, rel=0.01)


def test_a_lane_of_the_middle_is_as_wide_as_the_pinhole_says() -> None:
    # 10 m above the ground, 45 degrees down: the middle of the picture is 14.1 m away.
    (span,) = pole_camera(height_m=10, tilt_deg=45, focal_px=1000).pixels_per_metre([(WIDTH / 2, HEIGHT / 2)])
    assert span == pytest.approx(1000 / math.hypot(10, 10))


def test_a_place_behind_the_camera_is_in_no_picture() -> None:
    assert np.isnan(pole_camera(6, 30, 1000).to_image([(0, -50)])).all()


def test_the_second_stream_sees_the_same_ground() -> None:
    plane = pole_camera(6, 30, 1000)
    small = plane.resized(640, 360)
    np.testing.assert_allclose(small.to_ground([(320, 300)]), plane.to_ground([(640, 600)]), atol=1e-9)
    with pytest.raises(CalibrationError, match="other proportions"):
        plane.resized(640, 480)


def test_without_a_place_on_earth_there_is_no_longitude() -> None:
    with pytest.raises(CalibrationError, match="metres only"):
        pole_camera(6, 30, 1000).to_lonlat([(640, 600)])


@pytest.mark.parametrize(
    "homography",
    [np.zeros((3, 3)), np.ones((3, 3)), np.full((3, 3), np.nan), np.eye(2)],
    ids=["zero", "rank one", "not a number", "2 x 2"],
)
def test_what_is_no_homography_is_refused(homography: np.ndarray) -> None:
    with pytest.raises(CalibrationError):
        GroundPlane(homography, WIDTH, HEIGHT)


def test_points_of_another_shape_are_refused() -> None:
    with pytest.raises(CalibrationError, match=r"\[n, 2\]"):
        pole_camera(6, 30, 1000).to_ground([(1, 2, 3)])
    assert pole_camera(6, 30, 1000).to_ground([]).shape == (0, 2)


@given(lon=st.floats(-179, 179), lat=st.floats(-80, 80), x=st.floats(-1000, 1000), y=st.floats(-1000, 1000))
def test_degrees_and_back_are_the_same_metres(lon: float, lat: float, x: float, y: float) -> None:
    origin = LonLat(lon, lat)
    np.testing.assert_allclose(origin.metres(origin.of_metres(np.array([[x, y]]))), [[x, y]], atol=1e-4)


def test_a_degree_is_as_long_as_the_ellipsoid_says() -> None:
    # Published lengths of a degree on WGS 84: at the equator 111,319.5 m east and 110,574.3 m north.
    np.testing.assert_allclose(LonLat(106, 0).metres(np.array([[107, 1]])), [[111_319.5, 110_574.3]], atol=0.1)
    np.testing.assert_allclose(LonLat(0, 45).metres(np.array([[1, 46]])), [[78_846.8, 111_131.8]], atol=0.1)


def test_a_latitude_beyond_the_map_hints_at_the_order() -> None:
    with pytest.raises(ValueError, match="longitude, latitude"):
        LonLat(-2.1, 106.1)
