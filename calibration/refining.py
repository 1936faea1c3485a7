"""The most probable plane for points whose pixels and metres are both a little wrong.

Least squares in metres, as RANSAC ends with, lets the farthest points decide: there a pixel is metres. Here each point
weighs by how far it may be off: a click by pixels, a place by decimetres (Mahalanobis distance; Hartley & Zisserman,
Multiple View Geometry, 2nd ed., section 4.2).
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PIXEL_ERROR = 2.0
METRE_ERROR = 0.1
"""Standard deviations of a careful click, and of a place taped or read off an orthophoto."""
ROUNDS = 20


def refined(homography: Array, pixels: Array, metres: Array) -> Array:
    """The homography pixels → metres near the given one that makes the weighted misses the least (Gauss-Newton).

    Args:
        homography: [3, 3], already close.
        pixels: [n, 2] straight pixels, n ≥ 4.
        metres: [n, 2].
    """
    to_small, small = _small(pixels), _small(metres)

    def of(numbers: Array) -> Array:
        return np.asarray(np.linalg.inv(np.linalg.inv(to_small) @ numbers.reshape(3, 3) @ small), np.float64)

    back = to_small @ np.linalg.inv(homography) @ np.linalg.inv(small)
    numbers = (back / np.linalg.norm(back)).ravel()
    cost = np.inf
    for _ in range(ROUNDS):
        current = of(numbers)
        here = misses(current, pixels, metres)
        new_cost = float((here**2).sum())
        if not new_cost < cost * (1 - 1e-7):
            break
        homography, cost = current, new_cost
        # Nine numbers for eight degrees of freedom: their common scale says nothing.
        ways = np.linalg.svd(numbers[None])[2][1:]
        step = 1e-6
        moved = [misses(of(numbers + step * way), pixels, metres) for way in ways]
        slopes = np.stack([(there - here).ravel() / step for there in moved], axis=1)
        numbers = numbers - np.linalg.lstsq(slopes, here.ravel(), rcond=None)[0] @ ways
        numbers /= np.linalg.norm(numbers)
    return np.asarray(homography, np.float64)


def misses(homography: Array, pixels: Array, metres: Array) -> Array:
    """How far each pixel is from where its metres are seen, [n, 2], in standard deviations."""
    inverse = np.linalg.inv(homography)
    x, y, w = (np.column_stack([metres, np.ones(len(metres))]) @ inverse.T).T
    seen = np.stack([x / w, y / w], axis=1)
    slopes = (inverse[None, :2, :2] - seen[:, :, None] * inverse[None, 2:, :2]) / w[:, None, None]
    spread = PIXEL_ERROR**2 * np.eye(2) + METRE_ERROR**2 * slopes @ np.swapaxes(slopes, 1, 2)
    return np.asarray(np.linalg.solve(np.linalg.cholesky(spread), (seen - pixels)[:, :, None])[:, :, 0], np.float64)


def _small(points: Array) -> Array:
    """[3, 3] that moves points to around 0 with a spread of 1: else the arithmetic loses digits."""
    middle, size = points.mean(axis=0), points.std() or 1.0
    return np.array([[1 / size, 0, -middle[0] / size], [0, 1 / size, -middle[1] / size], [0, 0, 1]])
