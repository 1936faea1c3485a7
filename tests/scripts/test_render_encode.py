"""Pictures to a video as a camera would send it."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from scripts.render_scenes.encode import KEYFRAME_EVERY_S, encode

FPS = 4


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Five seconds of a brightening picture."""
    paths = [tmp_path / f"{number:05d}.png" for number in range(5 * FPS)]
    for number, path in enumerate(paths):
        cv2.imwrite(str(path), np.full((90, 160, 3), 40 + 10 * number, np.uint8))
    return paths


def test_keyframes_come_at_the_fixed_distance_and_every_picture_is_there_in_order(
    pictures: list[Path], tmp_path: Path
) -> None:
    video = tmp_path / "street.mp4"
    encode(pictures, video, FPS)
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        assert (stream.codec_context.name, stream.width, stream.height, stream.average_rate) == ("h264", 160, 90, FPS)
    levels = [float(frame.to_ndarray(format="gray").mean()) for frame in frames]
    assert levels == sorted(levels)
    assert len(levels) == len(pictures)
    assert [number for number, frame in enumerate(frames) if frame.key_frame] == list(
        range(0, len(pictures), KEYFRAME_EVERY_S * FPS)
    )


def test_a_damaged_picture_is_named_and_leaves_no_video(pictures: list[Path], tmp_path: Path) -> None:
    pictures[3].write_bytes(b"half a pict")
    video = tmp_path / "street.mp4"
    with pytest.raises(OSError, match=r"00003\.png is not a readable picture; delete it and render again"):
        encode(pictures, video, FPS)
    assert not video.exists()
