"""The file: a picture for each look, at its time, of a street that is drawn over."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from contract.kinds import ZoneKind
from edge.cameras.offline import VideoReader
from edge.config.cameras import CameraSection
from edge.debug_video import palette
from edge.debug_video.layers import HEADLINE_PX
from edge.debug_video.writer import DebugVideo
from edge.incidents.lifecycle import EpisodeState
from edge.perception.observation import LookKind, Observation
from edge.picture import Picture
from models.detections import Detections
from models.detector import STREET_CLASSES

CLIP = Path(__file__).parents[3] / "sample_videos" / "camera_covered.mp4"
SECTION = CameraSection.model_validate(
    {
        "zones": {"road": {"kind": "roadway", "points": [[0.2, 0.95], [0.44, 0.3], [0.59, 0.3], [0.6, 0.95]]}},
        "incidents": {"jam": {"zones": ["road"]}},
    }
)


def test_every_look_at_a_sample_clip_is_a_picture_at_its_time(tmp_path: Path) -> None:
    path = tmp_path / "debug.mp4"
    pictures = list(VideoReader(CLIP, "north", start_time=5000.0, fps=0.5))
    states = {("jam", "road"): EpisodeState()}
    with DebugVideo(path, SECTION.zones) as video:
        for before, picture in pairwise(pictures):
            nothing = Detections.empty(STREET_CLASSES)
            seen = Observation("north", LookKind.STARE, before.time, picture.time, nothing)
            video.witness(picture, seen, [], states)
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        frames = list(container.decode(video=0))
    times = [float(frame.pts * frame.time_base) for frame in frames]
    assert len(frames) >= 10
    assert times == pytest.approx([picture.time - 5000.0 for picture in pictures[1:]], abs=0.002)
    image = frames[0].to_ndarray(format="bgr24")[HEADLINE_PX:]
    line = np.abs(image.astype(int) - palette.ZONES[ZoneKind.ROADWAY]).max(axis=-1) < 60
    assert line.sum() > 500, "the zone's border"


def test_looks_at_the_same_picture_or_an_older_one_are_shown_one_after_the_other(tmp_path: Path) -> None:
    path, image = tmp_path / "debug.mp4", np.zeros((90, 160, 3), np.uint8)
    times = [2.0, 2.0, 2.0, 1.5, 4.0]
    with DebugVideo(path, SECTION.zones) as video:
        for time in times:
            seen = Observation("north", LookKind.GLANCE, time, time, Detections.empty(STREET_CLASSES))
            video.witness(Picture("north", time, image), seen, [], {})
    with av.open(str(path)) as container:
        shown = [float(frame.pts * frame.time_base) for frame in container.decode(video=0)]
    assert len(shown) == len(times)
    assert shown == sorted(set(shown))
    assert shown[-1] - shown[0] == pytest.approx(2.0, abs=0.001)


def test_a_file_that_cannot_be_written_is_said_before_the_analysis(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="debug"):
        DebugVideo(tmp_path / "nowhere" / "debug.mp4", SECTION.zones)


def test_an_analysis_without_a_look_leaves_no_broken_process(tmp_path: Path) -> None:
    with DebugVideo(tmp_path / "empty.mp4", SECTION.zones):
        pass
