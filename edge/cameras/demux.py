"""What all libav sources share: the video stream of a container, its packets as values, its errors as ours."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from edge.cameras.faults import CameraError, Fault
from edge.cameras.packets import EncodedPacket, StreamFormat
from edge.cameras.urls import CODECS, redact

_FAULTS: tuple[tuple[type[BaseException], Fault], ...] = (
    (av.HTTPUnauthorizedError, Fault.WRONG_PASSWORD),
    (av.HTTPForbiddenError, Fault.WRONG_PASSWORD),
    (av.HTTPNotFoundError, Fault.UNKNOWN_PATH),
    (av.HTTPError, Fault.REFUSED),
    (av.TimeoutError, Fault.TIMEOUT),
    (av.ExitError, Fault.TIMEOUT),  # libav's word for "the time limit interrupted me"
    (av.EOFError, Fault.END_OF_STREAM),
    (av.InvalidDataError, Fault.INVALID_DATA),
    (OSError, Fault.UNREACHABLE),
)
_USUAL_FRAME_S = 0.04


def camera_error(error: Exception, url: str) -> CameraError:
    """The error of libav as ours, without the credentials that libav likes to quote."""
    fault = next((fault for kind, fault in _FAULTS if isinstance(error, kind)), Fault.INVALID_DATA)
    detail = error.strerror if isinstance(error, av.FFmpegError) and error.strerror else str(error)
    if isinstance(error, av.ExitError):
        detail = "time limit"
    return CameraError(fault, redact(url, url), redact(detail, url))


def video_stream(container: InputContainer, where: str) -> VideoStream:
    """The container's first video stream.

    Raises:
        CameraError: there is none, or its codec is not on the list.
    """
    if not container.streams.video:
        raise CameraError(Fault.NO_VIDEO, where)
    stream = container.streams.video[0]
    codec = stream.codec_context.name
    if codec not in CODECS:
        raise CameraError(Fault.CODEC_NOT_ALLOWED, where, f"it is {codec}")
    return stream


def stream_format(stream: VideoStream) -> StreamFormat:
    """What the container says about the stream."""
    context = stream.codec_context
    rate = stream.average_rate or stream.guessed_rate
    return StreamFormat(
        codec=context.name,
        extradata=bytes(context.extradata or b""),
        width=context.width,
        height=context.height,
        fps=float(rate) if rate else None,
    )


def packets(container: InputContainer, stream: VideoStream, url: str) -> Iterator[EncodedPacket]:
    """The stream's packets until it ends.

    Raises:
        CameraError: silence or broken data.
    """
    time_base = stream.time_base or Fraction(1, 90_000)
    try:
        yield from _with_first_stamp(
            EncodedPacket(
                bytes(packet), packet.is_keyframe, _seconds(packet.pts, time_base), _seconds(packet.dts, time_base)
            )
            for packet in container.demux(stream)
            if packet.size
        )
    except av.FFmpegError as error:
        raise camera_error(error, url) from None


def _seconds(stamp: int | None, time_base: Fraction) -> float | None:
    return None if stamp is None else stamp * time_base.numerator / time_base.denominator


def _with_first_stamp(source: Iterator[EncodedPacket]) -> Iterator[EncodedPacket]:
    """Give the first packet a time: over RTSP libav leaves it out, though it is the keyframe that all begins with.

    It is held back until the next packet tells where the stream's clock stands: zero, unless the server says otherwise.
    """
    first = next(source, None)
    if first is None:
        return
    if first.pts_s is not None or first.dts_s is not None:
        yield first
        yield from source
        return
    second = next(source, None)
    if second is not None:
        stamp_s = second.pts_s if second.pts_s is not None else second.dts_s
        if stamp_s is not None:
            first = replace(first, pts_s=0.0 if 0.0 <= stamp_s < 1.0 else stamp_s - _USUAL_FRAME_S)
    yield first
    if second is not None:
        yield second
    yield from source
