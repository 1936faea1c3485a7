"""What is a jam and what is none, as observations of minutes of traffic."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest

from contract.events import Measures
from edge.incidents.jam import JamSettings, judge
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, Subject, step
from edge.perception.observation import LookKind, Observation, ZoneTraffic
from models.detections import Detections
from models.detector import STREET_CLASSES

SETTINGS = JamSettings(zones=("road",))
NOTHING = Detections.empty(STREET_CLASSES)


def traffic(occupancy: float, speed: float | None, vehicles: float = 10, **other: float) -> ZoneTraffic:
    values: dict[str, float] = {"followed_share": 1.0 if speed is not None else 0.0, "queue_share": 0.5, **other}
    return ZoneTraffic("road", occupancy, vehicles, speed, **values)


def look(seen: ZoneTraffic, time: float = 1000.0, kind: LookKind = LookKind.STARE) -> Observation:
    return Observation("north", kind, time - 2, time, NOTHING, traffic=(seen,))


def episodes(settings: JamSettings, seen: Iterable[tuple[float, ZoneTraffic]]) -> list[EpisodeStep]:
    state, steps = EpisodeState(), []
    for time, measured in seen:
        verdict = judge(look(measured, time), "road", settings, state)
        state, made = step(Subject("north", "jam", "road"), state, verdict, time, settings.timing, since=time - 2)
        steps += made
    return steps


def phases(steps: list[EpisodeStep]) -> list[str]:
    return [made.phase.value for made in steps if made.phase.value != "updated"]


def every_two_seconds(minutes: float, at: Callable[[float], ZoneTraffic]) -> Iterable[tuple[float, ZoneTraffic]]:
    return ((1000.0 + time, at(time)) for time in np.arange(0, 60 * minutes, 2.0).tolist())


@pytest.mark.parametrize(
    ("seen", "present"),
    [
        pytest.param(traffic(0.5, 0.1), True, id="dense and slow"),
        pytest.param(traffic(0.5, 0.0), True, id="all standing"),
        pytest.param(traffic(0.5, 1.5), False, id="dense but flowing"),
        pytest.param(traffic(0.1, 0.1), False, id="few and slow"),
        pytest.param(traffic(0.0, None, vehicles=0), False, id="empty road"),
        pytest.param(traffic(0.5, 0.0, vehicles=1), False, id="one broken-down bus"),
        pytest.param(traffic(0.5, None), None, id="dense, speed unknown"),
        pytest.param(traffic(0.5, 0.1, followed_share=0.3), None, id="dense, most speeds unknown"),
    ],
)
def test_one_stare(seen: ZoneTraffic, present: bool | None) -> None:
    verdict = judge(look(seen), "road", SETTINGS)
    assert (verdict.present if verdict else None) is present


def test_a_glance_can_only_say_that_there_is_no_jam() -> None:
    assert judge(look(traffic(0.6, None), kind=LookKind.GLANCE), "road", SETTINGS) is None
    verdict = judge(look(traffic(0.05, None), kind=LookKind.GLANCE), "road", SETTINGS)
    assert verdict is not None
    assert not verdict.present


def test_a_look_that_could_not_tell_gives_no_verdict() -> None:
    blind = Observation("north", LookKind.STARE, 0, 2, NOTHING, cut=True)
    assert judge(blind, "road", SETTINGS) is None


def test_kilometres_an_hour_decide_where_the_camera_is_calibrated() -> None:
    fast = traffic(0.5, 0.1, speed_kmh=30)
    verdict = judge(look(fast), "road", SETTINGS)
    assert verdict is not None
    assert not verdict.present
    slow = judge(look(traffic(0.5, 5.0, speed_kmh=4)), "road", SETTINGS)
    assert slow is not None
    assert slow.present
    assert "4.0 km/h" in slow.reason


def test_the_reason_can_be_checked_against_the_picture_and_the_measures_travel() -> None:
    verdict = judge(look(traffic(0.38, 0.2, vehicles=9)), "road", SETTINGS)
    assert verdict is not None
    assert verdict.reason == "Mean speed 0.2 vehicle lengths/s over 2 s, 38 % of the zone occupied by 9 vehicles"
    assert Measures.model_validate(verdict.measures).vehicles == 9


SUSPECTED = EpisodeState(Stage.SUSPECTED, since=900.0, began=900.0)
OPEN = replace(SUSPECTED, stage=Stage.CONFIRMED, episode="here", severity=1)


@pytest.mark.parametrize(
    ("occupancy", "speed", "idle", "suspected", "opened"),
    [
        (0.3, 0.5, True, True, True),
        (0.22, 0.7, False, True, True),
        (0.3, 0.8, False, False, True),
        (0.3, 0.95, False, False, False),
    ],
)
def test_a_jam_once_suspected_or_open_stays_one_until_it_is_clearly_over(
    occupancy: float, speed: float, idle: bool, suspected: bool, opened: bool
) -> None:
    seen = look(traffic(occupancy, speed))
    for state, present in ((EpisodeState(), idle), (SUSPECTED, suspected), (OPEN, opened)):
        verdict = judge(seen, "road", SETTINGS, state)
        assert verdict is not None
        assert verdict.present is present


@pytest.mark.parametrize(("occupancy", "speed", "opens"), [(0.3, 0.5, True), (0.22, 0.5, False), (0.3, 0.7, True)])
def test_what_only_keeps_a_suspicion_alive_opens_no_episode(occupancy: float, speed: float, opens: bool) -> None:
    verdict = judge(look(traffic(occupancy, speed)), "road", SETTINGS, SUSPECTED)
    assert verdict is not None
    assert (verdict.present, verdict.opens) == (True, opens)


def test_a_queue_that_dissolves_as_its_time_comes_is_no_jam() -> None:
    def dissolving(time: float) -> ZoneTraffic:
        return traffic(0.5, 0.1) if time < 110 else traffic(0.21, 0.1) if time < 140 else traffic(0.1, 1.5)

    assert episodes(SETTINGS, every_two_seconds(5, dissolving)) == []


def test_severity_grows_with_the_queue_and_with_time() -> None:
    def severity(seen: ZoneTraffic, began: float) -> int:
        verdict = judge(look(seen), "road", SETTINGS, replace(OPEN, began=began))
        assert verdict is not None
        return verdict.severity

    assert severity(traffic(0.3, 0.5, queue_share=0.3), 900.0) == 1
    assert severity(traffic(0.5, 0.5, queue_share=0.9), 900.0) == 2
    assert severity(traffic(0.5, 0.0, queue_share=0.9), 900.0) == 3
    assert severity(traffic(0.5, 0.0, queue_share=0.9), 0.0) == 4


def test_a_box_that_looks_too_seldom_does_not_take_red_phases_for_a_jam() -> None:
    red_only = [(40.0 * cycle, traffic(0.5, 0.02)) for cycle in range(10)]
    assert episodes(SETTINGS, red_only) == []
    assert episodes(SETTINGS, [(15.0 * look, traffic(0.5, 0.02)) for look in range(10)]) != []


@pytest.mark.parametrize("every_s", [5.0, 6.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0, 19.0])
def test_a_busy_box_does_not_take_a_majority_of_red_looks_for_a_jam(every_s: float) -> None:
    """A red phase of 22 s in a cycle of 40 s, looked at now and then."""
    settings = JamSettings(zones=("road",), min_duration_s=60.0)

    def light(time: float) -> ZoneTraffic:
        return traffic(0.5, 0.02 if time % 40 < 22 else 2.0)

    for first in range(0, 40, 4):
        seen = [(first + every_s * look, light(first + every_s * look)) for look in range(int(1200 / every_s))]
        assert episodes(settings, seen) == []


@pytest.mark.parametrize("seed", range(20))
def test_a_queue_that_a_green_light_has_just_set_in_motion_is_no_jam(seed: int) -> None:
    """Speeds as at the demo's light; looks as far apart as on a box that shares its two cores."""
    settings = JamSettings(zones=("road",), min_duration_s=60.0)
    dice = np.random.default_rng(seed)

    def light(time: float) -> ZoneTraffic:
        green_s = time % 40 - 22
        return traffic(0.5, 0.03) if green_s < 0 else traffic(0.35, min(0.2 + green_s / 16, 1.3))

    for least_s, most_s in ((2, 2.2), (2, 4), (4, 5), (5, 5.5), (5, 9), (4, 14)):
        times = 1000.0 + np.cumsum(dice.uniform(least_s, most_s, 300))
        assert episodes(settings, [(time, light(time)) for time in times.tolist()]) == []


def test_a_calibrated_camera_tells_the_queue_in_metres_and_how_long_it_has_been_slow() -> None:
    seen = look(traffic(0.5, 0.3, speed_kmh=5.0, queue_m=84.6), time=130)
    verdict = judge(seen, "road", SETTINGS, replace(OPEN, began=10.0))
    assert verdict is not None
    assert verdict.reason.endswith("vehicles, queue 85 m; slow for 120 s")
    assert verdict.measures["queue_m"] == 84.6


@pytest.mark.parametrize("red_s", [40, 60, 80, 100])
@pytest.mark.parametrize("green_s", [20, 40])
def test_a_red_light_queue_that_discharges_stays_quiet(red_s: int, green_s: int) -> None:
    def queue(time: float) -> ZoneTraffic:
        phase = time % (red_s + green_s)
        if phase < red_s:
            return traffic(min(0.1 + phase / 60, 0.6), 0.02)
        return traffic(max(0.6 - (phase - red_s) / 30, 0.1), min(0.2 + (phase - red_s) / 5, 3.0))

    assert episodes(SETTINGS, every_two_seconds(20, queue)) == []


def test_a_jam_behind_the_same_light_opens() -> None:
    def creep(time: float) -> ZoneTraffic:
        return traffic(0.6, 0.5 if time % 100 > 80 else 0.05)

    steps = episodes(SETTINGS, every_two_seconds(5, creep))
    assert phases(steps) == ["opened"]
    assert steps[0].began == pytest.approx(998)


def test_a_jam_that_clears_closes_and_opens_no_second_time() -> None:
    def jam(time: float) -> ZoneTraffic:
        return traffic(0.6, 0.1) if 120 <= time < 600 else traffic(0.2, 2.0)

    steps = episodes(SETTINGS, every_two_seconds(20, jam))
    assert phases(steps) == ["opened", "closed"]
    assert steps[0].began == pytest.approx(1118)
    assert steps[-1].time == pytest.approx(1600 + SETTINGS.hold_s, abs=4)


def test_noise_around_the_thresholds_does_not_flap() -> None:
    noise = np.random.default_rng(7)

    def wavering(_: float) -> ZoneTraffic:
        return traffic(0.3 + noise.normal(0, 0.03), max(0.55 + noise.normal(0, 0.12), 0))

    assert len(phases(episodes(SETTINGS, every_two_seconds(30, wavering)))) <= 1
