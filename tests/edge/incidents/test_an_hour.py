"""An hour of a busy street through each rule: logic alone, without a network."""

import pickle
import time as clock
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from edge.incidents.camera_fault import CameraFaultRule, CameraFaultSettings
from edge.incidents.flood import FloodRule, FloodSettings
from edge.incidents.jam import JamRule, JamSettings
from edge.incidents.offline import OfflineRule
from edge.incidents.parking import ParkingRule, ParkingSettings
from edge.incidents.rule import Rule
from edge.incidents.vending import VendingRule, VendingSettings
from edge.perception.observation import Observation, PictureQuality, Track, ZoneTraffic, ZoneWater
from edge.perception.zone import Zone
from tests.edge.incidents.standing import Thing, phases, seen, told

ROAD = Zone("road", ((0.0, 0.3), (0.5, 0.3), (0.5, 1.0), (0.0, 1.0)))
SIDE = Zone("side", ((0.5, 0.3), (1.0, 0.3), (1.0, 1.0), (0.5, 1.0)))
RULES: dict[str, Callable[[], Rule]] = {
    "jam": lambda: JamRule(JamSettings(zones=("road",))),
    "flood": lambda: FloodRule(FloodSettings(zones=("road",))),
    "vending": lambda: VendingRule(VendingSettings(zones=(SIDE,))),
    "parking": lambda: ParkingRule(ParkingSettings(zones=(SIDE,), roads=(ROAD,))),
    "camera fault": lambda: CameraFaultRule(CameraFaultSettings()),
    "offline": OfflineRule,
}
SOUND = PictureQuality(0.4, 0.2, 0.95, sharpness=1.0, alike=0.95, kept_share=0.95, lost_share=0.02, covered_share=0.0,
                       shift_share=0.0, roll_deg=0.0)  # fmt: skip
NOISE = np.random.default_rng(23)


def _things(time: float) -> list[Thing]:
    """A lorry and a cart with its seller, both for twenty minutes of the hour, and a stream that drives past them."""
    passing: list[Thing] = [
        ("car", (x, 150 + 20 * n, x + 60, 190 + 20 * n)) for n, x in enumerate(NOISE.uniform(0, 260, 5).tolist())
    ]
    standing: list[Thing] = [
        ("truck", (350, 150, 430, 230)), ("vendor", (500, 150, 560, 220)), ("person", (565, 160, 583, 215)),
    ]  # fmt: skip
    return [*passing, *(standing if 1200 <= time < 2400 else [])]


def _look(time: float) -> Observation:
    """Now and then a stare, as in a box that suspects a jam; a flood and a knocked camera in their minutes."""
    stare = time % 10 == 0
    track = Track("car", 0.9, (230, 80, 300, 145), 8, time - 2, time, (0.0, -160.0), 2.0)
    slow = 600 <= time < 1500
    traffic = ZoneTraffic("road", 0.5 if slow else 0.1, 8, 0.1 if slow else 2.0, followed_share=1.0)
    water = ZoneWater("road", 0.8 if 1800 <= time < 3000 else 0.02, 0.7, 0.9, 0.9)
    turned = replace(SOUND, shift_share=0.3, kept_share=0.05, lost_share=0.9)
    observation = seen(time, _things(time), tracks=[track] if stare else (), traffic=[traffic] if stare else ())
    return replace(observation, water=(water,), quality=turned if 300 <= time < 500 else SOUND)


EVERY_S = dict.fromkeys(RULES, 2) | {"vending": 5, "parking": 5}
"""Standing things are asked for every 15 s; a jam suspected beside them brings more looks."""


@pytest.mark.parametrize("kind", RULES)
def test_an_hour_takes_less_than_a_second_and_memory_stays_flat(kind: str) -> None:
    hour = [_look(time) for time in range(0, 3600, EVERY_S[kind])]
    sixth = len(hour) // 6
    rule = RULES[kind]()
    began = clock.process_time()
    steps, states = told(rule, hour[:sixth])
    early = len(pickle.dumps(rule))
    later, _ = told(rule, hour[sixth:], states)
    assert clock.process_time() - began < 1
    assert len(pickle.dumps(rule)) < 1.2 * early + 1000
    assert phases([*steps, *later]) == ([] if kind == "offline" else ["opened", "closed"])
