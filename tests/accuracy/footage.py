"""The real clips beside the repository, and what the box says about them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from edge.analyze import Analysis, Attention, analyze
from edge.config.cameras import CameraSection
from edge.config.document import load
from edge.networks import Networks
from models.onnx_detector import OnnxDetector

HERE = Path(__file__).parent
VIDEOS = HERE.parents[2] / "shared" / "data" / "videos"
DETECTOR = "street"


def clip(name: str) -> Path:
    """A clip's file; skips the test where it is not there."""
    path = VIDEOS / f"{name}.mp4"
    if not path.is_file():
        pytest.skip(f"real footage is not in the repository: ../shared/data/videos/{name}.mp4 is absent")
    return path


def camera(name: str, min_duration_s: float | None = None) -> CameraSection:
    """The camera file drawn for a clip."""
    section = load(HERE / "cameras" / f"{name}.yaml", "analyze").document.cameras[name]
    jam = section.incidents.jam
    assert jam is not None
    if min_duration_s is not None:
        jam = jam.model_copy(update={"min_duration": min_duration_s})
    return section.model_copy(update={"incidents": section.incidents.model_copy(update={"jam": jam})})


@cache
def look_at(name: str, attention: Attention, repeat: int = 1, min_duration_s: float | None = None) -> Analysis:
    """The clip, analysed once however many tests ask."""
    return analyze(
        clip(name),
        name,
        camera(name, min_duration_s),
        Networks(OnnxDetector.load(DETECTOR)),
        attention=attention,
        repeat=repeat,
    )


def opened(analysis: Analysis) -> Mapping[str, float]:
    """Zone → time at which its jam opened."""
    return {step.about: step.time for step in analysis.steps if step.phase.value == "opened"}
