"""While a camera is blind its other kinds wait, and a camera that sends nothing is judged all the same."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from contract.kinds import IncidentKind
from edge.attention.wish import Wish
from edge.cameras.ring import PacketRing
from edge.cameras.session import CameraSession
from edge.config.cameras import CameraSection
from edge.incidents.camera_fault import CameraFaultRule, CameraFaultSettings
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Timing
from edge.incidents.offline import OfflineRule
from edge.incidents.rule import Silence, States
from edge.incidents.verdict import Verdict
from edge.live import HEAR_EVERY_S, LiveCamera
from edge.networks import Networks
from edge.perception.eyes import Eyes
from edge.perception.observation import LookKind, Observation, PictureQuality
from edge.perception.perceive import Perception
from edge.watch import CameraWatch
from edge.watching import watch_for
from models.detections import Detections
from models.detector import STREET_CLASSES
from tests.edge.street import detector

SOUND = PictureQuality(
    brightness=0.4, contrast=0.2, lit_share=0.95, sharpness=1.0, alike=0.95, kept_share=0.95, lost_share=0.02,
    covered_share=0.0, shift_share=0.0, roll_deg=0.0,
)  # fmt: skip
TURNED = replace(SOUND, kept_share=0.05, lost_share=0.8, shift_share=0.2, sharpness=None)
BLACK = PictureQuality(brightness=0.01, contrast=0.01, lit_share=0.0)


class Scripted:
    """A kind that sees what the test says, and counts how often it was asked."""

    kind = IncidentKind.JAM
    about = ("road",)
    timing = Timing(min_duration_s=4, hold_s=4)

    def __init__(self) -> None:
        self.present, self.asked = True, 0

    def judge(self, observation: Observation, states: States) -> Mapping[str, Verdict]:
        self.asked += 1
        return {"road": Verdict(self.present, 2, 0.9, "Scripted")}

    def wish(self, now: float, states: States) -> Wish | None:
        return None


def watch(states: Mapping[tuple[str, str], EpisodeState] | None = None) -> tuple[CameraWatch, Scripted]:
    scripted = Scripted()
    faults = CameraFaultRule(CameraFaultSettings(min_duration_s=4, hold_s=4))
    eyes = Eyes(Perception("north", [], detector()))
    return CameraWatch("north", eyes, [scripted, OfflineRule(60, 4), faults], states), scripted


def look(watching: CameraWatch, time: float, quality: PictureQuality | None) -> list[EpisodeStep]:
    seen = Observation("north", LookKind.GLANCE, time, time, Detections.empty(STREET_CLASSES), quality=quality)
    return watching.judge(seen)


def play(watching: CameraWatch, since: int, until: int, quality: PictureQuality | None) -> list[tuple[str, str]]:
    steps = [step for time in range(since, until) for step in look(watching, float(time), quality)]
    return [(step.phase.value, step.about) for step in steps if step.phase.value != "updated"]


@pytest.mark.parametrize("ailing", [TURNED, BLACK], ids=["turned", "black"])
def test_while_the_camera_is_blind_other_kinds_neither_open_nor_close(ailing: PictureQuality) -> None:
    watching, scripted = watch()
    assert play(watching, 0, 3, ailing) == []
    assert scripted.asked == 0
    (opened,) = play(watching, 3, 20, ailing)
    assert opened[0] == "opened"
    assert opened[1] in {"moved", "dark"}
    assert scripted.asked == 0


def test_an_open_episode_of_another_kind_survives_the_blindness() -> None:
    watching, scripted = watch()
    assert play(watching, 0, 10, SOUND) == [("opened", "road")]
    scripted.present = False
    assert play(watching, 10, 60, TURNED) == [("opened", "moved")]
    assert set(play(watching, 60, 80, SOUND)) == {("closed", "moved"), ("closed", "road")}


def test_a_look_that_cannot_tell_does_not_end_the_blindness() -> None:
    watching, scripted = watch()
    play(watching, 0, 10, TURNED)
    cannot_tell = replace(SOUND, shift_share=None, roll_deg=None, kept_share=0.3, lost_share=0.4)
    play(watching, 10, 20, cannot_tell)
    assert scripted.asked == 0


def test_while_an_episode_only_fades_the_others_are_judged_again() -> None:
    watching, scripted = watch()
    play(watching, 0, 10, TURNED)
    play(watching, 10, 14, SOUND)
    assert watching.states["camera_fault", "moved"].open
    assert scripted.asked > 0


def test_nobody_is_blind_where_nobody_looks_at_the_picture() -> None:
    watching, scripted = watch()
    play(watching, 0, 3, None)
    assert scripted.asked == 3


def test_a_silence_opens_offline_and_blinds_until_looks_have_come_again() -> None:
    watching, scripted = watch()
    play(watching, 0, 2, SOUND)
    steps = [step for time in range(60, 80, 2) for step in watching.hear(Silence(float(time), time - 1.0, "stalled"))]
    assert [(step.phase.value, step.about, step.began) for step in steps] == [("opened", "offline", 1.0)]
    asked = scripted.asked
    assert ("closed", "offline") in play(watching, 100, 110, SOUND)
    assert scripted.asked > asked


SECTION = {
    "zones": {"road": {"kind": "roadway", "points": [[0, 0.2], [1, 0.2], [1, 1], [0, 1]]}},
    "incidents": {"camera_fault": {"min_duration": "5s", "ignore": ["moved"]}},
}


def test_the_configuration_says_which_faults_are_looked_for() -> None:
    section = CameraSection.model_validate(SECTION)
    watching = watch_for("north", section, Networks(detector()))
    assert {about for _, about in watching.states} == {"dark", "frozen", "covered", "defocused", "offline"}
    only_offline = {"incidents": {"camera_fault": {"ignore": ["dark", "frozen", "covered", "defocused", "moved"]}}}
    watching = watch_for("north", CameraSection.model_validate(only_offline), Networks(detector()))
    assert set(watching.states) == {("camera_fault", "offline")}


def test_a_live_camera_hears_its_own_silence_whatever_the_clock_does() -> None:
    def never() -> None:
        raise AssertionError("nobody connects here")

    uptime = [0.0]
    session = CameraSession(PacketRing("north"), never, clock=lambda: 0.0)
    section = CameraSection.model_validate(SECTION)
    watching = watch_for("north", section, Networks(detector()))
    camera = LiveCamera("north", section, session, watching, uptime=lambda: uptime[0])
    steps: list[EpisodeStep] = []
    for number in range(60):
        uptime[0] = number * 0.5
        jumped = 1.7e9 if number > 20 else 0.0
        assert camera.look() is None
        steps += camera.hear(jumped + uptime[0])
    assert steps == [], "30 s without a picture, whatever the clock says"
    for number in range(60, 160):
        uptime[0] = number * 0.5
        steps += camera.hear(1.7e9 + uptime[0])
    (opened,) = steps
    assert opened.began == 1.7e9
    assert opened.reason.startswith("No picture for")
    assert opened.reason.endswith("connecting for the first time")
    assert opened.time - opened.began <= 60 + 3 * HEAR_EVERY_S
