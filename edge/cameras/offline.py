"""Recorded video: every picture of it, or its packets as a camera would send them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge.cameras.decode import MICROSECONDS, BgrConverter, encoded_packet
from edge.cameras.demux import camera_error, packets, stream_format, video_stream
from edge.cameras.faults import CameraError, Fault
from edge.cameras.packets import EncodedPacket, StreamFormat
from edge.cameras.urls import CODECS
from edge.picture import Picture

# Raw bit streams (.264) are not among them: they carry no times, and a wrong frame rate would falsify every speed.
_CONTAINERS = ("mov", "mp4", "matroska", "webm", "avi", "mpegts", "mpeg", "flv")
_USUAL_FPS = 25.0


class VideoError(CameraError):
    """A video file that cannot be analysed; the text names it and says what to do."""

    def __init__(self, fault: Fault, path: Path, problem: str) -> None:
        super().__init__(fault, str(path))
        self.args = (f"{path}: {problem}",)


class PacketFile:
    """A file as a `PacketStream`: its packets in decoding order, as fast as they are taken.

    Times begin at 0 with the first keyframe's picture. `repeat` plays the file so many times as one continuous stream.
    """

    def __init__(self, path: Path, repeat: int = 1) -> None:
        self._path = path
        self._repeat = repeat
        self._container: InputContainer | None = None
        self._stream: VideoStream | None = None

    def open(self) -> StreamFormat:
        """Read the header.

        Raises:
            VideoError: missing, no video, or a codec that is not on the list.
        """
        if not self._path.is_file():
            raise VideoError(Fault.UNREACHABLE, self._path, "there is no such file; check the path")
        try:
            self._container = av.open(
                str(self._path),
                options={
                    "protocol_whitelist": "file",
                    "format_whitelist": ",".join(_CONTAINERS),
                    "codec_whitelist": ",".join(CODECS),
                },
            )
            self._stream = video_stream(self._container, str(self._path))
        except (av.FFmpegError, CameraError) as error:
            self.close()
            raise _video_error(error, self._path) from None
        return stream_format(self._stream)

    def rounds(self) -> Iterator[Iterator[EncodedPacket]]:
        """The packets, one iterator for each round of the repetition; take each to its end before the next.

        Raises:
            VideoError: the file breaks off in the middle of a packet.
        """
        round_start_s = 0.0
        for number in range(self._repeat):
            if self._container is None or self._stream is None:
                return
            if number:
                self._container.seek(0)
            timeline = _Round(self._container, self._stream, self._path, round_start_s)
            yield timeline.packets()
            round_start_s = timeline.end_s

    def __iter__(self) -> Iterator[EncodedPacket]:
        for one_round in self.rounds():
            yield from one_round

    def close(self) -> None:
        """Close the file; harmless when it is closed."""
        container, self._container, self._stream = self._container, None, None
        if container is not None:
            container.close()


class _Round:
    """One pass over the file, its times moved to where the round begins."""

    def __init__(self, container: InputContainer, stream: VideoStream, path: Path, start_s: float) -> None:
        self._container = container
        self._stream = stream
        self._path = path
        self._start_s = start_s
        self._frame_s = 1.0 / float(stream.average_rate or _USUAL_FPS)
        self.end_s = start_s

    def packets(self) -> Iterator[EncodedPacket]:
        move_s: float | None = None
        try:
            for packet in packets(self._container, self._stream, str(self._path)):
                pts_s = packet.pts_s if packet.pts_s is not None else packet.dts_s
                if pts_s is None:  # no time of its own: the next frame's
                    yield replace(packet, pts_s=self.end_s, dts_s=self.end_s)
                    self.end_s += self._frame_s
                    continue
                if move_s is None:
                    move_s = self._start_s - pts_s
                dts_s = None if packet.dts_s is None else packet.dts_s + move_s
                yield replace(packet, pts_s=pts_s + move_s, dts_s=dts_s)
                self.end_s = max(self.end_s, pts_s + move_s + self._frame_s)
        except CameraError as error:
            raise _video_error(error, self._path) from None


class VideoReader:
    """Every picture of a file, decoded: `for picture in VideoReader(path, "north"): …`.

    Args:
        camera: the id that the pictures get.
        start_time: the time of the first picture, seconds since the Unix epoch; the others follow the file's clock.
        repeat: play the file so many times as one continuous stream.
        fps: keep about so many pictures a second (the others are decoded, but never converted); None keeps all.
        threads: of the decoder. More than one only pays where the caller does not use the other cores itself.

    Attributes:
        frames_in: packets read so far.
        frames_decoded: frames decoded so far.
        duration_s: length of what was played so far.
    """

    def __init__(
        self,
        path: Path,
        camera: str,
        *,
        start_time: float = 0.0,
        repeat: int = 1,
        fps: float | None = None,
        threads: int = 1,
    ) -> None:
        self._path = path
        self._camera = camera
        self._start_time = start_time
        self._repeat = repeat
        self._step_s = 1.0 / fps if fps else 0.0
        self._threads = threads
        self._converter = BgrConverter()
        self._next_s = 0.0
        self.frames_in = 0
        self.frames_decoded = 0
        self.duration_s = 0.0

    def __iter__(self) -> Iterator[Picture]:
        """Decode from the beginning.

        Raises:
            VideoError: not a video that can be analysed, or nothing in it can be decoded.
        """
        self._next_s, self.duration_s = 0.0, 0.0
        self.frames_in = self.frames_decoded = 0
        source = PacketFile(self._path, self._repeat)
        stream_format = source.open()
        half_gap_s = 0.5 / (stream_format.fps or _USUAL_FPS)
        try:
            for one_round in source.rounds():
                for frame in self._frames(one_round, stream_format):
                    time_s = (frame.pts or 0) * float(MICROSECONDS)
                    self.duration_s = max(self.duration_s, time_s + 2 * half_gap_s)
                    if time_s + half_gap_s >= self._next_s:
                        self._next_s = max(self._next_s + self._step_s, time_s - half_gap_s)
                        yield Picture(self._camera, self._start_time + time_s, self._converter.image(frame))
        finally:
            source.close()
        if not self.frames_decoded:
            raise VideoError(Fault.INVALID_DATA, self._path, "no picture in it can be decoded; is it damaged?")

    def _frames(self, one_round: Iterator[EncodedPacket], stream_format: StreamFormat) -> Iterator[VideoFrame]:
        context = cast("VideoCodecContext", av.CodecContext.create(stream_format.codec, "r"))
        context.thread_count = self._threads
        context.extradata = stream_format.extradata or None
        for encoded in one_round:
            self.frames_in += 1
            yield from self._decode(context, encoded_packet(encoded.data, encoded.pts_s or 0.0))
        yield from self._decode(context, None)

    def _decode(self, context: VideoCodecContext, packet: "av.Packet[VideoStream] | None") -> list[VideoFrame]:
        try:
            frames = context.decode(packet)
        except av.InvalidDataError:  # one damaged packet costs its frame; a file of nothing else is refused at the end
            return []
        self.frames_decoded += len(frames)
        return frames


def _video_error(error: Exception, path: Path) -> VideoError:
    if not isinstance(error, CameraError):
        error = camera_error(error, str(path))
    if isinstance(error, VideoError):
        return error
    problem = {
        Fault.CODEC_NOT_ALLOWED: f"its codec is not one of {', '.join(CODECS)}; encode it again, for example: "
        f"ffmpeg -i {path.name} -c:v libx264 {path.stem}.mp4",
        Fault.NO_VIDEO: "there is no video in it; choose another file",
    }.get(error.fault, "it is no video in a file with times (mp4, mkv, avi, ts, …), or it is damaged; try to play it")
    return VideoError(error.fault, path, problem)
