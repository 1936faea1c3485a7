"""One camera's eyes: pictures in, observations out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.ground import GroundPlane
from edge.perception.closer import crops_of
from edge.perception.flow import Plate
from edge.perception.observation import Box, LookKind, Observation, Track, ZoneTraffic
from edge.perception.parked import Place, mark, remember
from edge.perception.ruler import Ruler, Sample
from edge.perception.seeing import see
from edge.perception.tracks import LiveTrack, Tracker
from edge.perception.traffic import Instant, Road, footprint, measure, stands_in
from edge.perception.view import CAR_LENGTH_M
from edge.perception.zone import Zone, ZoneRaster
from edge.picture import Picture
from models.detections import Detections
from models.detector import VEHICLES, Detector
from models.zoom import Crop

DETECTIONS_PER_S = 8.0
"""Pictures of a stare that the detector sees; optical flow takes every picture."""
GLANCE_SCORE = 0.25
FASTEST_LENGTHS_S = 7.0
"""What seems faster (113 km/h) was mistaken for another vehicle, or lies too near the horizon to be measured."""
FOLLOWED_S = 0.5
"""A vehicle followed for less has no speed."""
SURE_HITS = 2
SURE_SCORE = 0.35
"""Seen twice, and once this surely: less is a flicker or a ghost."""
LEARN_HITS = 3
LEARN_SCORE = 0.5
"""Under it a small detector often calls a motorcycle a car."""
LEARN_SHARE = 0.15
"""A vehicle teaches the view when it drove this share of its box's height and was seen whole."""
CROP_MEMORY_S = 12.0
"""A glance enlarges one crop in turn; for so long the densest of them all is believed."""
TOO_SHORT_S = 1.0


@dataclass(slots=True)
class _Scene:
    """What depends on the picture's size."""

    size: tuple[int, int]
    rasters: tuple[ZoneRaster, ...]
    roads: tuple[Road | None, ...]
    crops: tuple[Crop, ...]
    ruler: Ruler
    ground: GroundPlane | None


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    """A stretch of a stare without a cut."""

    since: float
    time: float
    tracks: tuple[LiveTrack, ...]
    instants: tuple[tuple[float, tuple[tuple[LiveTrack, NDArray[np.float64]], ...]], ...]


class Perception:
    """Looks at the pictures of one camera. Keeps what it learns about the view; one thread at a time."""

    def __init__(
        self,
        camera: str,
        zones: Sequence[Zone],
        detector: Detector,
        ground: GroundPlane | None = None,
        sides: Sequence[Zone] = (),
    ) -> None:
        """Begins to see.

        Args:
            camera: its id.
            zones: roadways, whose traffic is measured.
            detector: of vehicles, people and selling units.
            ground: the road in metres, where the camera is calibrated: true speeds, and where to look closer. A look
                then raises CalibrationError where the pictures have other proportions than the calibration.
            sides: zones whose things are only detected; they are looked at as closely.
        """
        self._camera = camera
        self._zones = tuple(zones)
        self._sides = tuple(sides)
        self._detector = detector
        self._ground = ground
        self._scene: _Scene | None = None
        self._turn = 0
        self._places: dict[str, tuple[Place, ...]] = {}
        self._crop_views: dict[Crop | None, tuple[float, Detections]] = {}

    def glance(self, picture: Picture) -> Observation:
        """How dense it is: one picture, one crop of it enlarged in turn."""
        scene = self._scene_of(picture)
        crop = self._next_crop(scene)
        seen = see(self._detector, picture.image, crop)
        self._crop_views[crop] = (picture.time, seen)
        believed = [past for time, past in self._crop_views.values() if 0 <= picture.time - time <= CROP_MEMORY_S] or [
            seen
        ]
        traffic = []
        for raster in scene.rasters:
            feet = [_feet(past, scene, raster) for past in believed]
            occupancy = max(raster.share(raster.footprints(part)) for part in feet)
            traffic.append(ZoneTraffic(raster.zone.id, occupancy, float(max(len(part) for part in feet))))
        return Observation(
            self._camera, LookKind.GLANCE, picture.time, picture.time, seen, traffic=tuple(traffic), size=scene.size,
            enlarged=_box_of(crop),
        )  # fmt: skip

    def stare(self, pictures: Sequence[Picture]) -> Observation:
        """How dense it is and how fast it moves.

        Args:
            pictures: of one size, oldest first, 1–5 seconds of them, five or more a second. Optical flow takes every
                one; the detector at most `DETECTIONS_PER_S`: the whole picture and one of its crops in turn.

        Raises:
            ValueError: no picture, or pictures of different sizes.
        """
        if not pictures or len({(picture.width, picture.height) for picture in pictures}) > 1:
            raise ValueError("a stare needs at least one picture, and all of one size")
        scene = self._scene_of(pictures[0])
        segments, newest, crop = self._segments(pictures, scene)
        best = max(segments, key=lambda segment: (segment.time - segment.since, segment.time))
        cut = len(segments) > 1
        whole = Observation(
            self._camera, LookKind.STARE, best.since, pictures[-1].time, newest, cut=cut, size=scene.size,
            enlarged=_box_of(crop),
        )  # fmt: skip
        if best.time - best.since < min(TOO_SHORT_S, (pictures[-1].time - pictures[0].time) / 2) or len(pictures) < 2:
            return whole
        sure = [track for track in best.tracks if track.hits >= SURE_HITS and track.score >= SURE_SCORE]
        self._learn(scene, sure)
        tracks = self._with_parked(scene, [self._track(scene, track) for track in sure], best.time)
        depths = [_depth_share(scene, track) for track in tracks]
        rows = {id(track): row for row, track in enumerate(sure)}
        instants = [_instant(present, rows) for _, present in best.instants]
        traffic = tuple(
            measure(raster, tracks, instants, depths, road)
            for raster, road in zip(scene.rasters, scene.roads, strict=True)
        )
        return replace(whole, tracks=tracks, traffic=traffic)

    def _segments(self, pictures: Sequence[Picture], scene: _Scene) -> tuple[list[_Segment], Detections, Crop | None]:
        """The stare cut where the picture jumps, the detections of its newest picture and what of it was enlarged."""
        due = pictures[0].time
        plate: Plate | None = None
        run: _Run | None = None
        runs: list[_Run] = []
        newest, crop = Detections.empty(self._detector.names), None
        for picture in pictures:
            before, plate = plate, Plate.of(picture.image)
            if run is None or before is None or plate.is_cut_from(before):
                run = _Run(plate, _background(scene, plate), picture.time)
                runs.append(run)
                due = picture.time
            run.advance(plate, picture.time)
            if picture.time >= due - 1e-6 or picture is pictures[-1]:
                due = max(due + 1 / DETECTIONS_PER_S, picture.time + 0.5 / DETECTIONS_PER_S)
                crop = self._next_crop(scene)
                newest = see(self._detector, picture.image, crop)
                run.detect(newest, picture.time)
        return [run.segment() for run in runs], newest, crop

    def _track(self, scene: _Scene, live: LiveTrack) -> Track:
        """The value of a live track, with its speed."""
        end = live.foot
        start = (end[0] - float(live.moved[0]), end[1] - float(live.moved[1]))
        lengths: float | None = None
        kmh: float | None = None
        if live.followed_s >= FOLLOWED_S:
            if scene.ground is not None:
                metres_a_second = _way_m(scene.ground, start, end) / live.followed_s
                kmh = metres_a_second * 3.6
            else:
                metres_a_second = scene.ruler.view.metres_between(start, end) / live.followed_s
            lengths = metres_a_second / CAR_LENGTH_M
            if not lengths <= FASTEST_LENGTHS_S:
                lengths = kmh = None
        x1, y1, x2, y2 = (float(value) for value in live.box)
        return Track(
            live.kind, live.score, (x1, y1, x2, y2), live.hits, live.first, live.last,
            (float(live.moved[0]), float(live.moved[1])), lengths, kmh,
        )  # fmt: skip

    def _learn(self, scene: _Scene, tracks: Sequence[LiveTrack]) -> None:
        scene.ruler.learn([_sample(track) for track in tracks if _teaches(track)])

    def _with_parked(self, scene: _Scene, tracks: Sequence[Track], time: float) -> tuple[Track, ...]:
        for raster in scene.rasters:
            inside = [track for track in tracks if stands_in(raster, np.array(track.box))]
            left = [track for track in tracks if track not in inside and stands_in(raster, _beginning(track))]
            places = remember(self._places.get(raster.zone.id, ()), inside, time, left)
            self._places[raster.zone.id] = places
        everywhere = [place for places in self._places.values() for place in places]
        return mark(tracks, everywhere, time)

    def _scene_of(self, picture: Picture) -> _Scene:
        size = (picture.width, picture.height)
        if self._scene is None or self._scene.size != size:
            ground = self._ground.resized(*size) if self._ground else None
            self._scene = _Scene(
                size,
                tuple(ZoneRaster(zone, *size) for zone in self._zones),
                tuple(Road.of(zone, ground) for zone in self._zones),
                crops_of(size, (*self._zones, *self._sides), self._detector.longer_side(*size), ground),
                Ruler(*size),
                ground,
            )
            self._places.clear()
            self._crop_views.clear()
        return self._scene

    def _next_crop(self, scene: _Scene) -> Crop | None:
        if not scene.crops:
            return None
        self._turn = (self._turn + 1) % len(scene.crops)
        return scene.crops[self._turn]


class _Run:
    """A tracker and what it saw when."""

    def __init__(self, plate: Plate, background: NDArray[np.uint8], time: float) -> None:
        self._tracker = Tracker(plate, background)
        self._since = self._time = time
        self._instants: list[tuple[float, tuple[tuple[LiveTrack, NDArray[np.float64]], ...]]] = []

    def advance(self, plate: Plate, time: float) -> None:
        self._tracker.advance(plate, time)
        self._time = time

    def detect(self, seen: Detections, time: float) -> None:
        self._tracker.detect(seen, time)
        self._instants.append((time, tuple((track, track.box.copy()) for track in self._tracker.live)))

    def segment(self) -> _Segment:
        return _Segment(self._since, self._time, tuple(self._tracker.finish()), tuple(self._instants))


def _box_of(crop: Crop | None) -> Box | None:
    return None if crop is None else (float(crop.x1), float(crop.y1), float(crop.x2), float(crop.y2))


def _instant(present: Sequence[tuple[LiveTrack, NDArray[np.float64]]], rows: dict[int, int]) -> Instant:
    known = [(rows[id(track)], box) for track, box in present if id(track) in rows]
    boxes = np.array([box for _, box in known]).reshape(-1, 4)
    return Instant(tuple(row for row, _ in known), boxes)


def _background(scene: _Scene, plate: Plate) -> NDArray[np.uint8]:
    """Where nothing should move: 255 outside all zones, of the size of the plate."""
    rows, columns = plate.grey.shape
    mask = np.full((rows, columns), 255, np.uint8)
    for raster in scene.rasters:
        cv2.fillPoly(mask, [np.round(raster.zone.pixels(columns, rows)).astype(np.int32)], 0)
    if np.count_nonzero(mask) < 0.15 * mask.size:
        mask[:] = 255
    return mask


def _way_m(ground: GroundPlane, start: tuple[float, float], end: tuple[float, float]) -> float:
    """Metres between two pixels; NaN when one is not on the ground."""
    there = ground.to_ground([start, end])
    return float(np.hypot(*(there[1] - there[0])))


def _feet(seen: Detections, scene: _Scene, raster: ZoneRaster) -> NDArray[np.float64]:
    """Footprints of the vehicles of one picture in a zone: [n, 4] pixels."""
    vehicles = seen.only(*VEHICLES).above(GLANCE_SCORE)
    view, ruler = scene.ruler.view, scene.ruler
    feet = []
    for box, kind in zip(vehicles.boxes.astype(float), vehicles.labels(), strict=True):
        if stands_in(raster, box):
            foot = (float(box[0] + box[2]) / 2, float(box[3]))
            feet.append(footprint(box, view.depth_share(foot, ruler.direction(foot), kind)))
    return np.array(feet).reshape(-1, 4)


def _beginning(track: Track) -> NDArray[np.float64]:
    """The box where a vehicle was first seen, of the size it has at the end."""
    (x1, y1, x2, y2), (right, down) = track.box, track.moved_px
    return np.array([x1 - right, y1 - down, x2 - right, y2 - down])


def _depth_share(scene: _Scene, track: Track) -> float:
    foot = ((track.box[0] + track.box[2]) / 2, track.box[3])
    moving = np.hypot(*track.moved_px) > LEARN_SHARE * (track.box[3] - track.box[1])
    direction = track.moved_px if moving else scene.ruler.direction(foot)
    return scene.ruler.view.depth_share(foot, direction, track.kind)


def _teaches(track: LiveTrack) -> bool:
    height = track.box[3] - track.box[1]
    return (
        track.hits >= LEARN_HITS
        and track.score >= LEARN_SCORE
        and len(track.whole) >= 2
        and float(np.hypot(*track.moved)) > LEARN_SHARE * height
    )


def _sample(track: LiveTrack) -> Sample:
    # Means of foot and size belong together: along a vehicle's way its size grows in proportion to its foot's row.
    x, y, width, height = np.mean(np.array(track.whole), axis=0)
    return Sample(
        (float(x), float(y)),
        (float(width), float(height)),
        (float(track.moved[0]), float(track.moved[1])),
        track.kind,
        track.score,
    )
