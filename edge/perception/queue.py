"""How long a queue is, in metres, where the camera is calibrated."""

import numpy as np
from numpy.typing import NDArray

from calibration.ground import GroundPlane
from edge.perception.zone import Zone

GAP_M = 20.0
"""Two slow vehicles further apart than this are not of one queue."""

Array = NDArray[np.float64]


def road_axis(zone: Zone, ground: GroundPlane) -> Array | None:
    """The zone's long direction on the ground, a unit vector [2]; None where its corners do not lie on the ground."""
    corners = ground.to_ground(zone.pixels(ground.width, ground.height))
    corners = corners[np.isfinite(corners).all(axis=1)]
    if len(corners) < 3:
        return None
    centred = corners - corners.mean(axis=0)
    axis: Array = np.linalg.svd(centred, full_matrices=False)[2][0]
    return axis


def queue_length_m(feet_m: Array, lengths_m: Array, axis: Array) -> float:
    """The length of the road that slow vehicles fill, gaps within a queue included.

    Args:
        feet_m: [n, 2], where each slow vehicle stands on the ground; rows that are not finite are left out.
        lengths_m: [n], bumper to bumper.
        axis: along the road, a unit vector [2].
    """
    known = np.isfinite(feet_m).all(axis=1)
    if not known.any():
        return 0.0
    along = feet_m[known] @ axis
    order = np.argsort(along)
    along, lengths = along[order], lengths_m[known][order]
    starts = np.flatnonzero(np.r_[True, np.diff(along) > GAP_M])
    ends = np.r_[starts[1:], len(along)]
    spans = [along[end - 1] - along[start] + lengths[start:end].mean() for start, end in zip(starts, ends, strict=True)]
    return float(sum(spans))
