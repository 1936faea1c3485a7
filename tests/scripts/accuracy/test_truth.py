"""Truth files: of rendered clips and of real ones."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from contract.kinds import IncidentKind
from scripts.accuracy import clips
from scripts.accuracy.__main__ import CAMERAS, SAMPLES, TRUTHS
from scripts.accuracy.truth import Incident, joined, of_real, of_rendered, read

JAM = IncidentKind.JAM


def test_the_sample_clips_tell_of_every_kind() -> None:
    told = {clip.name: read(clip.truth) for clip in clips.rendered(SAMPLES)}
    assert {incident.kind for incidents in told.values() for incident in incidents} == set(IncidentKind)
    assert told["truck_parks"] == [Incident(IncidentKind.PARKING, "bahu", 7.875, 33.25)]
    assert [incident.about for incident in told["camera_covered"]] == ["defocused", "dark", "moved"]
    assert told["red_light"] == told["night_rain"] == []


def test_a_truth_of_another_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="schema 9"):
        of_rendered({"schema": 9, "incidents": []})
    broken = tmp_path / "broken.json"
    broken.write_text("{}")
    with pytest.raises(ValueError, match=r"broken\.json"):
        read(broken)


def test_a_few_lines_of_yaml_tell_of_a_real_clip() -> None:
    lines = """
    incidents:
      - {kind: jam, zone: north, from_s: 3}
      - {kind: camera_fault, fault: dark, from_s: 1, to_s: 2.5}
    """
    assert of_real(lines) == [
        Incident(JAM, "north", 3, math.inf),
        Incident(IncidentKind.CAMERA_FAULT, "dark", 1, 2.5),
    ]
    assert of_real("incidents: []") == []
    with pytest.raises(ValueError, match="without 'zone'"):
        of_real("incidents: [{kind: jam, from_s: 3}]")
    with pytest.raises(ValueError, match="meteor"):
        of_real("incidents: [{kind: meteor, zone: north, from_s: 3}]")


def test_every_real_truth_has_a_camera_file_and_speaks_of_its_zones() -> None:
    truths = sorted(TRUTHS.glob("*.yaml"))
    assert truths
    for path in truths:
        camera = (CAMERAS / path.name).read_text()
        assert all(f"{incident.about}:" in camera for incident in read(path))


def test_incidents_nearer_than_the_hold_are_one() -> None:
    apart = [Incident(JAM, "a", 0, 10), Incident(JAM, "a", 14, 20), Incident(JAM, "a", 26, 30)]
    assert joined(apart, 5.0) == [Incident(JAM, "a", 0, 20), Incident(JAM, "a", 26, 30)]
    assert joined([Incident(JAM, "a", 0, 10), Incident(JAM, "b", 11, 20)], 5.0) == [
        Incident(JAM, "a", 0, 10),
        Incident(JAM, "b", 11, 20),
    ]
    assert joined([Incident(JAM, "a", 0, 30), Incident(JAM, "a", 5, 10)], 5.0) == [Incident(JAM, "a", 0, 30)]
