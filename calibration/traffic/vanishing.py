"""The paths of vehicles, and the point on which they converge.

On a straight road all paths are parallel, so their images meet in one vanishing point (Caprile & Torre, Using
Vanishing Points for Camera Calibration, IJCV 4, 1990); the traffic's own paths give it without any mark on the road
(Dubská, Herout, Juránek & Sochor, Fully Automatic Roadside Camera Calibration for Traffic Surveillance, IEEE T-ITS 16,
2015).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.ground import CalibrationError

Array = NDArray[np.float64]

AGREE = np.radians(4.0)
"""A path this far from the vanishing point still belongs to it: vehicles weave."""
LEAST_SHARE = 0.5
PAIRS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Straight lines on the picture, one a vehicle.

    Attributes:
        middles: [n, 2] straight pixels.
        ways: [n, 2], the directions of travel, of length 1.
        unsure: [n] radians, standard deviations of the directions.
    """

    middles: Array
    ways: Array
    unsure: Array

    def turned_from(self, point: Array) -> Array:
        """The angle between each path and the line from its middle to a homogeneous point: [n] radians, 0–π/2."""
        towards = point[:2] - self.middles * point[2]
        sizes = np.maximum(np.hypot(*towards.T), 1e-12)
        crossed = towards[:, 0] * self.ways[:, 1] - towards[:, 1] * self.ways[:, 0]
        return np.asarray(np.arcsin(np.clip(np.abs(crossed) / sizes, 0, 1)), np.float64)


def path_of(feet: Array) -> tuple[Array, Array, float, float]:
    """The line through a vehicle's feet [n, 2], n ≥ 3: its middle, the way driven, how unsure that is, how far aside.

    The last is the RMS distance of the feet from the line as a share of its length; the uncertainty is of a
    regression's slope, in radians.
    """
    middle = feet.mean(axis=0)
    _, spread, rows = np.linalg.svd(feet - middle, full_matrices=False)
    way = rows[0] * np.sign((feet[-1] - feet[0]) @ rows[0] or 1.0)
    unsure = spread[1] / np.sqrt(len(feet) - 2) / max(spread[0], 1e-9)
    aside = spread[1] / np.sqrt(len(feet)) / max(float(np.ptp(feet @ way)), 1e-9)
    return middle, way, float(unsure), float(aside)


def vanishing_point(paths: Paths) -> tuple[Array, NDArray[np.bool_]]:
    """The homogeneous point [3] on which most paths converge, and which do, by consensus over pairs of them (RANSAC).

    Raises:
        CalibrationError: less than half of the paths agree on one.
    """
    count = len(paths.middles)
    draw = np.random.default_rng(0)  # the same tracks always give the same camera
    first, second = draw.integers(0, count, (2, PAIRS))
    lines = _lines(paths)
    points = np.cross(lines[first[first != second]], lines[second[first != second]])
    points = points[np.linalg.norm(points, axis=1) > 1e-12]
    hits = [int((paths.turned_from(point) < AGREE).sum()) for point in points]
    if not hits or max(hits) < LEAST_SHARE * count:
        raise CalibrationError(
            f"the directions do not agree: of {count} vehicles only {max(hits, default=0)} drive along one straight "
            "road; take a stretch without a junction or a bend, or measure points"
        )
    best = points[int(np.argmax(hits))]
    return best, paths.turned_from(best) < AGREE


def gathered(paths: Sequence[tuple[Array, Array, float]], least_unsure: float) -> Paths:
    """One array each of middles, ways and uncertainties; none surer than `least_unsure`, radians."""
    unsure = np.hypot([path[2] for path in paths], least_unsure)
    return Paths(np.array([path[0] for path in paths]), np.array([path[1] for path in paths]), unsure)


def _lines(paths: Paths) -> Array:
    """Homogeneous lines [n, 3]."""
    normals = np.stack([-paths.ways[:, 1], paths.ways[:, 0]], axis=1)
    return np.column_stack([normals, -(normals * paths.middles).sum(axis=1)])
