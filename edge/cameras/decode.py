"""Decoding on demand: a glance at the newest picture, a stare at the past seconds."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from edge.cameras.ring import PacketRing, Span
from edge.picture import Image, Picture

MICROSECONDS = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a look got out of the ring.

    Attributes:
        pictures: in the order of their times; may be empty.
        frames_decoded: how many frames the decoder put out, kept or not: what the look cost.
        problem: why pictures are missing, as a sentence; None when all is well.
    """

    pictures: tuple[Picture, ...] = ()
    frames_decoded: int = 0
    problem: str | None = None

    @property
    def picture(self) -> Picture | None:
        """The newest one."""
        return self.pictures[-1] if self.pictures else None


class BgrConverter:
    """Turns decoded frames into images; reuse one per decode, it keeps the scaler's tables."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def image(self, frame: VideoFrame) -> Image:
        """Height × width × 3, BGR, contiguous (copied only where the decoder padded its lines)."""
        return np.ascontiguousarray(self._reformatter.reformat(frame, format="bgr24").to_ndarray())


def glance(ring: PacketRing, max_age_s: float | None = None) -> Decoded:
    """Decode the newest keyframe only.

    Where the newest picture is more than `max_age_s` newer than that keyframe (long GOPs), decode on to the newest.
    Damaged data never raises: it is a `problem`.
    """
    span = ring.newest_gop()
    if span is None:
        return Decoded(problem="no keyframe has arrived yet")
    if max_age_s is not None and span.newest_time - span.times[0] > max_age_s:
        return decode_span(span, {span.newest_time})
    keyframe = Span(span.camera, span.generation, span.format, span.packets[:1], span.times[:1])
    return decode_span(keyframe, {span.times[0]})


def stare(ring: PacketRing, seconds: float, fps: float) -> Decoded:
    """Decode the past `seconds`, keeping about `fps` pictures a second (all of them where the camera sends fewer).

    The newest picture is always among them. Damaged data never raises: it is a `problem`.
    """
    span = ring.past(seconds)
    if span is None:
        return Decoded(problem="no keyframe has arrived yet")
    wanted = evenly(span.times, span.newest_time - seconds, fps)
    return decode_span(span, wanted)


def evenly(times: Collection[float], after: float, fps: float) -> set[float]:
    """Of these times, the newest, and back from it to `after` about `fps` a second."""
    newest_first = sorted(set(times), reverse=True)
    half_gap_s = (newest_first[0] - newest_first[-1]) / max(1, len(newest_first) - 1) / 2
    kept: set[float] = set()
    due = newest_first[0]
    for time in newest_first:
        if time < after:
            break
        if time <= due + half_gap_s:  # nearest to the moment that is due
            kept.add(time)
            due = min(due, time + half_gap_s) - 1.0 / fps
    return kept


def decode_span(span: Span, wanted: Collection[float]) -> Decoded:
    """Decode a span and keep the pictures of these times. Damaged data never raises: it is a `problem`."""
    decoder = _SpanDecoder(span, wanted)
    for packet, time in zip(span.packets, span.times, strict=True):
        decoder.feed(packet.data, time)
    return decoder.finish()


class _SpanDecoder:
    """One decoder for one look: nothing is shared between threads, and nothing damaged outlives the look."""

    def __init__(self, span: Span, wanted: Collection[float]) -> None:
        self._camera = span.camera
        self._wanted = {microseconds(time): time for time in wanted}
        self._all_keyframes = all(packet.keyframe for packet in span.packets)
        self._context = cast("VideoCodecContext", av.CodecContext.create(span.format.codec, "r"))
        self._context.thread_count = 1
        if span.format.extradata:
            self._context.extradata = span.format.extradata
        self._converter = BgrConverter()
        self._pictures: list[Picture] = []
        self._frames = 0
        self._damaged = 0
        self._damaged_from: int | None = None
        self._error: str | None = None

    def feed(self, data: bytes, time: float) -> None:
        is_wanted = microseconds(time) in self._wanted
        if self._all_keyframes and not is_wanted:
            return
        # Frames that no other frame refers to need not be decoded unless they are wanted themselves.
        self._context.skip_frame = "DEFAULT" if is_wanted else "NONREF"
        self._decode(encoded_packet(data, time))

    def finish(self) -> Decoded:
        self._decode(None)
        self._pictures.sort(key=lambda picture: picture.time)
        return Decoded(tuple(self._pictures), self._frames, self._problem())

    def _decode(self, packet: "av.Packet[VideoStream] | None") -> None:
        try:
            frames = self._context.decode(packet)
        except av.FFmpegError as error:
            self._error = error.strerror
            if packet is not None and packet.pts is not None:
                self._damaged_from = packet.pts
            return
        for frame in frames:
            self._frames += 1
            if self._is_damaged(frame):
                self._damaged += 1
            elif frame.pts in self._wanted:
                time = self._wanted.pop(frame.pts)
                self._pictures.append(Picture(self._camera, time, self._converter.image(frame)))

    def _is_damaged(self, frame: VideoFrame) -> bool:
        """Damage lasts until the next keyframe: the decoder marks where it began, not what rests on it."""
        pts = frame.pts if frame.pts is not None else 0
        if frame.is_corrupt:
            self._damaged_from = pts
        elif frame.key_frame or self._damaged_from is None or pts < self._damaged_from:
            if frame.key_frame:
                self._damaged_from = None
            return False
        return True

    def _problem(self) -> str | None:
        if not self._wanted:
            return None
        causes = [f"{self._damaged} damaged frames"] if self._damaged else []
        if self._error:
            causes.append(f"the decoder says: {self._error}")
        why = "; ".join(causes) or "the decoder put out nothing"
        return f"{len(self._wanted)} pictures could not be decoded ({why})"


def encoded_packet(data: bytes, time: float) -> "av.Packet[VideoStream]":
    """A packet for libav; its frame will carry the time in microseconds as `pts`."""
    packet = cast("av.Packet[VideoStream]", av.Packet(data))
    packet.pts, packet.time_base = microseconds(time), MICROSECONDS
    return packet


def microseconds(time: float) -> int:
    """Seconds as libav counts them in `MICROSECONDS`."""
    return round(time * 1_000_000)
