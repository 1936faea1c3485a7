"""The focal length that a ground plane implies."""

import numpy as np

from calibration.ground import GroundPlane


def focal_px(ground: GroundPlane) -> float | None:
    """Focal length in pixels of a pinhole camera with square pixels and its principal point in the picture's middle.

    The first two columns of the map from ground to picture are the images of two perpendicular directions of equal
    length (Zhang 2000, eq. 3 and 4), which leaves one unknown in two equations: solved by least squares. None where
    they tell nothing, as of a camera that looks straight down, or contradict a pinhole camera.
    """
    to_middle = np.array([[1, 0, -ground.width / 2], [0, 1, -ground.height / 2], [0, 0, 1]], float)
    to_image = to_middle @ np.linalg.inv(ground.homography)
    first, second = to_image[:, 0], to_image[:, 1]
    scale = max(float(np.linalg.norm(first[:2])), float(np.linalg.norm(second[:2])))
    if scale == 0:
        return None
    first, second = first / scale, second / scale
    across = np.array([first[:2] @ second[:2], first[:2] @ first[:2] - second[:2] @ second[:2]])
    depth = -np.array([first[2] * second[2], first[2] ** 2 - second[2] ** 2])
    if across @ across < 1e-4:
        return None
    inverse_square = float(across @ depth / (across @ across))
    return None if inverse_square <= 0 else inverse_square**-0.5
