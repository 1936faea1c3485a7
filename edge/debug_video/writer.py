"""A debug video as a witness of an analysis: one drawing for each look, shown until the next."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge.debug_video import timeline
from edge.debug_video.frame import draw
from edge.debug_video.layers import States, Zones
from edge.debug_video.timeline import Span
from edge.incidents.lifecycle import EpisodeStep
from edge.perception.observation import Observation
from edge.picture import Image, Picture

MILLISECONDS = Fraction(1, 1000)
OPTIONS = {"crf": "24", "preset": "veryfast"}


class DebugVideo:
    """Writes an MP4 (H.264) while an analysis runs; to be used as a context manager.

    Its pictures last as long as the looks lie apart, so it plays as fast as the recording.

    Raises:
        OSError: the file cannot be written there.
    """

    def __init__(self, path: Path, zones: Zones) -> None:
        self._zones = zones
        path.write_bytes(b"")  # libav opens it with the first picture only: too late to say that it cannot be written
        self._container = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream: VideoStream | None = None
        self._began: float | None = None
        self._last_s = 0.0
        self._shown_ms = -1
        self._spans: tuple[Span, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._container.mux(self._stream.encode(None))
        self._container.close()

    def witness(
        self, picture: Picture, observation: Observation, _steps: Sequence[EpisodeStep], states: States
    ) -> None:
        """Draws one look; give it to `analyze`."""
        if self._began is None:
            self._began = observation.since
        now_s = observation.time - self._began
        self._spans = timeline.prolonged(self._spans, states, self._last_s, now_s)
        self._last_s = now_s
        self._write(draw(picture, observation, states, self._zones, spans=self._spans, now_s=now_s), now_s)

    def _write(self, image: Image, now_s: float) -> None:
        if self._stream is None:
            self._stream = self._container.add_stream("libx264", rate=30, options=OPTIONS)
            self._stream.height, self._stream.width = image.shape[:2]
            self._stream.pix_fmt = "yuv420p"
            self._stream.codec_context.time_base = MILLISECONDS
        frame = VideoFrame.from_ndarray(image, format="bgr24")
        # A glance may show the same keyframe as the stare before it, or an older one; a video only goes forward.
        self._shown_ms = max(round(now_s * 1000), self._shown_ms + 1)
        frame.pts = self._shown_ms
        frame.time_base = MILLISECONDS
        self._container.mux(self._stream.encode(frame))
