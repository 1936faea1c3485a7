"""What a look yields: values only, no behaviour."""

from dataclasses import dataclass
from enum import StrEnum

from models.detections import Detections

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels of the picture."""


class LookKind(StrEnum):
    """How a camera is looked at."""

    GLANCE = "glance"
    """One picture: how dense it is."""
    STARE = "stare"
    """A few seconds of pictures: also how fast it moves."""


@dataclass(frozen=True, slots=True)
class Track:
    """One vehicle through one stare.

    Attributes:
        kind: the class it was seen as most: car, bus, truck, motorcycle or bicycle.
        score: the best it was seen with, 0–1.
        box: where it was last.
        hits: how many detections carried it.
        first: time of its first picture, epoch seconds.
        last: time of its last picture, epoch seconds.
        moved_px: its way on the picture in that time (x, y), the camera's own shaking taken out.
        speed_lengths_s: car lengths a second; None when it was not followed long enough.
        parked: it stands while others drive past, for long or in this very look (see `parked.py`).
    """

    kind: str
    score: float
    box: Box
    hits: int
    first: float
    last: float
    moved_px: tuple[float, float]
    speed_lengths_s: float | None = None
    speed_kmh: float | None = None
    parked: bool = False


@dataclass(frozen=True, slots=True)
class ZoneTraffic:
    """The traffic of one zone over one look; parked vehicles are left out of all of it.

    Attributes:
        zone: the zone's id.
        occupancy: share of the zone under vehicle footprints, 0–1, mean over the look.
        vehicles: vehicles in the zone, mean over the look.
        speed_lengths_s: space-mean speed in car lengths (4.5 m) a second; None after a glance, or when too few of the
            vehicles could be followed.
        speed_kmh: the same where the camera is calibrated.
        stopped_share: share of the vehicles followed that stood.
        queue_share: share of the zone's length with slow vehicles on it, 0–1.
        followed_share: share of the vehicles whose speed is known, 0–1.
    """

    zone: str
    occupancy: float
    vehicles: float
    speed_lengths_s: float | None = None
    speed_kmh: float | None = None
    stopped_share: float = 0.0
    queue_share: float = 0.0
    followed_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Observation:
    """What one look at one camera yields.

    Attributes:
        camera: the camera's id.
        kind: glance or stare.
        since: time of the oldest picture that counted, epoch seconds.
        time: time of the newest picture, epoch seconds.
        detections: everything seen in the newest picture, down to low scores (masking needs them).
        tracks: the vehicles of a stare; empty after a glance.
        traffic: one entry per zone, in the zones' order; empty where the look could not tell (a cut in it).
        cut: the picture jumped during the look.
    """

    camera: str
    kind: LookKind
    since: float
    time: float
    detections: Detections
    tracks: tuple[Track, ...] = ()
    traffic: tuple[ZoneTraffic, ...] = ()
    cut: bool = False

    def of(self, zone: str) -> ZoneTraffic | None:
        """The traffic of this zone, or None where the look could not tell."""
        return next((traffic for traffic in self.traffic if traffic.zone == zone), None)
