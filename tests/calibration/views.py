"""Ground planes of cameras on poles, as tests need them."""

import math

import numpy as np
from hypothesis import strategies as st

from calibration.ground import GroundPlane

WIDTH, HEIGHT = 1280, 720


def pole_camera(height_m: float, tilt_deg: float, focal_px: float) -> GroundPlane:
    """A camera above (0, 0), looking along +y, tilted down from the horizontal; x to its right."""
    tilt = math.radians(tilt_deg)
    rotation = np.array([[1, 0, 0], [0, -math.sin(tilt), -math.cos(tilt)], [0, math.cos(tilt), -math.sin(tilt)]])
    intrinsics = np.array([[focal_px, 0, WIDTH / 2], [0, focal_px, HEIGHT / 2], [0, 0, 1]])
    ground_to_image = intrinsics @ np.column_stack([rotation[:, 0], rotation[:, 1], rotation @ [0, 0, -height_m]])
    homography = np.linalg.inv(ground_to_image)
    below = homography @ [WIDTH / 2, HEIGHT, 1]
    return GroundPlane(homography * np.sign(below[2]), WIDTH, HEIGHT)


pole_cameras = st.builds(
    pole_camera, height_m=st.floats(3, 20), tilt_deg=st.floats(5, 80), focal_px=st.floats(400, 3000)
)
pixels = st.lists(st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)), min_size=1, max_size=20)
