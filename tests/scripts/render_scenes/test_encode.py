"""Pictures to a video as a camera would send it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from scripts.render_scenes.encode import KEYFRAME_EVERY_S, encode

FPS = 4
COUNT = 5 * FPS


def brightening() -> Iterator[np.ndarray]:
    """Five seconds of a brightening picture."""
    return (np.full((90, 160, 3), 40 + 10 * number, np.uint8) for number in range(COUNT))


def test_keyframes_come_at_the_fixed_distance_and_every_picture_is_there_in_order(tmp_path: Path) -> None:
    video = tmp_path / "street.mp4"
    encode(brightening(), video, FPS, crf=26)
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        assert (stream.codec_context.name, stream.width, stream.height, stream.average_rate) == ("h264", 160, 90, FPS)
    levels = [float(frame.to_ndarray(format="gray").mean()) for frame in frames]
    assert levels == sorted(levels)
    assert len(levels) == COUNT
    assert [number for number, frame in enumerate(frames) if frame.key_frame] == list(
        range(0, COUNT, KEYFRAME_EVERY_S * FPS)
    )


def test_a_stop_half_way_leaves_no_video(tmp_path: Path) -> None:
    def stopped() -> Iterator[np.ndarray]:
        yield next(brightening())
        raise OSError("00001.png is not a readable picture")

    video = tmp_path / "street.mp4"
    with pytest.raises(OSError, match="not a readable picture"):
        encode(stopped(), video, FPS, crf=26)
    assert not video.exists()
