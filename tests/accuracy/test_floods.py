"""A flood on the rendered clip, and none where there is none: rain by night, low sun, real roads in dry weather.

No footage of a real flood seen by a fixed camera may be had, so that a flood is found rests on a rendered one; that
none is made up, and that a dry road is known again, rests on real roads too. All at a minimum duration of 5 s.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.analyze import Attention, analyze
from edge.attention.wish import Wish
from edge.cameras.offline import VideoReader
from edge.config.cameras import CameraSection
from edge.incidents.lifecycle import EpisodeStep, StepPhase
from edge.networks import Networks
from edge.perception.observation import LookKind, ZoneWater
from edge.watching import watch_for
from models.onnx_detector import OnnxDetector
from models.water import WaterModel, WaterSeen
from models.water_network import ScriptedWater, WaterNetwork
from tests.accuracy.footage import DETECTOR, camera, clip

SAMPLES = Path(__file__).parents[2] / "sample_videos"
EVERY_S = 2.0
"""As often as a suspected flood is looked at."""
GLANCE = Wish(LookKind.GLANCE, EVERY_S, water=True)
HOLD_S = 5.0
BEGAN_WITHIN_S = 30.0
GROUND = [[0, 0.4], [1, 0.4], [1, 1], [0, 1]]
"""For clips in which nobody drew a zone: all that may be ground."""
WITH_ZONES = ["dhaka_creeping", "jakarta_flowing", "highway_free", "suburb_parked_cars", "junction_red_light_queue"]
WITHOUT_ZONES = ["cdnet_highway", "street_people", "car_park_top_down", "otvision_truck", "otvision_cyclist"]
SHORT = {"otvision_truck": 5, "otvision_cyclist": 5}
"""Clips of 3 s are played so often in a row."""
LONG = ["jam_builds_up", "junction_red_light_queue", "cdnet_highway"]
RENDERED_DRY = ["night_rain", "red_light", "jam_builds_up", "camera_covered"]


@cache
def shipped() -> WaterModel:
    """The network of water that this version comes with."""
    return WaterModel.load("water")


def dry(_: object) -> WaterSeen:
    """What a network sees that never saw water: the camera's memory is left alone with the road."""
    return WaterSeen(np.zeros((2, 2), np.float32), flood=0.0, above=0.5)


def truth(name: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / f"{name}.json").read_text()))


def video(name: str) -> Path:
    rendered = SAMPLES / f"{name}.mp4"
    return rendered if rendered.is_file() else clip(name)


def section(name: str) -> CameraSection:
    """The camera of a clip, watched for floods only."""
    if name in WITH_ZONES:
        zones = {
            zone: drawn.model_dump() for zone, drawn in camera(name).zones.items() if drawn.kind.value == "roadway"
        }
    elif name in WITHOUT_ZONES:
        zones = {"ground": {"kind": "roadway", "points": GROUND}}
    else:
        zones = {
            zone["name"]: {"kind": "roadway", "points": zone["polygon"]}
            for zone in truth(name)["zones"]
            if zone["kind"] == "roadway"
        }
    flood = {"zones": list(zones), "min_duration": "5s", "hold": f"{HOLD_S:.0f}s"}
    return CameraSection.model_validate({"zones": zones, "incidents": {"flood": flood}})


def glances(name: str, water: WaterNetwork) -> Iterator[tuple[Sequence[ZoneWater], Sequence[EpisodeStep]]]:
    """The clip, glanced at every 2 s."""
    watch = watch_for(name, section(name), Networks(OnnxDetector.load(DETECTOR), water=water))
    for picture in VideoReader(video(name), name, fps=1 / EVERY_S, repeat=SHORT.get(name, 1)):
        observation = watch.look(GLANCE, [picture])
        yield observation.water, watch.judge(observation)


def test_the_rendered_flood_opens_in_time_and_closes() -> None:
    networks = Networks(OnnxDetector.load(DETECTOR), water=shipped())
    analysis = analyze(
        video("flood_rises"), "sample", section("flood_rises"), networks, attention=Attention.ADAPTIVE, repeat=2
    )
    require_the_flood([step for step in analysis.steps if step.phase is not StepPhase.UPDATED][:2])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_rendered_flood_opens_in_time_and_closes_when_every_frame_is_looked_at() -> None:
    networks = Networks(OnnxDetector.load(DETECTOR), water=shipped())
    analysis = analyze(video("flood_rises"), "sample", section("flood_rises"), networks, repeat=2)
    require_the_flood([step for step in analysis.steps if step.phase is not StepPhase.UPDATED][:2])


def require_the_flood(steps: Sequence[EpisodeStep]) -> None:
    (flood,) = truth("flood_rises")["incidents"]
    assert [(step.phase.value, step.kind, step.about) for step in steps] == [
        ("opened", "flood", flood["zone"]),
        ("closed", "flood", flood["zone"]),
    ]
    opened, closed = steps
    assert abs(opened.began - flood["from_s"]) <= BEGAN_WITHIN_S
    assert opened.time <= flood["from_s"] + BEGAN_WITHIN_S
    assert flood["to_s"] <= closed.time <= flood["to_s"] + HOLD_S + 20


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in LONG else [])
        for name in [*RENDERED_DRY, *WITH_ZONES, *WITHOUT_ZONES]
    ],
)
def test_where_no_water_stands_no_flood_is_opened(name: str) -> None:
    water = shipped()
    steps = [step for _, taken in glances(name, water) for step in taken]
    assert steps == []


@pytest.mark.parametrize("name", ["highway_free", "suburb_parked_cars", "car_park_top_down", "cdnet_highway"])
def test_a_dry_road_is_known_again_whoever_drives_on_it(name: str) -> None:
    changed = [
        zone.changed for seen, _ in glances(name, ScriptedWater(dry)) for zone in seen if zone.changed is not None
    ]
    assert changed, "nothing was ever remembered"
    assert np.median(changed) < 0.2  # edges of vehicles and their shadows, where boxes are tight
    assert max(changed) < 0.35  # a flood is confirmed from 0.6


def test_a_road_under_water_is_not_known_again_and_a_wet_one_mostly_is() -> None:
    """The memory alone, taught by the dry quarter minute before the rain."""
    frames = {frame["time_s"]: frame for frame in truth("flood_rises")["frames"]}
    times: Iterator[float] = iter(np.arange(0.0, 60.0, EVERY_S).tolist())
    now = [0.0]

    def until_it_rains(_: object) -> WaterSeen:
        now[0] = next(times)
        return WaterSeen(np.zeros((2, 2), np.float32), flood=0.0 if now[0] < 16 else 1.0, above=0.5)

    known: list[tuple[dict[str, Any], float]] = []
    for (zone,), _ in glances("flood_rises", ScriptedWater(until_it_rains)):
        if zone.changed is not None:
            known.append((frames[now[0]]["zones"]["jalan"]["water"], zone.changed))
    deep = [changed for water, changed in known if water["mean_cm"] >= 3]
    without = [changed for water, changed in known if water["share"] == 0]
    assert len(deep) >= 10
    assert without
    assert min(deep) > 0.7
    assert max(without) < 0.5
