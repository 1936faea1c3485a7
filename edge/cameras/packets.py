"""What a stream hands over: its format once, then encoded packets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreamFormat:
    """What a decoder must know before the first packet.

    Attributes:
        codec: `h264`, `hevc` or `mjpeg`.
        extradata: the container's parameter sets; empty when they only travel inside the stream.
        width, height: pixels; 0 while unknown.
        fps: nominal frames a second; None when the stream does not say.
    """

    codec: str
    extradata: bytes = b""
    width: int = 0
    height: int = 0
    fps: float | None = None

    @property
    def length_prefixed(self) -> bool:
        """Whether packets hold length-prefixed NAL units (as in MP4) and not a byte stream with start codes (Annex B).

        The configuration records of H.264 and H.265 (ISO/IEC 14496-15) begin with their version, 1.
        """
        return self.extradata[:1] == b"\x01"


@dataclass(frozen=True, slots=True)
class EncodedPacket:
    """One encoded picture (or a part of it).

    Attributes:
        data: the bytes as the decoder takes them.
        keyframe: decoding can start here.
        pts_s: presentation time in seconds on the stream's own clock; None when the stream does not say.
        dts_s: decoding time likewise. Equal ones occur: parameter sets may travel in a packet of their own.
    """

    data: bytes
    keyframe: bool
    pts_s: float | None = None
    dts_s: float | None = None
