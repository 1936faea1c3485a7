"""Whole vehicles as they pass before a camera, for `sigap-calibrate traffic`; no picture is kept."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from calibration.traffic.tracks import Track, Traffic
from edge.cameras.decode import stare
from edge.cameras.faults import CameraError, Fault
from edge.cameras.ring import PacketRing
from edge.cameras.stream import PacketStream
from edge.perception.flow import Plate
from edge.perception.perceive import DETECTIONS_PER_S
from edge.perception.seeing import see
from edge.perception.tracks import LiveTrack, Tracker
from edge.picture import Picture
from models.detector import Detector

STRETCH_S = 2.0
"""So much is decoded at a time."""
FIRST_S = 1e-3
"""So much before the first picture the watch begins."""
LEAST_BOXES = 2
LEAST_HEIGHT_PX = 13.0
"""Of a box, at the network's scale: what is smaller is drawn up to a third too high."""
SURE_SCORE = 0.6
SURE_SHARE = 0.8
"""Seen once this surely, and so much of all that was seen of it speaks for one class: what is taken for a car less
surely is a motorcycle, a lorry or a shop front one time in five."""


def passing(
    stream: PacketStream,
    camera: str,
    detector: Detector,
    seconds: float,
    *,
    start_time: float | None = None,
    clock: Callable[[], float] = time.time,
) -> Traffic:
    """The vehicles that pass in so many seconds, or until the stream ends.

    Args:
        stream: of the camera, or a recording of it.
        camera: its id.
        detector: of vehicles.
        seconds: how long to watch.
        start_time: of the first picture of a recording; a live stream's times are learned from arrivals.
        clock: the time of day.

    Raises:
        CameraError: why there is none, or pictures that change their size.
    """
    return follow(_pictures(stream, camera, seconds, start_time, clock), camera, detector)


def follow(pictures: Iterable[Picture], camera: str, detector: Detector) -> Traffic:
    """The vehicles that pass in these pictures, each newer than the one before.

    Raises:
        CameraError: no picture, or pictures that change their size.
    """
    path = _Passing(detector)
    size: tuple[int, int] | None = None
    for picture in pictures:
        size = size or (picture.width, picture.height)
        if size != (picture.width, picture.height):
            raise CameraError(Fault.INVALID_DATA, camera, "its pictures changed their size: begin again")
        path.see(picture)
    if size is None:
        raise CameraError(Fault.INVALID_DATA, camera, "no picture of it can be decoded")
    return Traffic(*size, path.finish())


@dataclass(slots=True)
class _Way:
    """Where one vehicle was seen whole and large enough, and how often whole at any size."""

    whole: int = 0
    times: list[float] = field(default_factory=list)
    boxes: list[NDArray[np.float64]] = field(default_factory=list)


class _Passing:
    """Follows vehicles from where they are first seen to where they are lost; one thread at a time.

    Only boxes that show a vehicle whole are kept: neither cut by the picture's border nor hidden by another one.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._tracker: Tracker | None = None
        self._plate: Plate | None = None
        self._ways: dict[LiveTrack, _Way] = {}
        self._passed: list[Track] = []

    def see(self, picture: Picture) -> None:
        """The next picture, newer than the one before and of the same size."""
        before, self._plate = self._plate, Plate.of(picture.image)
        if self._tracker is None or before is None or self._plate.is_cut_from(before):
            self._end(list(self._ways))
            self._tracker = Tracker(self._plate, np.full(self._plate.grey.shape, 255, np.uint8))
        tracker = self._tracker
        tracker.advance(self._plate, picture.time)
        tracker.detect(see(self._detector, picture.image, None), picture.time)
        width, height = picture.width, picture.height
        least_px = LEAST_HEIGHT_PX * max(width, height) / self._detector.longer_side(width, height)
        for track in tracker.live:
            way = self._ways.setdefault(track, _Way())
            if len(track.whole) > way.whole and track.detected[3] - track.detected[1] >= least_px:
                way.times.append(picture.time)
                way.boxes.append(track.detected)
            way.whole = len(track.whole)
        tracker.ended.clear()
        live = set(tracker.live)
        self._end([track for track in self._ways if track not in live])

    def finish(self) -> tuple[Track, ...]:
        """Every vehicle, in the order in which they were lost."""
        self._end(list(self._ways))
        return tuple(self._passed)

    def _end(self, over: list[LiveTrack]) -> None:
        for track in over:
            way = self._ways.pop(track)
            sure = track.score >= SURE_SCORE and track.votes[track.kind] >= SURE_SHARE * sum(track.votes.values())
            if sure and len(way.times) >= LEAST_BOXES:
                self._passed.append(Track(track.kind, np.array(way.times), np.array(way.boxes)))


def _pictures(
    stream: PacketStream, camera: str, seconds: float, start_time: float | None, clock: Callable[[], float]
) -> Iterator[Picture]:
    """About as many a second as the detector is shown, decoded stretch by stretch."""
    ring = PacketRing(camera)
    seen, until = math.nan, math.inf
    try:
        ring.begin(stream.open(), start_time)
        for packet in stream:
            ring.append(packet, None if start_time is not None else clock())
            newest = ring.state().newest_time
            if newest is None:
                continue
            if math.isnan(seen):
                seen, until = newest - FIRST_S, newest + seconds
            if newest - seen >= STRETCH_S or newest >= until:
                yield from _newer(ring, seen, until)
                seen = newest
            if newest >= until:
                return
        yield from _newer(ring, seen, until)
    finally:
        stream.close()


def _newer(ring: PacketRing, seen: float, until: float) -> Iterator[Picture]:
    newest = ring.state().newest_time
    if newest is not None and newest > seen:
        pictures = stare(ring, newest - seen, DETECTIONS_PER_S).pictures
        yield from (picture for picture in pictures if seen < picture.time <= until)
