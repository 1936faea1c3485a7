"""The demo's cameras, watched with the demo's own box file: what the truth of their clips holds is found, no more."""

import json
from pathlib import Path
from typing import Any

import pytest

from contract.settings.incidents import IncidentsSection
from edge.analyze import Attention, analyze
from edge.config.document import load
from edge.networks import open_networks
from scripts.demo.city import BOX_FILE, CLIPS

LATEST_S = 20.0
"""After the truth's onset an episode opens within its minimum duration and so much more."""


def truth(clip: Path) -> dict[str, Any]:
    known: dict[str, Any] = json.loads(clip.with_suffix(".json").read_text())
    return known


@pytest.mark.parametrize(
    "attention", [Attention.ADAPTIVE, pytest.param(Attention.FULL, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
@pytest.mark.parametrize(
    # The jam's clip is looked at by tests/accuracy/test_sample_clip.py as well.
    "camera",
    [pytest.param(camera, marks=[pytest.mark.slow] * (camera == "simpang_balai")) for camera in CLIPS],
)
def test_what_happens_is_found_and_nothing_else(
    camera: str, attention: Attention, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STATE", "MQTT_PORT", "RTSP_PORT", "CAMERA_PASSWORD"):
        monkeypatch.setenv(f"DEMO_{name}", "1")
    configuration = load(BOX_FILE, "run")
    section = configuration.document.cameras[camera]
    lasting = durations(section.incidents)
    true = [
        incident
        for incident in truth(CLIPS[camera])["incidents"]
        if incident["to_s"] - incident["from_s"] > lasting.get(incident["kind"], float("inf"))
    ]
    ground = configuration.calibration_of(camera)
    networks = open_networks(configuration)
    analysis = analyze(CLIPS[camera], camera, section, networks, attention=attention, ground=ground)
    opened = [step for step in analysis.steps if step.phase.value == "opened"]
    assert [step.kind for step in opened] == [incident["kind"] for incident in true]
    for step, incident in zip(opened, true, strict=True):
        assert incident["from_s"] <= step.time <= incident["from_s"] + lasting[step.kind] + LATEST_S
        assert incident.get("reason") in {None, step.about}


def durations(incidents: IncidentsSection) -> dict[str, float]:
    """So long must each kind last on this camera, seconds."""
    sections = {name: getattr(incidents, name) for name in IncidentsSection.model_fields}
    return {
        name: section.dwell if hasattr(section, "dwell") else section.min_duration
        for name, section in sections.items()
        if section is not None
    }
