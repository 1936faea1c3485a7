import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.ground import GroundPlane
from calibration.lens import Lens
from tests.calibration.views import HEIGHT, WIDTH, pole_camera

BARREL = Lens((900.0, 900.0), (640.0, 360.0), (-0.25, 0.06, 0.001, -0.0005, 0.0))
PINCUSHION = Lens((1100.0, 1080.0), (650.0, 350.0), (0.2, 0.05, 0.0, 0.0, 0.01))
lenses = st.builds(
    lambda focal, k1, k2, p1, p2: Lens((focal, focal), (640.0, 360.0), (k1, k2, p1, p2, 0.0)),
    focal=st.floats(700, 2500), k1=st.floats(-0.2, 0.2), k2=st.floats(0, 0.05), p1=st.floats(-2e-3, 2e-3),
    p2=st.floats(-2e-3, 2e-3),
)  # fmt: skip
pixels = st.lists(st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)), min_size=1, max_size=20)


def seen_through(lens: Lens, tilt_deg: float = 25) -> GroundPlane:
    plane = pole_camera(6, tilt_deg, 900)
    return GroundPlane(plane.homography, WIDTH, HEIGHT, lens=lens)


@given(lens=lenses, points=pixels)
def test_straightened_and_bent_again_is_the_same_pixel(lens: Lens, points: list[tuple[float, float]]) -> None:
    straight = lens.straighten(np.array(points))
    shown = np.isfinite(straight).all(axis=1)
    np.testing.assert_allclose(lens.bend(straight)[shown], np.array(points)[shown], atol=1e-5)


@pytest.mark.parametrize("lens", [BARREL, PINCUSHION], ids=["barrel", "pincushion"])
def test_it_bends_as_opencv_does(lens: Lens) -> None:
    straight = np.random.default_rng(1).uniform((0, 0), (WIDTH, HEIGHT), (50, 2))
    intrinsics = np.array(
        [[lens.focal_px[0], 0, lens.centre_px[0]], [0, lens.focal_px[1], lens.centre_px[1]], [0, 0, 1]]
    )
    rays = np.column_stack([(straight - lens.centre_px) / lens.focal_px, np.ones(50)])
    bent, _ = cv2.projectPoints(rays, np.zeros(3), np.zeros(3), intrinsics, np.array(lens.distortion))
    np.testing.assert_allclose(lens.bend(straight), bent[:, 0], atol=1e-8)


def test_a_corner_far_beyond_the_lens_has_no_ray() -> None:
    fisheye = Lens((400.0, 400.0), (640.0, 360.0), (-0.3, 0.0, 0.0, 0.0, 0.0))
    assert np.isnan(fisheye.straighten(np.array([[0.0, 0.0]]))).all()
    assert np.isnan(fisheye.bend(np.array([[-900.0, 360.0]]))).all()
    np.testing.assert_allclose(fisheye.straighten(np.array([[640.0, 360.0]])), [[640, 360]])


@pytest.mark.parametrize("lens", [BARREL, PINCUSHION], ids=["barrel", "pincushion"])
@given(points=pixels)
def test_ground_and_back_is_the_same_pixel_through_a_lens(lens: Lens, points: list[tuple[float, float]]) -> None:
    plane = seen_through(lens)
    ground = plane.to_ground(points)
    near = np.linalg.norm(ground, axis=1) < 1000
    np.testing.assert_allclose(plane.to_image(ground)[near], np.array(points)[near], atol=1e-2)


@pytest.mark.parametrize("lens", [BARREL, PINCUSHION], ids=["barrel", "pincushion"])
def test_scales_are_those_of_small_steps_on_the_ground(lens: Lens) -> None:
    plane = seen_through(lens, tilt_deg=40)
    points = np.array([(100.0, 650.0), (640.0, 600.0), (1200.0, 400.0), (300.0, 200.0)])
    step = 0.01
    across, along = np.array([step, 0]), np.array([0, step])
    right = (plane.to_ground(points + across) - plane.to_ground(points - across)) / (2 * step)
    down = (plane.to_ground(points + along) - plane.to_ground(points - along)) / (2 * step)
    slopes = np.stack([right, down], axis=2)
    np.testing.assert_allclose(plane.metres_per_pixel(points), np.sqrt(np.abs(np.linalg.det(slopes))), rtol=1e-4)
    largest = 1 / np.linalg.svd(slopes, compute_uv=False)[:, -1]
    np.testing.assert_allclose(plane.pixels_per_metre(points), largest, rtol=1e-4)


def test_the_second_stream_has_the_same_lens() -> None:
    plane = seen_through(BARREL)
    small = plane.resized(640, 360)
    np.testing.assert_allclose(small.to_ground([(60, 300)]), plane.to_ground([(120, 600)]), atol=1e-6)
    np.testing.assert_allclose(small.pixels_per_metre([(60, 300)]) * 2, plane.pixels_per_metre([(120, 600)]))


def test_above_the_horizon_there_is_no_ground_through_a_lens() -> None:
    plane = seen_through(BARREL, tilt_deg=5)
    assert np.isnan(plane.to_ground([(640, 5)])).all()
    assert np.isnan(plane.metres_per_pixel([(640, 5)])).all()
    assert np.isnan(plane.pixels_per_metre([(640, 5)])).all()


@pytest.mark.parametrize("focal", [(0.0, 900.0), (float("nan"), 900.0)], ids=["none", "not a number"])
def test_a_lens_without_focal_length_is_refused(focal: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match=r"focal length|finite"):
        Lens(focal, (640.0, 360.0), (0.0, 0.0, 0.0, 0.0, 0.0))
