"""The traffic of a zone, measured over one stare.

Speed is the space-mean speed (Wardrop 1952): the mean over the vehicles that are in the zone at an instant, here over
all instants of the stare, which is the distance they drove over the time they spent (Edie 1963). A slow vehicle is
there longer and so counts for more. Where lanes mean little and vehicles differ, each counts by the road it covers, as
in area occupancy (Mallikarjuna and Rao 2006): motorcycles that slip through a standing queue do not make it flow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from calibration.ground import GroundPlane
from edge.perception.observation import Track, ZoneTraffic
from edge.perception.queue import queue_length_m, road_axis
from edge.perception.view import BODIES
from edge.perception.zone import Zone, ZoneRaster

ROAD_COVERED_M2 = {kind: body.length * body.width for kind, body in BODIES.items()}
TOP_SPEED_LENGTHS_S = 8.0
"""130 km/h: one box torn off must not carry the mean."""
STOPPED_LENGTHS_S = 0.15
"""2.4 km/h, about what the measurement itself wobbles by."""
SLOW_LENGTHS_S = 0.6
"""A vehicle slower than this is in the queue."""
LOWER_THIRD = 1 / 3


@dataclass(frozen=True, slots=True, eq=False)
class Instant:
    """The vehicles at one moment of a stare.

    Attributes:
        rows: index into the stare's tracks of every vehicle there.
        boxes: [n, 4] pixels, where each of them is.
    """

    rows: tuple[int, ...]
    boxes: NDArray[np.float64]


def footprint(box: NDArray[np.float64], depth_share: float = 0.0) -> NDArray[np.float64]:
    """The part of a vehicle's box that lies on the road: its lower third, or more where the view is steeper.

    Args:
        box: x1, y1, x2, y2.
        depth_share: share of the box height that is ground, as far as the view is known.
    """
    x1, y1, x2, y2 = box
    share = min(max(LOWER_THIRD, depth_share), 1.0)
    return np.array([x1, y2 - share * (y2 - y1), x2, y2])


def stands_in(raster: ZoneRaster, box: NDArray[np.float64]) -> bool:
    """Whether a vehicle is in the zone: the middle of its lower third is."""
    x1, y1, x2, y2 = box
    return raster.holds(float(x1 + x2) / 2, float(y2 - (y2 - y1) * LOWER_THIRD / 2))


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """A zone's road on the ground.

    Attributes:
        ground: the plane, of pictures of this size.
        axis: along the road on it, a unit vector [2].
    """

    ground: GroundPlane
    axis: NDArray[np.float64]

    @classmethod
    def of(cls, zone: Zone, ground: GroundPlane | None) -> Self | None:
        """None where the camera is not calibrated or the zone does not lie on the ground."""
        axis = None if ground is None else road_axis(zone, ground)
        return None if ground is None or axis is None else cls(ground, axis)


def measure(
    raster: ZoneRaster,
    tracks: Sequence[Track],
    instants: Sequence[Instant],
    depth_shares: Sequence[float],
    road: Road | None = None,
) -> ZoneTraffic:
    """One zone over one stare.

    Args:
        raster: the zone.
        tracks: the vehicles of the stare; parked ones are left out.
        instants: the moments at which they were looked at.
        depth_shares: of each track, for `footprint`.
        road: for a queue in metres, where the camera is calibrated.
    """
    occupancies, counts, queues, queues_m = [], [], [], []
    presence = np.zeros(len(tracks))
    for instant in instants:
        inside = [
            (row, box)
            for row, box in zip(instant.rows, instant.boxes, strict=True)
            if not tracks[row].parked and stands_in(raster, box)
        ]
        presence[[row for row, _ in inside]] += 1
        counts.append(len(inside))
        occupancies.append(raster.share(raster.footprints([footprint(box, depth_shares[row]) for row, box in inside])))
        slow = [(row, box) for row, box in inside if _slow(tracks[row])]
        queues.append(raster.length_share(raster.footprints([footprint(box, depth_shares[row]) for row, box in slow])))
        queues_m.append(_queue_m([tracks[row].kind for row, _ in slow], [box for _, box in slow], road))
    followed = [row for row in np.flatnonzero(presence).tolist() if tracks[row].speed_lengths_s is not None]
    if not followed:
        return ZoneTraffic(raster.zone.id, _mean(occupancies), _mean(counts))
    weights = presence[followed] * [ROAD_COVERED_M2[tracks[row].kind] for row in followed]
    speeds = np.array([min(tracks[row].speed_lengths_s or 0.0, TOP_SPEED_LENGTHS_S) for row in followed])
    calibrated = [tracks[row].speed_kmh for row in followed]
    kmh = np.array([speed for speed in calibrated if speed is not None])
    return ZoneTraffic(
        zone=raster.zone.id,
        occupancy=_mean(occupancies),
        vehicles=_mean(counts),
        speed_lengths_s=float(np.average(speeds, weights=weights)),
        speed_kmh=float(np.average(kmh, weights=weights)) if len(kmh) == len(followed) else None,
        stopped_share=float(np.average(speeds < STOPPED_LENGTHS_S, weights=weights)),
        queue_share=_mean(queues),
        followed_share=float(presence[followed].sum() / presence.sum()),
        queue_m=_mean(queues_m) if road is not None else None,
    )


def _queue_m(kinds: Sequence[str], boxes: Sequence[NDArray[np.float64]], road: Road | None) -> float:
    if road is None or not boxes:
        return 0.0
    x1, _, x2, y2 = np.array(boxes).T
    feet_m = road.ground.to_ground(np.stack([(x1 + x2) / 2, y2], axis=1))
    return queue_length_m(feet_m, np.array([BODIES[kind].length for kind in kinds]), road.axis)


def _slow(track: Track) -> bool:
    return track.speed_lengths_s is not None and track.speed_lengths_s < SLOW_LENGTHS_S


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0
