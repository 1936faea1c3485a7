"""The most probable camera for the traffic it saw, and how far its speeds may be off.

The direction of the road comes from where the paths converge; tilt, focal length and scale from how large cars and
motorcycles appear along their way, since their sizes are known (after Dailey, Cathey & Pumrin, An Algorithm to Estimate
Mean Traffic Speed Using Uncalibrated Cameras, IEEE T-ITS 1, 2000; Schoepflin & Dailey, Dynamic Camera Calibration of
Roadside Traffic Management Cameras for Vehicle Speed Estimation, IEEE T-ITS 4, 2003; Sochor, Juránek & Herout, Traffic
Surveillance Camera Calibration by 3D Model Bounding Box Alignment for Accurate Vehicle Speed Measurement, CVIU 161,
2017; Bartl, Špaňhel, Dobeš, Juránek & Herout, Automatic Camera Calibration by Landmarks on Rigid Objects, MVA 32,
2020). A second vanishing point, across the road, is not needed: seen along the road it lies infinitely far away.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calibration.ground import CalibrationError, GroundPlane
from calibration.traffic.bodies import BODIES
from calibration.traffic.lanes import find_lanes
from calibration.traffic.likeness import (
    HEAVY_TAIL,
    SIZES,
    TYPICAL_HEIGHT_M,
    UNLIKE,
    Likeness,
)
from calibration.traffic.mount import Mount
from calibration.traffic.sightings import sightings
from calibration.traffic.tracks import Traffic

Array = NDArray[np.float64]

MOST_ERROR = 0.25
MOST_MISFIT = 4.0
MODEL_ERROR = 0.04
"""What outlines and detectors have of their own and no vehicle tells: simulated streets and rendered clips are so far
apart beyond what the posterior says."""
LENS_ERROR = 0.12
"""What an unknown lens may add: simulated streets seen through k1 = -0.15 by cameras 0.65 to 1.1 widths long were 4 to
26 % off, and the paths do not tell it, since the foot of a box wanders as the view of its vehicle turns."""
START_FOCALS = (0.5, 0.8, 1.3, 2.2)
START_TILTS = np.radians([8.0, 20.0, 40.0])
ROUNDS = 40


@dataclass(frozen=True, slots=True, eq=False)
class TrafficFit:
    """A camera that the traffic told.

    Attributes:
        plane: metres across the road (to the right) and along it, from the camera's foot.
        mount: how it hangs.
        speed_error: estimated standard deviation of speeds along the road, as a share of them; wider where the lens is
            not known.
        vehicles: by how many it was measured.
    """

    plane: GroundPlane
    mount: Mount
    speed_error: float
    vehicles: int


def fit_traffic(traffic: Traffic, lane_width_m: float | None = None, most_error: float = MOST_ERROR) -> TrafficFit:
    """The ground plane of a camera from tracks of cars and motorcycles on a straight, flat road.

    Args:
        traffic: a few minutes of it, better of flowing traffic.
        lane_width_m: from the middle of a lane to that of the next, where cars keep to lanes and it is known.
        most_error: the largest estimated error of speed that is accepted, as a share.

    Raises:
        CalibrationError: too few vehicles, directions that do not agree, no camera that explains what was seen, no
            lanes where their width is given, or an estimated error over `most_error`.
    """
    seen = sightings(traffic)
    likeness = Likeness(seen, traffic.width, traffic.height, traffic.lens)
    found, hessian = _most_probable(likeness)
    if lane_width_m is not None:
        cars = seen.kinds == list(BODIES).index("car")
        lanes = find_lanes(likeness.mount(found), seen.paths.middles[cars], lane_width_m)
        likeness = replace(likeness, lanes=lanes)
        found, _, hessian = _descend(likeness, found, ROUNDS)
    mount = likeness.mount(found)
    misfit = _misfit(likeness, found)
    _require_sense(likeness, mount, misfit)
    error = _speed_error(likeness, found, np.asarray(np.linalg.inv(hessian) * max(1.0, misfit), np.float64))
    if traffic.lens is None:
        error = float(np.hypot(error, LENS_ERROR))
    if error > most_error:
        raise CalibrationError(
            f"speeds might be off by {error:.0%}, more than the {most_error:.0%} accepted: watch more vehicles, from "
            "higher up or nearer, give the lens, or measure points"
        )
    plane = GroundPlane(mount.homography(), traffic.width, traffic.height, lens=traffic.lens)
    return TrafficFit(plane, mount, error, len(seen.kinds))


def _misfit(likeness: Likeness, found: Array) -> float:
    """The median vehicle's squared deviations over what is expected of them; about 1 where the camera explains them."""
    vehicles, _ = likeness.residuals(found)
    squares = (vehicles**2).sum(axis=1)
    return float(np.median(squares) / (vehicles.shape[1] - 2))


def _require_sense(likeness: Likeness, mount: Mount, misfit: float) -> None:
    """Raises CalibrationError where no upright camera above a road explains the vehicles."""
    below = mount.homography()[2]
    feet = likeness.feet()
    if (feet @ below[:2] + below[2] <= 0).mean() > 0.02:
        raise CalibrationError(
            "the horizon would lie below vehicles on the road: is the road flat, and are boxes left, top, right, "
            "bottom? Else measure points"
        )
    if misfit > MOST_MISFIT or not np.radians(1) < mount.tilt < np.radians(80):
        raise CalibrationError(
            "no camera above a flat road explains how large the vehicles are: classes may be mixed up, the lens may "
            "bend strongly (give it in the first line), or the road rises; measure points"
        )


def _starts(likeness: Likeness) -> list[Array]:
    """Suppositions whose road leads to where the paths meet."""
    sizes = np.log([size for body in BODIES.values() for size in body.size_m])
    starts: list[Array] = []
    centre = np.array(likeness.mount(np.zeros(SIZES + len(sizes))).centre_px)
    for focal in START_FOCALS:
        meeting = likeness.seen.meeting
        ray = np.append((meeting[:2] - centre * meeting[2]) / (focal * likeness.width), meeting[2])
        ray *= np.sign(ray[2] or 1.0) / np.linalg.norm(ray)
        tilt = np.arctan2(-ray[1], ray[2])
        tilts = [tilt] if np.radians(2) < tilt < np.radians(80) and ray[2] > 0.1 else list(START_TILTS)
        heading = np.arctan2(ray[0], np.hypot(ray[1], ray[2]))
        mounts = ([np.log(focal), start, 0.0, heading, np.log(TYPICAL_HEIGHT_M), 0.0] for start in tilts)
        starts.extend(np.concatenate([mount, sizes]) for mount in mounts)
    return starts


def _most_probable(likeness: Likeness) -> tuple[Array, Array]:
    """The supposition that explains the most, and the curvature of its cost."""
    rough = [_descend(likeness, start, 5) for start in _starts(likeness)]
    rough.sort(key=lambda end: end[1])
    found, _, hessian = _descend(likeness, rough[0][0], ROUNDS)
    return found, hessian


def _descend(likeness: Likeness, supposed: Array, rounds: int) -> tuple[Array, float, Array]:
    """Levenberg-Marquardt on t-distributed deviations of whole vehicles (iteratively reweighted least squares)."""
    worth = min(1.0, UNLIKE / len(likeness.seen.kinds))
    damping = 1e-2
    cost, weights = _cost(*likeness.residuals(supposed), worth)
    for _ in range(rounds):
        slopes, flat = _slopes(likeness, supposed, weights)
        hessian, gradient = slopes.T @ slopes, slopes.T @ flat
        for _ in range(6):
            step = np.linalg.solve(hessian + damping * np.diag(np.diag(hessian)), -gradient)
            tried = supposed + np.clip(step, -0.5, 0.5)
            new_cost, new_weights = _cost(*likeness.residuals(tried), worth)
            if new_cost < cost:
                break
            damping *= 5
        else:
            break
        gain = cost - new_cost
        supposed, cost, weights, damping = tried, new_cost, new_weights, max(damping / 5, 1e-7)
        if gain < 1e-5 * (1 + cost):
            break
    slopes, _ = _slopes(likeness, supposed, weights)
    return supposed, cost, np.asarray(slopes.T @ slopes, np.float64)


def _cost(vehicles: Array, unusual: Array, worth: float) -> tuple[float, Array]:
    """Twice the negative log posterior, and the weights [n] of the vehicles in the least squares that descend it."""
    squares = np.minimum((vehicles**2).sum(axis=1), 1e6)
    freedom = HEAVY_TAIL + vehicles.shape[1]
    cost = worth * freedom * np.log1p(squares / HEAVY_TAIL).sum() + (unusual**2).sum()
    return float(cost), worth * freedom / (HEAVY_TAIL + squares)


def _slopes(likeness: Likeness, supposed: Array, weights: Array) -> tuple[Array, Array]:
    """Derivatives [m, p] of the weighted deviations, and those deviations [m]."""

    def flat(at: Array) -> Array:
        vehicles, unusual = likeness.residuals(at)
        return np.concatenate([(vehicles * np.sqrt(weights)[:, None]).ravel(), unusual])

    step = 1e-6
    here = flat(supposed)
    columns = [(flat(supposed + step * unit) - here) / step for unit in np.eye(len(supposed))]
    return np.stack(columns, axis=1), here


def _speed_error(likeness: Likeness, found: Array, covariance: Array) -> float:
    """The standard deviation of speeds where vehicles drove, as a share of them, RMS over the vehicles."""
    paths = likeness.seen.paths
    step_px = 2.0
    ends = np.stack([paths.middles - step_px * paths.ways, paths.middles + step_px * paths.ways])

    def speeds(at: Array) -> Array:
        there = likeness.mount(at).to_ground(ends)
        return np.asarray(np.log(np.maximum(np.hypot(*np.moveaxis(there[1] - there[0], -1, 0)), 1e-9)), np.float64)

    step = 1e-5
    slopes = np.stack(
        [(speeds(found + step * unit) - speeds(found - step * unit)) / (2 * step) for unit in np.eye(len(found))],
        axis=1,
    )
    variances = np.einsum("np,pq,nq->n", slopes, covariance, slopes)
    return float(np.sqrt(np.mean(variances) + MODEL_ERROR**2))
