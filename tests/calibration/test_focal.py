"""A calibrated ground tells the focal length of the camera that sees it."""

import numpy as np
import pytest

from calibration.focal import focal_px
from calibration.ground import GroundPlane


def plane(focal: float, tilt_deg: float, pan_deg: float = 0.0, height_m: float = 8.0) -> GroundPlane:
    """A camera above the origin, `tilt_deg` below the horizon."""
    tilt, pan = np.radians([tilt_deg, pan_deg])
    down = np.array([[1, 0, 0], [0, -np.sin(tilt), -np.cos(tilt)], [0, np.cos(tilt), -np.sin(tilt)]])
    around = np.array([[np.cos(pan), np.sin(pan), 0], [-np.sin(pan), np.cos(pan), 0], [0, 0, 1]])
    turn = down @ around
    lens = np.array([[focal, 0, 640], [0, focal, 360], [0, 0, 1]])
    to_image = lens @ np.column_stack([turn[:, 0], turn[:, 1], turn @ [0, 0, -height_m]])
    to_ground = np.linalg.inv(to_image)
    return GroundPlane(to_ground if (to_ground @ [640, 700, 1])[2] > 0 else -to_ground, 1280, 720)


@pytest.mark.parametrize("focal", [600.0, 1100.0, 2500.0])
@pytest.mark.parametrize(("tilt_deg", "pan_deg"), [(12, 0), (25, 30), (50, -80)])
def test_it_is_the_focal_length_of_the_camera(focal: float, tilt_deg: float, pan_deg: float) -> None:
    assert focal_px(plane(focal, tilt_deg, pan_deg)) == pytest.approx(focal, rel=1e-3)


def test_a_camera_that_looks_straight_down_does_not_tell() -> None:
    assert focal_px(plane(1000, 90)) is None
