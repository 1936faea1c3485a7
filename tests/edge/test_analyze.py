"""A recording of a drawn street, from the file to the episodes."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import av
import pytest

from edge.analyze import Analysis, Attention, analyze
from edge.cameras.offline import VideoError
from edge.config.cameras import CameraSection
from edge.networks import Networks
from tests.edge.street import HEIGHT, WIDTH, Cars, detector, draw

FPS = 8
QUEUE: Cars = [(x, y) for y in (90.0, 170.0, 250.0) for x in (20.0, 120.0, 220.0, 320.0, 420.0, 520.0)]
SECTION = CameraSection.model_validate(
    {
        "zones": {"road": {"kind": "roadway", "points": [[0, 0.2], [1, 0.2], [1, 1], [0, 1]]}},
        "incidents": {"jam": {"zones": ["road"], "min_duration": "5s", "hold": "5s", "occupancy_above": 0.08}},
    }
)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds of a standing queue, then sixteen of an empty road."""
    path = tmp_path_factory.mktemp("street") / "queue.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"g": "16", "crf": "18"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(24 * FPS):
            image = draw(QUEUE if number < 8 * FPS else [])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode(None))
    return path


Run = Callable[[Attention], Analysis]


def look_through(recording: Path, attention: Attention, repeat: int = 1) -> Analysis:
    return analyze(recording, "north", SECTION, Networks(detector()), attention=attention, start=1000.0, repeat=repeat)


@pytest.fixture(scope="module")
def once(recording: Path) -> Run:
    return cache(lambda attention: look_through(recording, attention))


@pytest.mark.parametrize("attention", list(Attention))
def test_the_queue_opens_and_closes_one_episode_on_the_video_s_own_clock(once: Run, attention: Attention) -> None:
    analysis = once(attention)
    assert [(step.phase.value, step.about) for step in analysis.steps if step.phase.value != "updated"] == [
        ("opened", "road"),
        ("closed", "road"),
    ]
    assert analysis.steps[0].began == pytest.approx(1000, abs=1)
    assert 1013 <= analysis.steps[-1].time <= 1022
    assert analysis.stats.episodes == 1
    assert analysis.stats.video_s == pytest.approx(24, abs=0.3)
    assert analysis.stats.frames_in == 24 * FPS


def test_full_attention_decodes_every_frame_and_adaptive_detects_in_fewer(once: Run) -> None:
    full, adaptive = once(Attention.FULL).stats, once(Attention.ADAPTIVE).stats
    assert full.frames_decoded == full.frames_in
    assert adaptive.inferences < full.inferences


@pytest.mark.parametrize("attention", list(Attention))
def test_it_is_deterministic(recording: Path, once: Run, attention: Attention) -> None:
    assert look_through(recording, attention).steps == once(attention).steps


def test_played_twice_it_is_one_stream(recording: Path) -> None:
    analysis = look_through(recording, Attention.ADAPTIVE, repeat=2)
    assert analysis.stats.video_s == pytest.approx(48, abs=0.5)
    assert analysis.stats.episodes == 2


def test_a_file_that_is_no_video_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="no such file"):
        look_through(tmp_path / "missing.mp4", Attention.FULL)
