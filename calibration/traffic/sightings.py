"""What of the tracks can be measured by: whole vehicles that drive straight along the road."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.ground import CalibrationError
from calibration.traffic.bodies import BODIES
from calibration.traffic.tracks import Track, Traffic
from calibration.traffic.vanishing import Paths, gathered, path_of, vanishing_point

Array = NDArray[np.float64]

SAMPLES = 5
"""Boxes of a vehicle that are measured, evenly along its way: one after another they tell little more."""
LEAST_BOXES = 6
LEAST_SIDE_PX = 10.0
LEAST_WAY = 1.0
"""A vehicle drives when its way on the picture is this many times as long as the root of its box's area."""
STRAIGHT = 0.03
"""A path is straight when its feet lie aside by no more than this share of its length (RMS)."""
LEAST_VEHICLES = 12
LEAST_CARS = 6
"""Motorcycles alone leave the focal length open: their boxes hold the rider or not."""
MOST_VEHICLES = 80
COURSE_UNSURE = np.radians(1.0)
"""The middle of a box's lower edge is no fixed point of the vehicle: it wanders a little as the view of it turns."""


@dataclass(frozen=True, slots=True, eq=False)
class Sightings:
    """Vehicles that drive along one straight road.

    Attributes:
        paths: of the n vehicles, on the straight picture.
        boxes: [n, SAMPLES, 4] pixels of the picture.
        kinds: [n], which of `BODIES` each is.
        meeting: [3], homogeneous, the vanishing point of the paths.
    """

    paths: Paths
    boxes: Array
    kinds: NDArray[np.int64]
    meeting: Array


def sightings(traffic: Traffic) -> Sightings:
    """The vehicles to measure by.

    Raises:
        CalibrationError: too few are whole and drive, or their directions do not agree.
    """
    names = list(BODIES)
    paths, boxes, kinds = [], [], []
    for track in traffic.tracks:
        if track.kind not in names:
            continue
        whole = _whole(track, traffic.width, traffic.height)
        feet = _straight_feet(whole, traffic)
        if len(whole) < LEAST_BOXES or not np.isfinite(feet).all():
            continue
        middle, way, unsure, aside = path_of(feet)
        side = np.sqrt(np.median((whole[:, 2] - whole[:, 0]) * (whole[:, 3] - whole[:, 1])))
        if aside > STRAIGHT or np.ptp(feet @ way) < LEAST_WAY * side:
            continue
        paths.append((middle, way, unsure))
        boxes.append(whole[_evenly(feet @ way)])
        kinds.append(names.index(track.kind))
    if len(paths) < LEAST_VEHICLES:
        raise CalibrationError(
            f"{len(paths)} of {len(traffic.tracks)} tracks show a whole car or motorcycle driving straight on: at "
            f"least {LEAST_VEHICLES} are needed, better a hundred; watch for longer, while traffic flows"
        )
    chosen = np.linspace(0, len(paths) - 1, min(len(paths), MOST_VEHICLES)).round().astype(int)
    together = gathered([paths[place] for place in chosen], COURSE_UNSURE)
    meeting, agree = vanishing_point(together)
    cars = int((np.array(kinds)[chosen][agree] == names.index("car")).sum())
    if cars < LEAST_CARS:
        raise CalibrationError(
            f"{cars} whole cars drive along the road: at least {LEAST_CARS} are needed, since motorcycles alone do not "
            "tell how flat the view is; watch for longer, or measure points"
        )
    kept = Paths(together.middles[agree], together.ways[agree], together.unsure[agree])
    return Sightings(kept, np.array(boxes)[chosen][agree], np.array(kinds)[chosen][agree], meeting)


def _whole(track: Track, width: int, height: int) -> Array:
    """Its boxes that the picture's edge does not cut and that are large enough to measure: [k, 4]."""
    margin = max(2.0, 0.004 * width)
    inside = (track.boxes[:, :2] > margin).all(axis=1) & (track.boxes[:, 2:] < [width - margin, height - margin]).all(
        axis=1
    )
    large = (track.boxes[:, 2:] - track.boxes[:, :2] >= LEAST_SIDE_PX).all(axis=1)
    return track.boxes[inside & large]


def _straight_feet(boxes: Array, traffic: Traffic) -> Array:
    feet = np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1)
    return feet if traffic.lens is None else traffic.lens.straighten(feet)


def _evenly(places: Array) -> NDArray[np.int64]:
    """Rows whose places are the nearest to evenly spread ones, in order."""
    wanted = np.linspace(places.min(), places.max(), SAMPLES)
    return np.asarray(np.abs(places[None, :] - wanted[:, None]).argmin(axis=1), np.int64)
