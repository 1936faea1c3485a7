"""Vending and parking on the clips that everybody has, and quiet on real streets where nobody stands.

Where a rendered clip shows neither, all of its picture is a zone, with the queues on its road. On the real clips kerbs
and pavements were drawn by hand.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edge.analyze import Analysis, Attention, analyze
from edge.config.cameras import CameraSection
from edge.networks import Networks
from models.onnx_detector import OnnxDetector
from tests.accuracy.footage import DETECTOR, clip

SAMPLES = Path(__file__).parents[2] / "sample_videos"
DWELL_S = 5.0
LATEST_S = 15.0
"""After the dwell; the truth's onset is a standstill to the centimetre."""
EARLIEST_S = 5.0
"""A box that overlaps where the thing will stand by half counts already."""
HOLD_S = 3.0
OPEN_FROM = 0.6
"""Confidence from which the centre opens a complaint by itself."""
EVERYWHERE = [[0, 0], [1, 0], [1, 1], [0, 1]]
NEAR_SIDE = [[0, 0.65], [0.55, 0.45], [0.8, 0.6], [1, 0.6], [1, 1], [0, 1]]
MODES = [Attention.ADAPTIVE, pytest.param(Attention.FULL, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]

QUIET_SAMPLES = ["red_light", "jam_builds_up", "flood_rises", "night_rain", "camera_covered"]
QUIET_CLIPS: dict[str, tuple[list[list[float]], list[list[float]]]] = {
    "suburb_parked_cars": (
        [[0.345, 0.5], [0.4, 0.5], [0.6, 1.0], [0.46, 1.0]],
        [[0.2, 0.45], [0.3, 0.45], [0.44, 1.0], [0.25, 1.0]],
    ),
    "jakarta_flowing": (
        [[0.57, 0.5], [0.62, 0.5], [0.95, 1.0], [0.8, 1.0]],
        [[0.62, 0.5], [0.75, 0.5], [1.0, 0.8], [1.0, 1.0], [0.95, 1.0]],
    ),
    "dhaka_creeping": (
        [[0.6, 0.6], [0.68, 0.6], [0.85, 1.0], [0.66, 1.0]],
        [[0.66, 0.45], [0.7, 0.45], [1.0, 0.62], [1.0, 0.72]],
    ),
    "junction_red_light_queue": (
        [[0.16, 0.29], [0.45, 0.26], [0.45, 0.4], [0.0, 0.45], [0.0, 0.35]],
        [[0.0, 0.2], [0.5, 0.18], [0.45, 0.27], [0.12, 0.3], [0.0, 0.3]],
    ),
    "highway_free": ([[0.68, 1.0], [0.74, 1.0], [0.92, 0.55], [0.9, 0.5]], EVERYWHERE),
    "street_people": (EVERYWHERE, EVERYWHERE),
    "cdnet_highway": (EVERYWHERE, EVERYWHERE),
    "car_park_top_down": ([[0.5, 0.1], [0.95, 0.1], [0.95, 0.85], [0.5, 0.85]], EVERYWHERE),
    "otvision_truck": (NEAR_SIDE, EVERYWHERE),
    "otvision_cyclist": (NEAR_SIDE, EVERYWHERE),
}
"""Clip → where none may park (kerbs where nobody does), where none may sell."""
SHORT = {"otvision_truck": 5, "otvision_cyclist": 5}
"""Clips of 3 s are played so often in a row."""
LONG = {"cdnet_highway"}


def section(no_parking: list[list[float]], no_vending: list[list[float]]) -> CameraSection:
    timing = {"dwell": f"{DWELL_S:.0f}s", "hold": f"{HOLD_S:.0f}s"}
    return CameraSection.model_validate(
        {
            "zones": {
                "kerb": {"kind": "no_parking", "points": no_parking},
                "pavement": {"kind": "no_vending", "points": no_vending},
            },
            "incidents": {"parking": {"zones": ["kerb"], **timing}, "vending": {"zones": ["pavement"], **timing}},
        }
    )


@cache
def truth(name: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / f"{name}.json").read_text()))


def watched(video: Path, camera: CameraSection, attention: Attention, repeat: int = 1) -> Analysis:
    return analyze(video, "street", camera, Networks(OnnxDetector.load(DETECTOR)), attention=attention, repeat=repeat)


@pytest.mark.parametrize("attention", MODES)
@pytest.mark.parametrize("name", ["vendor_arrives", "truck_parks"])
def test_what_stands_is_found_each_time_the_clip_is_played_and_nothing_else(name: str, attention: Attention) -> None:
    (zone,) = truth(name)["zones"]
    (true,) = truth(name)["incidents"]
    length_s = truth(name)["frame_count"] / truth(name)["fps"]
    both = section(zone["polygon"], zone["polygon"])
    steps = [
        step for step in watched(SAMPLES / f"{name}.mp4", both, attention, 2).steps if step.phase.value != "updated"
    ]
    assert [(step.phase.value, step.kind) for step in steps[:3]] == [
        ("opened", true["kind"]),
        ("closed", true["kind"]),
        ("opened", true["kind"]),
    ]
    for played, opened in enumerate(steps[::2]):
        onset = true["from_s"] + played * length_s
        assert onset - EARLIEST_S <= opened.began <= onset + LATEST_S
        assert onset <= opened.time <= onset + DWELL_S + LATEST_S
        assert opened.confidence >= OPEN_FROM
    for played, closed in enumerate(steps[1::2]):
        assert true["to_s"] <= closed.time - played * length_s <= true["to_s"] + HOLD_S + LATEST_S


@pytest.mark.parametrize("attention", MODES)
@pytest.mark.parametrize("name", QUIET_SAMPLES)
def test_a_rendered_road_with_its_queues_stays_quiet(name: str, attention: Attention) -> None:
    steps = watched(SAMPLES / f"{name}.mp4", section(EVERYWHERE, EVERYWHERE), attention).steps
    allowed = 0.0 if attention is Attention.ADAPTIVE else OPEN_FROM  # the dwell is far shorter than the red light
    assert [step for step in steps if step.confidence >= allowed] == []


@pytest.mark.parametrize("attention", MODES)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in QUIET_CLIPS]
)
def test_a_real_street_where_nobody_stands_stays_quiet(name: str, attention: Attention) -> None:
    assert watched(clip(name), section(*QUIET_CLIPS[name]), attention, SHORT.get(name, 1)).steps == ()
