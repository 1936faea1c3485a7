"""Packets for tests: real ones out of a clip, and made-up ones that only a ring looks at."""

from pathlib import Path

from edge.cameras.offline import PacketFile
from edge.cameras.packets import EncodedPacket, StreamFormat
from edge.cameras.ring import PacketRing

MJPEG = StreamFormat("mjpeg")
H264 = StreamFormat("h264")

START = b"\x00\x00\x00\x01"
PARAMETERS = START + b"\x67sps" + START + b"\x68pps"
FIRST_SLICE = START + b"\x65\x88first slice"
OTHER_SLICE = START + b"\x65\x08other slice"


def made_up(stamp_s: float | None, *, keyframe: bool = False, size: int = 10) -> EncodedPacket:
    return EncodedPacket(bytes(size), keyframe, stamp_s, stamp_s)


def of_clip(path: Path, repeat: int = 1) -> tuple[StreamFormat, list[EncodedPacket]]:
    source = PacketFile(path, repeat)
    try:
        return source.open(), list(source)
    finally:
        source.close()


def ring_of(path: Path, *, repeat: int = 1, start_time: float = 1000.0, seconds: float = 8.0) -> PacketRing:
    stream_format, packets = of_clip(path, repeat)
    ring = PacketRing("north", seconds=seconds)
    ring.begin(stream_format, start_time)
    for packet in packets:
        ring.append(packet)
    return ring
