"""The demo's cameras, watched with the demo's own box file: what the truth of their clips holds is found, no more."""

import json
from pathlib import Path
from typing import Any

import pytest

from edge.analyze import Attention, analyze
from edge.config.document import load
from edge.networks import Networks
from models.onnx_detector import OnnxDetector
from scripts.demo.city import BOX_FILE, CLIPS

LATEST_S = 20.0
"""After the truth's onset an episode opens within its minimum duration and so much more."""


def truth(clip: Path) -> dict[str, Any]:
    known: dict[str, Any] = json.loads(clip.with_suffix(".json").read_text())
    return known


@pytest.mark.parametrize(
    "attention", [Attention.ADAPTIVE, pytest.param(Attention.FULL, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
@pytest.mark.parametrize("camera", CLIPS)
def test_a_jam_is_found_where_there_is_one_and_nowhere_else(
    camera: str, attention: Attention, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STATE", "MQTT_PORT", "RTSP_PORT", "CAMERA_PASSWORD"):
        monkeypatch.setenv(f"DEMO_{name}", "1")
    configuration = load(BOX_FILE, "run")
    section = configuration.document.cameras[camera]
    jam = section.incidents.jam
    assert jam is not None
    true_jams = [
        incident
        for incident in truth(CLIPS[camera])["incidents"]
        if incident["kind"] == "jam" and incident["to_s"] - incident["from_s"] > jam.min_duration
    ]
    ground = configuration.calibration_of(camera)
    analysis = analyze(
        CLIPS[camera], camera, section, Networks(OnnxDetector.load()), attention=attention, ground=ground
    )
    opened = [step for step in analysis.steps if step.phase.value == "opened"]
    assert [step.kind for step in opened] == ["jam"] * len(true_jams)
    for step, true in zip(opened, true_jams, strict=True):
        assert true["from_s"] <= step.time <= true["from_s"] + jam.min_duration + LATEST_S
