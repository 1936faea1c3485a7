"""A camera over RTSP, received by libav."""

import time
from collections.abc import Iterator
from typing import Literal

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from edge.cameras.demux import camera_error, packets, stream_format, video_stream
from edge.cameras.faults import CameraError, Fault
from edge.cameras.packets import EncodedPacket, StreamFormat
from edge.cameras.urls import CODECS, check_url, redact

Transport = Literal["tcp", "udp"]


class RtspStream:
    """One RTSP session: RTP over TCP unless told otherwise; login (Digest or Basic) from the address.

    Args:
        url: `rtsp://` or `rtsps://`, with user and password where needed.
        open_timeout_s: limit for connecting and for the first keyframe (so it must exceed the camera's GOP).
        read_timeout_s: silence after which a stream counts as hung.

    Raises:
        CameraError: the address is not allowed.
    """

    def __init__(
        self, url: str, *, transport: Transport = "tcp", open_timeout_s: float = 15.0, read_timeout_s: float = 10.0
    ) -> None:
        self._url = check_url(url)
        self._transport = transport
        self._open_timeout_s = open_timeout_s
        self._read_timeout_s = read_timeout_s
        self._container: InputContainer | None = None
        self._stream: VideoStream | None = None

    def open(self) -> StreamFormat:
        """Connect, log in, play, and wait for a keyframe."""
        started_s = time.monotonic()
        try:
            self._container = av.open(
                self._url, options=self._options(), timeout=(self._open_timeout_s, self._read_timeout_s)
            )
        except av.FFmpegError as error:
            if time.monotonic() - started_s >= self._open_timeout_s:  # libav then reports whatever it was waiting for
                detail = f"no picture within {self._open_timeout_s:g} s"
                raise CameraError(Fault.TIMEOUT, redact(self._url, self._url), detail) from None
            raise camera_error(error, self._url) from None
        try:
            self._stream = video_stream(self._container, redact(self._url, self._url))
        except Exception:
            self.close()
            raise
        return stream_format(self._stream)

    def __iter__(self) -> Iterator[EncodedPacket]:
        if self._container is None or self._stream is None:
            return iter(())
        return packets(self._container, self._stream, self._url)

    def close(self) -> None:
        """Say goodbye (TEARDOWN) and close the connection."""
        container, self._container, self._stream = self._container, None, None
        if container is not None:
            container.close()

    def _options(self) -> dict[str, str]:
        return {
            "rtsp_transport": self._transport,
            "allowed_media_types": "video",
            "timeout": str(round(self._read_timeout_s * 1_000_000)),
            "protocol_whitelist": "rtsp,rtsps,rtp,srtp,tcp,udp,tls",
            "codec_whitelist": ",".join(CODECS),
            # Look at as little as possible before handing packets over: the first keyframe says all that is needed.
            # (`nobuffer` would be wrong here: it throws away what was looked at, and so the keyframe.)
            "probesize": "32",
            "analyzeduration": "100000",
            "fpsprobesize": "0",
        }
