"""Camera files made from a truth: its zones, the kinds the box knows, durations that suit a clip."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.kinds import IncidentKind
from edge.config.document import load
from scripts.accuracy import clips
from scripts.accuracy.__main__ import SAMPLES
from scripts.accuracy.cameras import DISCHARGE_S, camera_for, known_kinds, longest_wait_s, reduced

NAMES = [clip.name for clip in clips.rendered(SAMPLES)]


def truth(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return document


@pytest.mark.parametrize("name", NAMES)
def test_the_box_accepts_the_file_and_looks_for_what_can_be_in_the_zones(name: str, tmp_path: Path) -> None:
    path = tmp_path / "camera.yaml"
    path.write_text(yaml.safe_dump(camera_for(truth(name), name, known_kinds())))
    camera = load(path, "analyze").document.cameras[name]
    kinds = {zone["kind"] for zone in truth(name)["zones"]}
    possible = {"roadway": {"jam", "flood"}, "no_vending": {"vending"}, "no_parking": {"parking"}}
    wanted = {"camera_fault"}.union(*(possible[kind] for kind in kinds))
    asked = {kind for kind in IncidentKind if getattr(camera.incidents, kind, None) is not None}
    assert asked == wanted & set(known_kinds())


def test_the_jam_section_is_known_and_short() -> None:
    jam = camera_for(truth("jam_builds_up"), "north", known_kinds())["cameras"]["north"]["incidents"]["jam"]
    assert jam == {"min_duration": "5s", "hold": "5s", "zones": ["jalan"]}


def test_only_what_may_be_looked_for_is() -> None:
    made = camera_for(truth("jam_builds_up"), "north", {IncidentKind.JAM})
    assert list(made["cameras"]["north"]["incidents"]) == ["jam"]
    kept = reduced(
        {"cameras": {"n": {"calibration": "n.json", "incidents": {"jam": {"zones": ["a"]}, "flood": {}}}}},
        {IncidentKind.JAM},
        Path("/cameras"),
    )
    assert kept == {"cameras": {"n": {"calibration": "/cameras/n.json", "incidents": {"jam": {"zones": ["a"]}}}}}


def test_at_a_signal_a_jam_must_outlast_the_red_light_and_the_discharge() -> None:
    document = truth("red_light")
    assert longest_wait_s(document["frames"]) == pytest.approx(25, abs=0.5)
    incidents = camera_for(document, "n", known_kinds())["cameras"]["n"]["incidents"]
    least = incidents["jam"]["min_duration"]
    assert float(least.rstrip("s")) == longest_wait_s(document["frames"]) + DISCHARGE_S
    assert longest_wait_s(truth("jam_builds_up")["frames"]) == 0
