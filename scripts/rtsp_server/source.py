"""A file as a camera: its encoded pictures on an endless clock that all clients share."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av

from scripts.rtsp_server.bitstream import Codec, is_parameter_set, parameter_sets, split_nals
from scripts.rtsp_server.trouble import Trouble

_TO_ANNEX_B: dict[str, str] = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One encoded picture: seconds since the start of the clip, and its NAL units without the parameter sets."""

    send_s: float
    show_s: float
    keyframe: bool
    nals: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """A whole file in memory, ready to be sent.

    `duration_s` is what one round of the loop takes: the last picture is shown as long as the others.
    """

    codec: Codec
    width: int
    height: int
    fps: float
    duration_s: float
    parameter_sets: tuple[bytes, ...]
    units: tuple[AccessUnit, ...]


def load_clip(path: Path) -> Clip:
    """Read the first video stream of a file without decoding it.

    Raises:
        ValueError: no video, another codec than H.264 or H.265, or a first picture that is no keyframe.
    """
    with av.open(str(path)) as container:
        if not container.streams.video:
            raise ValueError(f"{path}: no video stream")
        stream = container.streams.video[0]
        name = stream.codec_context.name
        if name not in _TO_ANNEX_B:
            raise ValueError(f"{path}: codec {name} cannot be served, only h264 and hevc; encode the file again")
        codec = cast("Codec", name)
        fps = float(stream.average_rate or Fraction(25))
        to_annex_b = av.BitStreamFilterContext(_TO_ANNEX_B[codec], stream)
        packets = [packet for packet in container.demux(stream) if packet.size]
        keyframes = [packet.is_keyframe for packet in packets]
        filtered = [out for packet in packets for out in to_annex_b.filter(packet)]
        time_base = stream.time_base or Fraction(1, 90000)
    if not keyframes or not keyframes[0]:
        raise ValueError(f"{path}: does not start with a keyframe")
    first = filtered[0].dts if filtered[0].dts is not None else filtered[0].pts
    if first is None or len(filtered) != len(keyframes):
        raise ValueError(f"{path}: its packets cannot be told apart; remux the file")

    units = []
    for packet, keyframe in zip(filtered, keyframes, strict=True):
        dts = packet.dts if packet.dts is not None else packet.pts
        if dts is None:
            raise ValueError(f"{path}: packets without timestamps cannot be played; remux the file")
        pts = packet.pts if packet.pts is not None else dts
        nals = tuple(nal for nal in split_nals(bytes(packet)) if not is_parameter_set(nal, codec))
        units.append(AccessUnit(float((dts - first) * time_base), float((pts - first) * time_base), keyframe, nals))
    return Clip(
        codec=codec,
        width=stream.width,
        height=stream.height,
        fps=fps,
        duration_s=units[-1].send_s + 1 / fps,
        parameter_sets=parameter_sets(split_nals(bytes(filtered[0])), codec),
        units=tuple(units),
    )


@dataclass(frozen=True, slots=True)
class LiveUnit:
    """An access unit at its moment of the endless stream.

    Attributes:
        show_s: presentation time in seconds since the source started; it grows over the loops.
        wall_s: the wall clock (seconds since the Unix epoch) when it was due: for RTCP sender reports.
        unit: the picture.
    """

    show_s: float
    wall_s: float
    unit: AccessUnit


Subscriber = Callable[[LiveUnit], None]


class LiveSource:
    """Plays one clip for ever and hands each picture to the subscribers when it is due.

    `trouble` says how it misbehaves at present.
    """

    def __init__(self, name: str, clip: Clip) -> None:
        self.name = name
        self.clip = clip
        self.trouble = Trouble.NONE
        self._subscribers: set[Subscriber] = set()

    def subscribe(self, subscriber: Subscriber) -> None:
        """From now on, hand every picture to this function. It must not block."""
        self._subscribers.add(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Stop; harmless when it was not subscribed."""
        self._subscribers.discard(subscriber)

    async def play(self) -> None:
        """Run until cancelled."""
        started, wall_started = time.monotonic(), time.time()
        round_start_s = 0.0
        while True:
            for unit in self.clip.units:
                due_s = round_start_s + unit.send_s
                # Also when late, the loop must let the others run.
                await asyncio.sleep(max(0.0, started + due_s - time.monotonic()))
                live = LiveUnit(round_start_s + unit.show_s, wall_started + round_start_s + unit.show_s, unit)
                for subscriber in tuple(self._subscribers):
                    subscriber(live)
            round_start_s += self.clip.duration_s
