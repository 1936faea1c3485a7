"""A recording, analysed on its own clock as fast as the machine can.

Full attention: every frame is decoded and followed by optical flow, in stares of two seconds, one after the other; the
detector sees eight pictures a second, each whole and with one of its crops in turn. Adaptive attention: the packets run
through the same ring as a camera's, and only the looks that the watch asks for are decoded, as on a box with time to
spare. Both are deterministic: the same file and settings give the same steps.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from calibration.ground import GroundPlane
from contract.schedule import WIB
from edge.attention.wish import Wish
from edge.cameras.decode import glance, stare
from edge.cameras.offline import PacketFile, VideoReader
from edge.cameras.ring import PacketRing
from edge.config.cameras import CameraSection
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, StepPhase
from edge.networks import Networks
from edge.perception.observation import LookKind, Observation
from edge.picture import Picture
from edge.watch import CameraWatch, Key
from edge.watching import watch_for

FULL_STARE_S = 2.0
FULL = Wish(LookKind.STARE, 0.0, span_s=FULL_STARE_S, water=True)
"""All that can be looked for, all the time."""
SHORTEST_STARE_S = 1.0
"""What is left at the end of a recording is looked at when it is at least this long."""

Witness = Callable[[Picture, Observation, Sequence[EpisodeStep], Mapping[Key, EpisodeState]], None]
"""Is shown every look: its newest picture, what was seen, what that changed, and where everything stands after it."""


class Attention(StrEnum):
    """How a recording is looked at."""

    FULL = "full"
    ADAPTIVE = "adaptive"


@dataclass(frozen=True, slots=True)
class AnalysisStats:
    """What an analysis cost.

    Attributes:
        video_s: length of the recording, all repetitions.
        wall_s: time it took.
        cpu_s: processor time of this process, all threads.
        frames_in: frames of the recording.
        frames_decoded: frames that were decoded.
        looks: glances and stares.
        inferences: pictures and crops that went through the network.
        episodes: episodes opened.
    """

    video_s: float
    wall_s: float
    cpu_s: float
    frames_in: int
    frames_decoded: int
    looks: int
    inferences: int
    episodes: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """Every step of every episode of a recording, in order, and the cost."""

    steps: tuple[EpisodeStep, ...]
    stats: AnalysisStats


class _Reel:
    """Judges looks and counts."""

    def __init__(self, watch: CameraWatch, witness: Witness | None) -> None:
        self.watch = watch
        self.steps: list[EpisodeStep] = []
        self.looks = 0
        self._witness = witness

    def look(self, wish: Wish, pictures: Sequence[Picture]) -> None:
        observation = self.watch.look(wish, pictures)
        steps = self.watch.judge(observation)
        self.steps.extend(steps)
        self.looks += 1
        if self._witness is not None:
            self._witness(pictures[-1], observation, steps, self.watch.states)


def analyze(
    video: Path,
    camera: str,
    section: CameraSection,
    networks: Networks,
    *,
    attention: Attention = Attention.FULL,
    start: float = 0.0,
    repeat: int = 1,
    ground: GroundPlane | None = None,
    time_zone: ZoneInfo = WIB,
    witness: Witness | None = None,
) -> Analysis:
    """What a box would have reported of this recording.

    Args:
        video: the file.
        camera: id of the camera whose view it is.
        section: the camera's zones and incidents.
        networks: what to look with.
        attention: see above.
        start: time of the first picture, seconds since the Unix epoch.
        repeat: play the file so many times as one stream.
        ground: the road in metres, where the camera is calibrated.
        time_zone: of the camera's schedules and permits.
        witness: is shown every look.

    Raises:
        VideoError: not a video that can be analysed.
        CalibrationError: the calibration is for pictures of other proportions.
    """
    wall, cpu, inferences = time.perf_counter(), time.process_time(), networks.inferences
    reel = _Reel(watch_for(camera, section, networks, ground, time_zone=time_zone), witness)
    look = _full if attention is Attention.FULL else _adaptive
    video_s, frames_in, frames_decoded = look(video, camera, reel, start, repeat)
    return Analysis(
        tuple(reel.steps),
        AnalysisStats(
            video_s=round(video_s, 3),
            wall_s=round(time.perf_counter() - wall, 3),
            cpu_s=round(time.process_time() - cpu, 3),
            frames_in=frames_in,
            frames_decoded=frames_decoded,
            looks=reel.looks,
            inferences=networks.inferences - inferences,
            episodes=sum(step.phase is StepPhase.OPENED for step in reel.steps),
        ),
    )


def _full(video: Path, camera: str, reel: _Reel, start: float, repeat: int) -> tuple[float, int, int]:
    reader = VideoReader(video, camera, start_time=start, repeat=repeat)
    pictures: list[Picture] = []
    for picture in reader:
        pictures.append(picture)
        if picture.time - pictures[0].time >= FULL_STARE_S:
            reel.look(FULL, pictures)
            pictures = [picture]
    if pictures and pictures[-1].time - pictures[0].time >= SHORTEST_STARE_S:
        reel.look(FULL, pictures)
    return reader.duration_s, reader.frames_in, reader.frames_decoded


def _adaptive(video: Path, camera: str, reel: _Reel, start: float, repeat: int) -> tuple[float, int, int]:
    source = PacketFile(video, repeat)
    ring = PacketRing(camera)
    ring.begin(source.open(), start_time=start)
    packets = decoded_frames = 0
    due: float | None = None
    newest: float | None = None
    seen = start - 1.0
    try:
        for packet in source:
            ring.append(packet)
            packets += 1
            newest = ring.state().newest_time
            if newest is None or (due is not None and newest < due):
                continue
            wish = reel.watch.wants()
            if due is None and wish.kind is LookKind.STARE:
                due = newest + wish.span_s  # the first stare needs a past to look at
                continue
            decoded = (
                glance(ring, max_age_s=wish.after_s) if wish.kind is LookKind.GLANCE
                else stare(ring, wish.span_s, wish.fps)
            )  # fmt: skip
            decoded_frames += decoded.frames_decoded
            if decoded.picture is not None and decoded.picture.time > seen:  # each picture counts once, as on a box
                seen = decoded.picture.time
                reel.look(wish, decoded.pictures)
            due = newest + reel.watch.wants().after_s
    finally:
        source.close()
    return (newest - start if newest is not None else 0.0), packets, decoded_frames
