"""Jam or no jam on real footage, zones drawn by hand, no calibration.

The clips are short, so most are judged at a minimum duration of 5 s; the long ones play a clip again and again as one
stream at the durations a city would use.
"""

import pytest

from edge.analyze import Attention
from tests.accuracy.footage import look_at, opened

JAMS: dict[str, set[str]] = {
    "dhaka_creeping": {"outbound", "inbound"},
    "jakarta_flowing": set(),
    "highway_free": set(),
    "suburb_parked_cars": set(),
}


@pytest.mark.parametrize("name", JAMS)
def test_a_box_with_time_to_spare_decides_right(name: str) -> None:
    assert set(opened(look_at(name, Attention.ADAPTIVE))) == JAMS[name]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", JAMS)
def test_every_frame_looked_at_decides_right(name: str) -> None:
    assert set(opened(look_at(name, Attention.FULL))) == JAMS[name]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("attention", list(Attention))
def test_a_red_light_queue_is_no_jam(attention: Attention) -> None:
    assert opened(look_at("junction_red_light_queue", attention, 3, 40)) == {}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("attention", list(Attention))
def test_a_jam_of_minutes_opens_once_on_both_carriageways_at_the_default_duration(attention: Attention) -> None:
    analysis = look_at("dhaka_creeping", attention, 10, 120)
    assert set(opened(analysis)) == {"outbound", "inbound"}
    assert [step.phase.value for step in analysis.steps].count("opened") == 2
    assert all(120 <= time <= 160 for time in opened(analysis).values())


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("attention", list(Attention))
def test_minutes_of_dense_flow_are_no_jam_at_the_default_duration(attention: Attention) -> None:
    assert opened(look_at("jakarta_flowing", attention, 10, 120)) == {}


def test_the_same_footage_gives_the_same_steps() -> None:
    first = look_at("highway_free", Attention.ADAPTIVE)
    look_at.cache_clear()
    assert look_at("highway_free", Attention.ADAPTIVE).steps == first.steps
