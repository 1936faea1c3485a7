import numpy as np
import pytest

from calibration.ground import GroundPlane
from calibration.refining import METRE_ERROR, PIXEL_ERROR, misses, refined
from tests.calibration.views import HEIGHT, WIDTH, pole_camera

CORNERS = np.array([(100, 700), (1200, 690), (300, 330), (1000, 340), (640, 300), (560, 480)], float)


def noisy(seed: int) -> tuple[GroundPlane, np.ndarray, np.ndarray]:
    truth = pole_camera(7, 18, 900)
    rng = np.random.default_rng(seed)
    metres = truth.to_ground(CORNERS) + rng.normal(0, METRE_ERROR, CORNERS.shape)
    return truth, CORNERS + rng.normal(0, PIXEL_ERROR, CORNERS.shape), metres


def cost(homography: np.ndarray, pixels: np.ndarray, metres: np.ndarray) -> float:
    return float((misses(homography, pixels, metres) ** 2).sum())


def test_exact_points_keep_their_plane() -> None:
    truth = pole_camera(7, 18, 900)
    found = refined(truth.homography, CORNERS, truth.to_ground(CORNERS))
    np.testing.assert_allclose(
        GroundPlane(found, WIDTH, HEIGHT).to_ground(CORNERS), truth.to_ground(CORNERS), atol=1e-6
    )


@pytest.mark.parametrize("seed", range(5))
def test_no_plane_nearby_misses_less(seed: int) -> None:
    truth, pixels, metres = noisy(seed)
    found = refined(truth.homography, pixels, metres)
    least = cost(found, pixels, metres)
    assert least < cost(truth.homography, pixels, metres)
    rng = np.random.default_rng(seed)
    for _ in range(200):
        nudged = found * (1 + rng.normal(0, 1e-4, (3, 3)))
        assert cost(nudged, pixels, metres) > least * (1 - 1e-6)


def test_misses_are_counted_in_standard_deviations() -> None:
    squares = []
    for seed in range(50):
        truth, pixels, metres = noisy(seed)
        squares.append((misses(truth.homography, pixels, metres) ** 2).mean())
    assert np.mean(squares) == pytest.approx(1, abs=0.15)
