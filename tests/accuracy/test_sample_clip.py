"""The clip that everybody has: a jam builds up and clears, and the truth is known to the frame."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.analyze import Analysis, Attention, analyze
from edge.config.cameras import CameraSection
from edge.incidents.lifecycle import EpisodeState, EpisodeStep
from edge.networks import Networks
from edge.perception.observation import LookKind, Observation
from edge.picture import Picture
from edge.watch import Key
from models.onnx_detector import OnnxDetector

CLIP = Path(__file__).parents[2] / "sample_videos" / "jam_builds_up.mp4"
HOLD_S = 6.0


@cache
def truth() -> dict[str, Any]:
    return dict(json.loads(CLIP.with_suffix(".json").read_text()))


@cache
def watched(attention: Attention) -> tuple[Analysis, list[Observation]]:
    (zone,) = truth()["zones"]
    section = CameraSection.model_validate(
        {
            "zones": {zone["name"]: {"kind": "roadway", "points": zone["polygon"]}},
            "incidents": {"jam": {"zones": [zone["name"]], "min_duration": "4s", "hold": f"{HOLD_S:.0f}s"}},
        }
    )
    seen: list[Observation] = []

    def witness(
        _picture: Picture,
        observation: Observation,
        _steps: Sequence[EpisodeStep],
        _states: Mapping[Key, EpisodeState],
    ) -> None:
        seen.append(observation)

    networks = Networks(OnnxDetector.load("street"))
    return analyze(CLIP, "sample", section, networks, attention=attention, witness=witness), seen


MODES = [Attention.ADAPTIVE, pytest.param(Attention.FULL, marks=[pytest.mark.slow, pytest.mark.timeout(600)])]


@pytest.mark.parametrize("attention", MODES)
def test_the_jam_opens_in_time_closes_when_it_has_cleared_and_nothing_else_happens(attention: Attention) -> None:
    steps = [step for step in watched(attention)[0].steps if step.phase.value != "updated"]
    (jam,) = truth()["incidents"]
    assert [(step.phase.value, step.kind, step.about) for step in steps] == [
        ("opened", jam["kind"], jam["zone"]),
        ("closed", jam["kind"], jam["zone"]),
    ]
    opened, closed = steps
    assert abs(opened.began - jam["from_s"]) <= 10
    assert jam["from_s"] <= opened.time <= jam["from_s"] + 10
    assert jam["to_s"] <= closed.time <= jam["to_s"] + HOLD_S + 10


def true_speed_kmh(observation: Observation) -> float:
    zone = truth()["zones"][0]["name"]
    frames = [frame for frame in truth()["frames"] if observation.since <= frame["time_s"] <= observation.time]
    speeds = [frame["zones"][zone]["speed_kmh"] for frame in frames]
    return float(np.mean([speed for speed in speeds if speed is not None]))


def test_speeds_come_near_the_truth_although_nobody_calibrated_the_camera() -> None:
    stares = [look for look in watched(Attention.FULL)[1] if look.kind is LookKind.STARE]
    compared = 0
    for look in stares:
        (traffic,) = look.traffic
        if traffic.speed_lengths_s is None:
            continue
        measured_kmh, true_kmh = traffic.speed_lengths_s * 4.5 * 3.6, true_speed_kmh(look)
        compared += 1
        if true_kmh < 12:
            assert measured_kmh == pytest.approx(true_kmh, abs=5)
        else:
            assert 0.45 * true_kmh <= measured_kmh <= 1.5 * true_kmh
    assert compared >= 25
