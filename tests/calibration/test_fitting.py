import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calibration.fitting import fit_lonlat, fit_metres
from calibration.geodesy import LonLat
from calibration.ground import CalibrationError, GroundPlane
from calibration.lens import Lens
from tests.calibration.test_lens import BARREL, seen_through
from tests.calibration.views import HEIGHT, WIDTH, pole_camera, pole_cameras

OTVISION = Path("../shared/data/calibration/otvision/Testvideo_FR20.otrfpts")
ROAD = [(300, 700), (1000, 690), (520, 420), (760, 415), (450, 520), (850, 540)]


@given(plane=pole_cameras, count=st.integers(4, 6))
def test_exact_points_give_the_plane_back(plane: GroundPlane, count: int) -> None:
    pixels = np.array(ROAD[:count], float)
    metres = plane.to_ground(pixels)
    assume(np.isfinite(metres).all() and np.linalg.norm(metres, axis=1).max() < 200)
    fit = fit_metres(pixels, metres, WIDTH, HEIGHT)
    assert fit.rms_m < 1e-3
    assert fit.used.all()
    np.testing.assert_allclose(fit.plane.to_ground([(640, 600)]), plane.to_ground([(640, 600)]), atol=1e-2)


def test_a_wrong_point_is_found_and_left_out() -> None:
    plane = pole_camera(6, 25, 1000)
    metres = plane.to_ground(ROAD)
    metres[4] += (5, -4)
    fit = fit_metres(ROAD, metres, WIDTH, HEIGHT)
    assert fit.used.tolist() == [True, True, True, True, False, True]
    assert fit.residuals_m[4] == pytest.approx(np.hypot(5, 4), abs=0.1)
    assert fit.rms_m < 0.01


def noisy_pixels(plane: GroundPlane, count: int, noise_px: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pixels as somebody clicks them, and their true metres."""
    rng = np.random.default_rng(seed)
    pixels = rng.uniform((60, 150), (1220, 700), (count, 2))
    return pixels + rng.normal(0, noise_px, pixels.shape), plane.to_ground(pixels)


def miss_m(plane: GroundPlane, truth: GroundPlane) -> float:
    """The median miss over the picture."""
    pixels = np.random.default_rng(9).uniform((60, 150), (1220, 700), (200, 2))
    return float(np.median(np.linalg.norm(plane.to_ground(pixels) - truth.to_ground(pixels), axis=1)))


@pytest.mark.parametrize("seed", range(5))
def test_twelve_points_tell_the_lens(seed: int) -> None:
    truth = seen_through(BARREL)
    pixels, metres = noisy_pixels(truth, 12, 1.0, seed)
    fit = fit_metres(pixels, metres, WIDTH, HEIGHT)
    assert fit.plane.lens is not None
    assert fit.pinhole_rms_m is not None
    assert fit.rms_m < 0.6 * fit.pinhole_rms_m
    # Found at a nominal focal length of one width: k1 goes with its square.
    k1 = fit.plane.lens.distortion[0] * (BARREL.focal_px[0] / WIDTH) ** 2
    assert k1 == pytest.approx(-0.215, abs=0.07)  # what stands best for k1 and k2 of the lens together
    assert miss_m(fit.plane, truth) < 0.06


def test_a_lens_is_not_seen_where_there_is_none() -> None:
    truth = pole_camera(6, 25, 900)
    fits = [fit_metres(*noisy_pixels(truth, 10, 1.0, seed), WIDTH, HEIGHT) for seed in range(4)]
    assert sum(fit.plane.lens is not None for fit in fits) <= 1


def test_seven_points_cannot_tell_a_lens() -> None:
    pixels, metres = noisy_pixels(seen_through(BARREL), 7, 0.0, 1)
    fit = fit_metres(pixels, metres, WIDTH, HEIGHT)
    assert fit.plane.lens is None
    assert fit.rms_m > 0.02


def test_a_wrong_point_is_found_behind_a_lens() -> None:
    truth = seen_through(BARREL)
    pixels, metres = noisy_pixels(truth, 12, 0.5, 3)
    metres[4] += (5, -4)
    fit = fit_metres(pixels, metres, WIDTH, HEIGHT)
    assert fit.used.sum() == 11
    assert not fit.used[4]
    assert fit.plane.lens is not None


def test_a_given_lens_makes_six_points_enough() -> None:
    truth = seen_through(BARREL)
    pixels, metres = noisy_pixels(truth, 6, 0.0, 2)
    given_lens = fit_metres(pixels, metres, WIDTH, HEIGHT, lens=BARREL)
    assert given_lens.plane.lens == BARREL
    assert given_lens.rms_m < 1e-6
    assert miss_m(given_lens.plane, truth) < 1e-6
    assert miss_m(fit_metres(pixels, metres, WIDTH, HEIGHT).plane, truth) > 0.01


def test_a_point_beyond_the_given_lens_is_named() -> None:
    fisheye = Lens((400.0, 400.0), (640.0, 360.0), (-0.3, 0.0, 0.0, 0.0, 0.0))
    with pytest.raises(CalibrationError, match=r"point 2 at \[1.0, 719.0\] is beyond"):
        fit_metres([(500, 300), (1, 719), (600, 500), (500, 500)], SQUARE, WIDTH, HEIGHT, lens=fisheye)


def test_lonlat_points_land_on_the_map() -> None:
    plane = pole_camera(6, 25, 1000)
    origin = LonLat(106.11, -2.13)
    fit = fit_lonlat(ROAD, origin.of_metres(plane.to_ground(ROAD)), WIDTH, HEIGHT)
    assert fit.rms_m < 0.01
    expected = origin.of_metres(plane.to_ground([(640, 600)]))
    np.testing.assert_allclose(fit.plane.to_lonlat([(640, 600)]), expected, atol=1e-7)


def test_a_mirrored_map_is_refused() -> None:
    mirrored = pole_camera(6, 25, 1000).to_ground(ROAD) * [-1, 1]
    with pytest.raises(CalibrationError, match="mirrored"):
        fit_lonlat(ROAD, LonLat(6.1, 2.1).of_metres(mirrored), WIDTH, HEIGHT)


SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]
SQUARE_PX = [(100, 100), (400, 100), (400, 400), (100, 400)]


@pytest.mark.parametrize(
    ("pixels", "metres", "message"),
    [
        (SQUARE_PX[:3], SQUARE[:3], "at least four"),
        ([], [], "at least four"),
        (SQUARE_PX, SQUARE[:3], "pairs"),
        ([(x, x) for x in (1, 2, 3, 4)], SQUARE, "one line in the picture"),
        (SQUARE_PX, [(x, 2 * x) for x in (1, 2, 3, 4)], "one line on the ground"),
        ([(0, 0), (100, 0), (200, 0), (50, 90)], SQUARE, "3 of 4 points lie on one line in the picture"),
        ([(9, 9)] * 4, SQUARE, "one line in the picture"),
        (SQUARE_PX, [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]], "folded"),
        ([(-1, 5), *SQUARE_PX[1:]], SQUARE, "point 1 at .* is outside"),
        (SQUARE_PX, [(np.nan, 0), *SQUARE[1:]], "finite"),
    ],
    ids=["three", "none", "odd", "line", "ground line", "three on a line", "one spot", "bow tie", "outside", "nan"],
)
def test_points_that_fix_no_plane_are_refused(pixels: list, metres: list, message: str) -> None:
    with pytest.raises(CalibrationError, match=message):
        fit_metres(pixels, metres, WIDTH, HEIGHT)


def test_points_that_contradict_each_other_are_refused() -> None:
    places = np.random.default_rng(1).uniform(0, 100, (8, 2))
    pixels = np.random.default_rng(2).uniform(0, 700, (8, 2))
    with pytest.raises(CalibrationError, match="of 8 points agree"):
        fit_metres(pixels, places, WIDTH, HEIGHT, tolerance_m=0.5)


@pytest.mark.skipif(not OTVISION.is_file(), reason=f"{OTVISION} is not there")
def test_measured_points_of_a_real_camera_agree_within_a_hand() -> None:
    points = json.loads(OTVISION.read_text()).values()
    pixels = [(point["x_px"], point["y_px"]) for point in points]
    utm = [(point["lon_utm"], point["lat_utm"]) for point in points]
    fit = fit_metres(pixels, utm, 800, 600)
    assert fit.used.all()
    assert 0.05 < fit.rms_m < 0.25
    np.testing.assert_allclose(fit.plane.to_image(utm), pixels, atol=10)
