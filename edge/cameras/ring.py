"""The last seconds of a camera, still encoded: whole groups of pictures (GOPs), bounded in bytes."""

import math
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from edge.cameras.bitstream import Content, content
from edge.cameras.clock import StreamClock
from edge.cameras.packets import EncodedPacket, StreamFormat

_MAX_PARAMETER_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Span:
    """Packets in decoding order, beginning at a keyframe, with the time of day of each one's picture.

    Attributes:
        camera: whose.
        generation: changes with every reconnect; packets of two generations must not meet in one decoder.
        packets, times: of equal length; times in seconds since the Unix epoch, in decoding order (so where pictures are
            reordered they go back and forth).
    """

    camera: str
    generation: int
    format: StreamFormat
    packets: Sequence[EncodedPacket]
    times: Sequence[float]

    @property
    def newest_time(self) -> float:
        """When the newest picture was taken."""
        return max(self.times)


@dataclass(frozen=True, slots=True)
class RingState:
    """What is in the ring, for the scheduler and for metrics. Times are None while it is empty.

    Attributes:
        keyframes: how many have arrived since the ring was made: another number, another keyframe to glance at.
    """

    generation: int
    keyframes: int
    packets: int
    bytes: int
    oldest_time: float | None
    newest_time: float | None
    newest_keyframe_time: float | None
    dropped_packets: int


@dataclass(slots=True)
class _Gop:
    packets: list[EncodedPacket] = field(default_factory=list)
    positions_s: list[float] = field(default_factory=list)
    bytes: int = 0

    def add(self, packet: EncodedPacket, position_s: float) -> None:
        self.packets.append(packet)
        self.positions_s.append(position_s)
        self.bytes += len(packet.data)


class PacketRing:
    """Written by the camera's session, read by whoever looks; every method may be called from any thread.

    It keeps at least the last `seconds` (once they have arrived) and as little more as whole GOPs allow, but never more
    than `max_bytes`: a GOP that alone is larger is dropped, and the ring waits for the next keyframe.
    """

    def __init__(self, camera: str, *, seconds: float = 8.0, max_bytes: int = 16_000_000) -> None:
        self.camera = camera
        self.seconds = seconds
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._generation = 0
        self._format: StreamFormat | None = None
        self._clock = StreamClock()
        self._gops: deque[_Gop] = deque()
        self._bytes = 0
        self._newest_s = -math.inf
        self._held: bytes = b""
        self._held_keyframe = False
        self._keyframes = 0
        self._dropped = 0

    def begin(self, stream_format: StreamFormat, start_time: float | None = None) -> int:
        """A new stream: forget the old one; returns the new generation.

        `start_time` fixes the time of day of stream time 0 (offline); None learns it from arrivals.
        """
        with self._lock:
            self._generation += 1
            self._format = stream_format
            self._clock = StreamClock(start_time)
            self._clear()
            return self._generation

    def append(self, packet: EncodedPacket, arrival: float | None = None) -> None:
        """Take the next packet, received at this time of day (seconds since the Unix epoch; not needed offline).

        Packets before the first keyframe are dropped.

        Raises:
            RuntimeError: no stream has begun.
        """
        with self._lock:
            if self._format is None:
                raise RuntimeError(f"camera {self.camera}: call begin() with the stream's format before append()")
            what = Content.PICTURE if self._format.length_prefixed else content(self._format.codec, packet.data)
            if what is Content.REST_OF_PICTURE and self._complete_picture(packet):
                return
            position_s = self._clock.place(packet, arrival)
            if what is Content.PARAMETERS:
                self._hold(packet)
                return
            if self._held:
                packet = replace(packet, data=self._held + packet.data, keyframe=packet.keyframe or self._held_keyframe)
                self._held, self._held_keyframe = b"", False
            self._store(packet, position_s)
            self._trim()

    def state(self) -> RingState:
        """A consistent summary."""
        with self._lock:
            offset = self._clock.offset
            first = self._gops[0] if self._gops else None
            last = self._gops[-1] if self._gops else None
            return RingState(
                generation=self._generation,
                keyframes=self._keyframes,
                packets=sum(len(gop.packets) for gop in self._gops),
                bytes=self._bytes,
                oldest_time=first.positions_s[0] + offset if first else None,
                newest_time=self._newest_s + offset if last else None,
                newest_keyframe_time=last.positions_s[0] + offset if last else None,
                dropped_packets=self._dropped,
            )

    def newest_gop(self) -> Span | None:
        """From the newest keyframe to the newest packet; None while the ring is empty."""
        with self._lock:
            return self._span([self._gops[-1]]) if self._gops else None

    def past(self, seconds: float) -> Span | None:
        """What is needed to decode the last `seconds`: from the keyframe at or before that moment on.

        Shorter where the ring does not reach back so far; None while it is empty.
        """
        with self._lock:
            if not self._gops:
                return None
            from_s = self._newest_s - seconds
            gops = list(self._gops)
            starts = [index for index, gop in enumerate(gops) if gop.positions_s[0] <= from_s]
            return self._span(gops[starts[-1] if starts else 0 :])

    def _span(self, gops: Sequence[_Gop]) -> Span:
        assert self._format is not None
        offset = self._clock.offset
        return Span(
            camera=self.camera,
            generation=self._generation,
            format=self._format,
            packets=[packet for gop in gops for packet in gop.packets],
            times=[position + offset for gop in gops for position in gop.positions_s],
        )

    def _complete_picture(self, packet: EncodedPacket) -> bool:
        """Add the other slices of a picture to its packet; false when they are those of another, lost one."""
        if not self._gops:
            return False
        gop = self._gops[-1]
        last = gop.packets[-1]
        if packet.pts_s not in (None, last.pts_s):
            return False
        gop.packets[-1] = replace(last, data=last.data + packet.data)
        gop.bytes += len(packet.data)
        self._bytes += len(packet.data)
        return True

    def _hold(self, packet: EncodedPacket) -> None:
        """Parameter sets in a packet of their own belong to the picture after them, and so to its GOP."""
        if len(self._held) + len(packet.data) > _MAX_PARAMETER_BYTES:
            self._held = b""
            self._dropped += 1
        self._held += packet.data
        self._held_keyframe |= packet.keyframe

    def _store(self, packet: EncodedPacket, position_s: float) -> None:
        if packet.keyframe:
            self._gops.append(_Gop())
            self._keyframes += 1
        if not self._gops:
            self._dropped += 1
            return
        self._gops[-1].add(packet, position_s)
        self._bytes += len(packet.data)
        self._newest_s = max(self._newest_s, position_s)

    def _trim(self) -> None:
        while len(self._gops) > 1 and (
            self._bytes > self.max_bytes or self._gops[1].positions_s[0] <= self._newest_s - self.seconds
        ):
            self._bytes -= self._gops.popleft().bytes
        if self._bytes > self.max_bytes:
            self._dropped += len(self._gops[0].packets)
            self._clear()

    def _clear(self) -> None:
        self._gops.clear()
        self._bytes = 0
        self._newest_s = -math.inf
        self._held, self._held_keyframe = b"", False
