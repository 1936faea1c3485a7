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
        queue_m: metres of road that slow vehicles fill, mean over the look; None where the camera is not calibrated.
    """

    zone: str
    occupancy: float
    vehicles: float
    speed_lengths_s: float | None = None
    speed_kmh: float | None = None
    stopped_share: float = 0.0
    queue_share: float = 0.0
    followed_share: float = 0.0
    queue_m: float | None = None


@dataclass(frozen=True, slots=True)
class ZoneWater:
    """Water on one roadway zone, in one picture; what vehicles hide counts neither as wet nor as dry.

    Attributes:
        zone: the zone's id.
        share: share of the visible zone that the network sees under water, 0–1.
        flood: the network's probability that the whole view is flooded, 0–1.
        changed: share of the visible zone that no longer looks like the camera's own dry memory of it, 0–1; None while
            there is no memory.
        confirmed: the same of the water alone: share of it where the road no longer looks as when dry, 0–1; None
            without water, or while there is no memory.
        visible: share of the zone that nothing hides, 0–1.
        depth_cm: over the lowest marked reference; None without references or where none can be read.
    """

    zone: str
    share: float
    flood: float
    changed: float | None = None
    confirmed: float | None = None
    visible: float = 1.0
    depth_cm: float | None = None


@dataclass(frozen=True, slots=True)
class PictureQuality:
    """How good a picture is as a picture, against what this camera usually shows.

    What is None is not known: the usual view is still being learned, or this picture cannot tell.

    Attributes:
        brightness: mean grey, 0–1.
        contrast: standard deviation of grey, fine detail aside, 0–1.
        lit_share: share of the picture that is not black, 0–1.
        frozen_s: for so long has nothing moved, where pictures repeat themselves to the last bit; else 0 seconds.
        still_s: for so long has nothing moved, and no more changed than encoding may change, seconds.
        sharpness: fine detail over the usual detail of this camera, 1 = as usual, of what is in its place.
        alike: share of the usual edges of the view that are still where they belong, 0–1.
        kept_share: share of the view (of its parts with structure) that is in its place, 0–1.
        lost_share: share of it that is not there, 0–1.
        covered_share: share of it that shows nothing any more, 0–1.
        shift_share: by how much of its width the view has moved; 0 at rest; None where it is not found anywhere.
        roll_deg: by how much it has turned about its centre, clockwise; likewise.
    """

    brightness: float
    contrast: float
    lit_share: float = 1.0
    frozen_s: float = 0.0
    still_s: float = 0.0
    sharpness: float | None = None
    alike: float | None = None
    kept_share: float | None = None
    lost_share: float | None = None
    covered_share: float | None = None
    shift_share: float | None = None
    roll_deg: float | None = None


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
        size: width and height of the pictures, pixels.
        enlarged: the part of the newest picture that the detector also saw enlarged; None where there was none.
        water: one entry per roadway zone; empty where the look did not look for water.
        quality: of the newest picture; None where nobody asked.
    """

    camera: str
    kind: LookKind
    since: float
    time: float
    detections: Detections
    tracks: tuple[Track, ...] = ()
    traffic: tuple[ZoneTraffic, ...] = ()
    cut: bool = False
    size: tuple[int, int] = (0, 0)
    enlarged: Box | None = None
    water: tuple[ZoneWater, ...] = ()
    quality: PictureQuality | None = None

    def of(self, zone: str) -> ZoneTraffic | None:
        """The traffic of this zone, or None where the look could not tell."""
        return next((traffic for traffic in self.traffic if traffic.zone == zone), None)
