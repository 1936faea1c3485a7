"""What is a flood and what is none, as observations of an hour of weather."""

import time as clock
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from contract.events import Measures
from edge.attention.wish import Wish
from edge.incidents.flood import FloodRule, FloodSettings, judge
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, Subject, step
from edge.perception.observation import LookKind, Observation, ZoneWater
from models.detections import Detections
from models.detector import STREET_CLASSES

SETTINGS = FloodSettings(zones=("road",))
NOTHING = Detections.empty(STREET_CLASSES)
IDLE = EpisodeState()
SUSPECTED = EpisodeState(Stage.SUSPECTED, 1000.0, 1000.0)
OPEN = EpisodeState(Stage.CONFIRMED, 1000.0, 1000.0, "an episode", 1)


def water(share: float, flood: float = 0.9, confirmed: float | None = None, **other: float) -> ZoneWater:
    return ZoneWater("road", share, flood, confirmed=confirmed, **other)


def look(seen: ZoneWater | None, time: float = 1000.0) -> Observation:
    return Observation("north", LookKind.GLANCE, time, time, NOTHING, water=() if seen is None else (seen,))


def episodes(seen: Iterable[tuple[float, ZoneWater]], settings: FloodSettings = SETTINGS) -> list[EpisodeStep]:
    state, steps = EpisodeState(), []
    for time, measured in seen:
        verdict = judge(look(measured, time), "road", settings, state)
        state, made = step(Subject("north", "flood", "road"), state, verdict, time, settings.timing)
        steps += made
    return steps


def phases(steps: list[EpisodeStep]) -> list[str]:
    return [made.phase.value for made in steps if made.phase.value != "updated"]


def every(seconds: float, minutes: float, at: Callable[[float], ZoneWater]) -> Iterable[tuple[float, ZoneWater]]:
    return ((1000.0 + time, at(time)) for time in np.arange(0, 60 * minutes, seconds).tolist())


@pytest.mark.parametrize(
    ("seen", "state", "present"),
    [
        pytest.param(water(0.6), IDLE, True, id="a new camera: the network alone"),
        pytest.param(water(0.6, confirmed=0.9), IDLE, True, id="network and memory agree"),
        pytest.param(water(0.6, confirmed=0.6), IDLE, True, id="enough of the water is confirmed"),
        pytest.param(water(0.6, confirmed=0.4), IDLE, False, id="wet asphalt: markings are where they were"),
        pytest.param(water(1.0, confirmed=0.2), IDLE, False, id="reflections all over a road that looks as when dry"),
        pytest.param(water(0.05, confirmed=0.9), IDLE, False, id="a changed road without water: night, snow, a market"),
        pytest.param(water(0.29), IDLE, False, id="a puddle"),
        pytest.param(water(0.6, flood=0.49), IDLE, False, id="the view as a whole shows no flood"),
        pytest.param(water(0.25, flood=0.4), SUSPECTED, False, id="a suspicion must prove itself"),
        pytest.param(water(0.25, flood=0.4), OPEN, True, id="an open episode stays until it is clearly over"),
        pytest.param(water(0.2), OPEN, False, id="clearly over"),
        pytest.param(water(0.6, confirmed=0.4), OPEN, False, id="over: it looks as when dry again"),
        pytest.param(water(0.6, visible=0.4), IDLE, None, id="strips between dense traffic, never seen dry"),
        pytest.param(water(0.6, confirmed=0.9, visible=0.4), IDLE, True, id="strips between dense traffic, remembered"),
        pytest.param(water(0.6, confirmed=0.9, visible=0.1), IDLE, None, id="a lorry fills the zone"),
        pytest.param(water(0.0, visible=0.1), OPEN, None, id="a lorry fills the flooded zone"),
        pytest.param(None, IDLE, None, id="a look without water"),
    ],
)
def test_one_look(seen: ZoneWater | None, state: EpisodeState, present: bool | None) -> None:
    verdict = judge(look(seen), "road", SETTINGS, state)
    assert (verdict.present if verdict else None) is present


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (water(0.62, confirmed=0.91), "Water over 62 % of the zone; 91 % of it no longer looks as when dry"),
        (water(0.62), "Water over 62 % of the zone; how it looks when dry is not known yet"),
        (
            water(0.62, confirmed=0.91, depth_cm=30.0),
            "Water over 62 % of the zone, at least 30 cm deep; 91 % of it no longer looks as when dry",
        ),
        (water(0.62, confirmed=0.1), "Water over 62 % of the zone, but 90 % of it looks as when dry"),
        (water(0.62, 0.31), "Water over 62 % of the zone, but the view as a whole shows no flood (probability 0.31)"),
        (water(0.1), "Water over 10 % of the zone"),
        (water(0.1, confirmed=0.0, visible=0.4), "Water over 10 % of the zone, of which 40 % can be seen"),
    ],
)
def test_the_reason_can_be_checked_against_the_picture(seen: ZoneWater, reason: str) -> None:
    verdict = judge(look(seen), "road", SETTINGS)
    assert verdict is not None
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("depth_cm", "name"),
    [(None, None), (0, "0-10 cm"), (10, "10-30 cm"), (29, "10-30 cm"), (30, "30-70 cm"), (149, "70-150 cm"),
     (150, ">150 cm"), (400, ">150 cm")],
)  # fmt: skip
def test_the_measures_travel(depth_cm: float | None, name: str | None) -> None:
    verdict = judge(look(ZoneWater("road", 0.61234, 0.9, depth_cm=depth_cm)), "road", SETTINGS)
    assert verdict is not None
    told = Measures.model_validate(verdict.measures)
    assert (told.water_share, told.depth_class) == (0.6123, name)


def test_depth_classes_are_the_citys() -> None:
    ankle = FloodSettings(zones=("road",), depth_classes_cm=(20.0,))
    verdict = judge(look(water(0.6, depth_cm=25.0)), "road", ankle)
    assert verdict is not None
    assert verdict.measures["depth_class"] == ">20 cm"


@pytest.mark.parametrize(
    ("seen", "lasted_s", "severity"),
    [
        (water(0.4), 0, 1),
        (water(0.8), 0, 2),
        (water(0.4, depth_cm=15.0), 0, 1),
        (water(0.4, depth_cm=30.0), 0, 2),
        (water(0.8, depth_cm=30.0), 0, 3),
        (water(0.8, depth_cm=70.0), 0, 4),
        (water(0.4), 1800, 2),
        (water(0.8, depth_cm=200.0), 7200, 4),
    ],
)
def test_severity_grows_with_share_depth_and_time(seen: ZoneWater, lasted_s: float, severity: int) -> None:
    verdict = judge(look(seen, OPEN.since + lasted_s), "road", SETTINGS, OPEN)
    assert verdict is not None
    assert verdict.severity == severity


def test_confidence_grows_with_both_witnesses() -> None:
    def confidence(seen: ZoneWater) -> float:
        verdict = judge(look(seen), "road", SETTINGS)
        assert verdict is not None
        assert verdict.present
        return verdict.confidence

    at_threshold, alone = confidence(water(0.3, 0.5)), confidence(water(0.9, 0.9))
    half, agreed = confidence(water(0.9, 0.9, 0.6)), confidence(water(0.9, 0.9, 1.0))
    assert at_threshold < alone < half < agreed == 0.95


def test_a_flood_opens_after_its_duration_and_closes_after_its_hold() -> None:
    def rain(time: float) -> ZoneWater:
        return water(0.7, confirmed=0.9) if 600 <= time < 2400 else water(0.02, 0.1, 0.1)

    steps = episodes(every(5, 60, rain))
    assert phases(steps) == ["opened", "closed"]
    assert steps[0].began == 1600
    assert steps[0].time == pytest.approx(1600 + SETTINGS.min_duration_s, abs=5)
    assert steps[-1].time == pytest.approx(3400 + SETTINGS.hold_s, abs=15)


RANDOM = np.random.default_rng(4)
QUIET: dict[str, Callable[[float], ZoneWater]] = {
    "wet asphalt": lambda time: water(0.5, 0.6, RANDOM.uniform(0, 0.59)),
    "reflections by night, never seen dry": lambda time: water(RANDOM.uniform(0.3, 0.8), RANDOM.uniform(0.1, 0.49)),
    "a network that flickers": lambda time: water(0.9) if RANDOM.random() < 0.25 else water(0.0, 0.1),
    "a bus throws up a wave every two minutes": lambda time: water(0.9 if time % 120 < 10 else 0.1),
    "a lorry parks before a puddle": lambda time: water(1.0, visible=0.1) if time > 300 else water(0.1, 0.2),
    "puddles that come and go": lambda time: water(0.2 + 0.09 * np.sin(time / 60)),
}


@pytest.mark.parametrize("what", QUIET)
def test_an_hour_stays_quiet_and_takes_no_time(what: str) -> None:
    before = clock.process_time()
    assert episodes(every(2, 60, QUIET[what])) == []
    assert clock.process_time() - before < 1


def test_noise_around_the_thresholds_does_not_flap() -> None:
    def wavering(_: float) -> ZoneWater:
        return water(float(np.clip(RANDOM.normal(0.31, 0.05), 0, 1)), float(np.clip(RANDOM.normal(0.55, 0.08), 0, 1)))

    assert len(phases(episodes(every(2, 60, wavering)))) <= 1


def test_a_lorry_before_a_flood_does_not_close_it() -> None:
    def seen(time: float) -> ZoneWater:
        return water(0.0, 0.3, visible=0.05) if time > 600 else water(0.8)

    assert phases(episodes(every(5, 60, seen))) == ["opened"]


@pytest.mark.parametrize(
    ("state", "after_s"),
    [
        pytest.param(IDLE, 10, id="idle"),
        pytest.param(SUSPECTED, 2, id="suspected"),
        pytest.param(OPEN, 5, id="confirmed"),
        pytest.param(EpisodeState(Stage.CONFIRMED, 1.0, 1.0, "x", 1, gone=990.0), 2, id="fading"),
        pytest.param(EpisodeState(Stage.CLEARING, 1.0, 1.0, "x", 1, gone=990.0), 5, id="clearing"),
    ],
)
def test_it_looks_sooner_the_more_is_at_stake(state: EpisodeState, after_s: float) -> None:
    assert FloodRule(SETTINGS).wish(1000.0, {"road": state}) == Wish(LookKind.GLANCE, after_s, water=True)


def test_the_zone_with_most_at_stake_decides() -> None:
    rule = FloodRule(FloodSettings(zones=("road", "lane")))
    assert rule.wish(1000.0, {"road": IDLE, "lane": OPEN}).after_s == 5


def test_it_judges_every_zone_that_was_seen() -> None:
    rule = FloodRule(FloodSettings(zones=("road", "lane", "yard")))
    seen = Observation(
        "north", LookKind.GLANCE, 0, 0, NOTHING, water=(ZoneWater("road", 0.9, 0.9), ZoneWater("lane", 0.0, 0.9))
    )
    verdicts = rule.judge(seen, dict.fromkeys(rule.about, IDLE))
    assert {zone: verdict.present for zone, verdict in verdicts.items()} == {"road": True, "lane": False}
