"""Cameras told by traffic that the shipped eyes saw: half a minute to a minute of each rendered clip, no truth helping.

A minute is short of the few that are asked for, and the eyes draw small boxes a little high: what must hold is that an
estimate is honest. (Too little traffic is refused: tests/calibration/test_traffic.py.)
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.traffic.estimate import fit_traffic
from edge.cameras.offline import PacketFile
from edge.passing import passing
from models.onnx_detector import OnnxDetector
from tests.accuracy.footage import DETECTOR
from tests.calibration import rendered

SAMPLES = Path(__file__).parents[2] / "sample_videos"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("clip", rendered.CLIPS)
def test_what_the_eyes_saw_pass_tells_a_camera_within_twice_its_estimated_error(clip: str) -> None:
    seen = passing(PacketFile(SAMPLES / f"{clip}.mp4"), clip, OnnxDetector.load(DETECTOR), 60.0, start_time=0.0)
    given = replace(seen, lens=rendered.lens_of(clip))
    fit = fit_traffic(given)
    off = np.log(np.median(rendered.speed_ratios(clip, fit.plane)))
    assert abs(off) < 2 * fit.speed_error
