"""How true speeds are, on the rendered clips, through planes that somebody clicked."""

import numpy as np
import pytest

from calibration.fitting import fit_metres
from calibration.ground import GroundPlane
from tests.calibration.rendered import CLIPS, lens_of, speed_ratios, true_plane, truth


def clicked(clip: str, seed: int, noise_px: float) -> GroundPlane:
    """Fitted through the lens to six spots on both sides of the street: near, in the middle and far."""
    plane = true_plane(clip)
    along = np.array(truth(clip)["zones"][0]["ground_m"])[:, 1]
    height, width = plane.height, plane.width
    rows = plane.to_image([(0.0, y) for y in np.geomspace(along.min(), along.max(), 3)])[:, 1]
    pixels = np.array([(share * width, min(row, 0.95 * height)) for row in rows for share in (0.12, 0.88)])
    seen = np.isfinite(plane.to_ground(pixels)).all(axis=1)
    assert seen.all(), pixels
    noise = np.random.default_rng(seed).normal(0, noise_px, pixels.shape)
    clicks = np.clip(pixels + noise, 0, [width, height])
    return fit_metres(clicks, plane.to_ground(pixels), width, height, tolerance_m=8.0, lens=lens_of(clip)).plane


def errors(clip: str, noise_px: float, seeds: range) -> np.ndarray:
    """The median error of speed through each plane."""
    planes = [clicked(clip, seed, noise_px) for seed in seeds]
    return np.array([np.median(np.abs(speed_ratios(clip, plane) - 1)) for plane in planes])


@pytest.mark.parametrize("clip", CLIPS)
def test_through_the_true_plane_speeds_are_true(clip: str) -> None:
    ratios = speed_ratios(clip, true_plane(clip))
    assert len(ratios) >= 8
    assert np.median(np.abs(ratios - 1)) < 0.02


@pytest.mark.parametrize("clip", CLIPS)
def test_two_pixels_of_error_in_six_points_leave_speeds_within_five_per_cent(clip: str) -> None:
    assert np.median(errors(clip, 2.0, range(5))) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("clip", CLIPS)
def test_nine_in_ten_of_such_planes_are_within_eight_per_cent(clip: str) -> None:
    assert np.quantile(errors(clip, 2.0, range(25)), 0.9) < 0.08
