"""RTP payloads of H.264 (RFC 6184) and H.265 (RFC 7798), RTP headers (RFC 3550) and RTCP sender reports."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from secrets import randbits

from scripts.rtsp_server.bitstream import Codec, nal_type
from scripts.rtsp_server.sdp import CLOCK_HZ, PAYLOAD_TYPE

MAX_PAYLOAD_BYTES = 1400
_NTP_EPOCH_S = 2_208_988_800  # 1900-01-01 to 1970-01-01
_FU_START, _FU_END = 0x80, 0x40


def payloads(nal: bytes, codec: Codec, limit: int = MAX_PAYLOAD_BYTES) -> Iterator[bytes]:
    """One NAL unit as it travels: whole when it fits, else in fragmentation units (FU-A, FU)."""
    if len(nal) <= limit:
        yield nal
        return
    kind = nal_type(nal, codec)
    if codec == "h264":
        prefix, body = bytes([(nal[0] & 0xE0) | 28]), nal[1:]
    else:
        prefix, body = bytes([(nal[0] & 0x81) | (49 << 1), nal[1]]), nal[2:]
    step = limit - len(prefix) - 1
    for offset in range(0, len(body), step):
        flags = (_FU_START if offset == 0 else 0) | (_FU_END if offset + step >= len(body) else 0)
        yield prefix + bytes([flags | kind]) + body[offset : offset + step]


@dataclass(slots=True)
class RtpStream:
    """Sequence number, timestamp and counters of one client's stream; they start at random (RFC 3550, 5.1)."""

    sequence: int = field(default_factory=lambda: randbits(16))
    ssrc: int = field(default_factory=lambda: randbits(32))
    timestamp_offset: int = field(default_factory=lambda: randbits(32))
    packets: int = 0
    payload_bytes: int = 0

    def timestamp(self, stream_s: float) -> int:
        """The RTP timestamp of a moment of the stream; it wraps every 13 hours."""
        return (round(stream_s * CLOCK_HZ) + self.timestamp_offset) & 0xFFFFFFFF

    def packetise(self, nals: Iterable[bytes], codec: Codec, stream_s: float) -> list[bytes]:
        """RTP packets of one picture; the last one carries the marker bit."""
        bodies = [body for nal in nals for body in payloads(nal, codec)]
        timestamp = self.timestamp(stream_s)
        packets = []
        for index, body in enumerate(bodies):
            marker = 0x80 if index == len(bodies) - 1 else 0
            header = struct.pack("!BBHII", 0x80, marker | PAYLOAD_TYPE, self.sequence, timestamp, self.ssrc)
            self.sequence = (self.sequence + 1) & 0xFFFF
            packets.append(header + body)
        self.packets += len(bodies)
        self.payload_bytes += sum(map(len, bodies))
        return packets

    def sender_report(self, stream_s: float, wall_s: float) -> bytes:
        """An RTCP SR: which wall-clock time the stream's timestamp stands for."""
        ntp = wall_s + _NTP_EPOCH_S
        return struct.pack(
            "!BBHIIIIII",
            0x80,
            200,
            6,
            self.ssrc,
            int(ntp),
            int(ntp % 1 * 2**32),
            self.timestamp(stream_s),
            self.packets & 0xFFFFFFFF,
            self.payload_bytes & 0xFFFFFFFF,
        )
