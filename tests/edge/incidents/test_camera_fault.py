"""Which fault a picture shows, from its quality alone; and what becomes of an hour of them."""

import time as wall
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace

import pytest

from contract.events import Measures
from contract.kinds import CameraFault
from edge.incidents.camera_fault import CameraFaultRule, CameraFaultSettings, judge, turned
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, Subject, step
from edge.perception.observation import LookKind, Observation, PictureQuality
from models.detections import Detections
from models.detector import STREET_CLASSES

DARK, FROZEN, COVERED = CameraFault.DARK, CameraFault.FROZEN, CameraFault.COVERED
DEFOCUSED, MOVED = CameraFault.DEFOCUSED, CameraFault.MOVED
DEFAULTS = CameraFaultSettings()
NOTHING = Detections.empty(STREET_CLASSES)
SOUND = PictureQuality(
    brightness=0.4, contrast=0.2, lit_share=0.95, sharpness=1.0, alike=0.95, kept_share=0.95, lost_share=0.02,
    covered_share=0.0, shift_share=0.0, roll_deg=0.0,
)  # fmt: skip
UNKNOWN = PictureQuality(brightness=0.4, contrast=0.2, lit_share=0.95)


def quality(**other: float | None) -> PictureQuality:
    return replace(SOUND, **other)


BLACK = quality(brightness=0.01, lit_share=0.01, kept_share=0.0, lost_share=1.0, covered_share=0.9, sharpness=None,
                shift_share=None, roll_deg=None)  # fmt: skip
HIDDEN = quality(kept_share=0.35, lost_share=0.6, covered_share=0.55)
TURNED = quality(kept_share=0.03, lost_share=0.85, covered_share=0.17, sharpness=None, shift_share=0.29, alike=0.03)

CASES = [
    pytest.param(SOUND, None, id="as usual"),
    pytest.param(UNKNOWN, None, id="nothing known yet"),
    pytest.param(BLACK, DARK, id="black"),
    pytest.param(replace(UNKNOWN, brightness=0.01, lit_share=0.01), DARK, id="black from the start"),
    pytest.param(quality(brightness=0.05, lit_share=0.1), None, id="night under a few lamps"),
    pytest.param(quality(frozen_s=20), FROZEN, id="the same picture for 20 s"),
    pytest.param(quality(frozen_s=0, still_s=200), None, id="an empty street at night"),
    pytest.param(quality(still_s=400), FROZEN, id="nothing moved for minutes"),
    pytest.param(replace(BLACK, frozen_s=100), DARK, id="black and the same: dark is named"),
    pytest.param(HIDDEN, COVERED, id="over half hidden"),
    pytest.param(quality(kept_share=0, lost_share=1, covered_share=1, sharpness=None, shift_share=None, roll_deg=None),
                 COVERED, id="all hidden"),
    pytest.param(quality(kept_share=0.25, lost_share=0.7, covered_share=0.1), COVERED, id="hidden by a pattern"),
    pytest.param(quality(kept_share=0.6, lost_share=0.3, covered_share=0.1), None, id="a jam before the kerbs"),
    pytest.param(quality(sharpness=0.2), DEFOCUSED, id="blurred"),
    pytest.param(quality(sharpness=0.1, covered_share=0.45, kept_share=0.3, lost_share=0.5), DEFOCUSED,
                 id="so blurred that parts vanish"),
    pytest.param(quality(sharpness=0.7), None, id="rain"),
    pytest.param(TURNED, MOVED, id="turned by a third of the picture"),
    pytest.param(quality(shift_share=0.04, kept_share=0.3, lost_share=0.5), MOVED, id="knocked a little"),
    pytest.param(quality(roll_deg=5.0, kept_share=0.3, lost_share=0.5), MOVED, id="hangs askew"),
    pytest.param(quality(kept_share=0.05, lost_share=0.9, covered_share=0.1, sharpness=None, shift_share=None,
                         roll_deg=None), MOVED, id="another view"),
    pytest.param(quality(kept_share=0.3, lost_share=0.5, shift_share=None, roll_deg=None), None, id="cannot tell"),
]  # fmt: skip


@pytest.mark.parametrize(("seen", "fault"), CASES)
def test_one_look_names_one_fault(seen: PictureQuality, fault: CameraFault | None) -> None:
    verdicts = judge(seen, 1000.0)
    assert [named for named, verdict in verdicts.items() if verdict.present] == ([fault] if fault else [])
    for verdict in verdicts.values():
        Measures.model_validate(dict(verdict.measures))
        assert verdict.reason[0].isupper() or verdict.reason[0].isdigit()


def test_the_faults_after_the_one_that_is_named_cannot_be_told() -> None:
    assert list(judge(BLACK, 0.0)) == [DARK]
    assert list(judge(HIDDEN, 0.0)) == [DARK, FROZEN, COVERED]
    assert list(judge(SOUND, 0.0)) == [DARK, FROZEN, COVERED, DEFOCUSED, MOVED]
    assert list(judge(UNKNOWN, 0.0)) == [DARK, FROZEN], "what needs the usual view waits until it is known"


def test_a_suspected_fault_stays_until_it_is_clearly_over() -> None:
    nearly = quality(sharpness=0.55)
    assert not judge(nearly, 0.0)[DEFOCUSED].present
    assert judge(nearly, 0.0, suspected=frozenset({DEFOCUSED}))[DEFOCUSED].present
    assert not judge(quality(sharpness=0.8), 0.0, suspected=frozenset({DEFOCUSED}))[DEFOCUSED].present


def test_a_frozen_picture_stands_since_it_froze() -> None:
    assert judge(quality(frozen_s=20), 1000.0)[FROZEN].began == 980


def test_how_far_it_moved_and_turned_is_measured() -> None:
    plain = judge(TURNED, 0.0)[MOVED]
    assert plain.measures == {"shift_share": 0.29}
    assert "shifted by 29 % of the picture's width" in plain.reason
    assert judge(TURNED, 0.0, CameraFaultSettings(focal_share=1.4))[MOVED].measures["turned_deg"] == 11.7
    assert turned(0.0, -5.0, None) == 5
    assert turned(0.1, 5.0, None) is None


def episodes(
    seen: Iterable[tuple[float, PictureQuality]], settings: CameraFaultSettings = DEFAULTS
) -> list[EpisodeStep]:
    rule, steps = CameraFaultRule(settings), []
    states = dict.fromkeys(rule.about, EpisodeState())
    for time, shown in seen:
        verdicts = rule.judge(Observation("north", LookKind.GLANCE, time, time, NOTHING, quality=shown), states)
        for about in rule.about:
            states[about], made = step(
                Subject("north", "camera_fault", about), states[about], verdicts.get(about), time, rule.timing
            )
            steps += made
    return steps


def phases(steps: list[EpisodeStep]) -> list[tuple[str, str]]:
    return [(made.phase.value, made.about) for made in steps if made.phase.value != "updated"]


def at(time: float, *parts: tuple[float, PictureQuality]) -> PictureQuality:
    """Of the last part that has begun."""
    return next(shown for since, shown in reversed(parts) if time >= since)


def every(seconds: float, until: float, *parts: tuple[float, PictureQuality]) -> Iterable[tuple[float, PictureQuality]]:
    times = [index * seconds for index in range(round(until / seconds))]
    return [(time, at(time, *parts)) for time in times]


@pytest.mark.parametrize("seen", [HIDDEN, TURNED, quality(sharpness=0.2), BLACK], ids=["hid", "moved", "blur", "dark"])
def test_a_fault_of_minutes_is_one_episode(seen: PictureQuality) -> None:
    steps = episodes(every(5, 900, (0, SOUND), (100, seen), (600, SOUND)))
    assert [phase for phase, _ in phases(steps)] == ["opened", "closed"]
    opened, *_, closed = steps
    assert 160 <= opened.time <= 175
    assert opened.began == pytest.approx(97.5)
    assert 660 <= closed.time <= 680


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(quality(kept_share=0.1, lost_share=0.85, shift_share=None, roll_deg=None), id="a lorry"),
        pytest.param(HIDDEN, id="a bus"),
        pytest.param(quality(sharpness=0.3), id="a drop on the lens"),
    ],
)
def test_what_passes_within_the_minimum_duration_is_no_fault(seen: PictureQuality) -> None:
    parts = [(20.0 * n, seen if n % 4 == 1 else SOUND) for n in range(60)]
    assert episodes(every(2, 1200, *parts)) == []


def test_darkness_interrupts_a_turned_camera_without_closing_it() -> None:
    steps = episodes(every(5, 1000, (0, SOUND), (50, TURNED), (300, BLACK), (500, TURNED), (700, SOUND)))
    assert phases(steps) == [
        ("opened", "moved"), ("opened", "dark"), ("closed", "dark"), ("closed", "moved"),
    ]  # fmt: skip


def test_what_is_ignored_is_not_said_but_hides_what_comes_after_it() -> None:
    settings = CameraFaultSettings(faults=(DARK, MOVED))
    assert episodes(every(5, 600, (0, SOUND), (50, HIDDEN)), settings) == []
    assert phases(episodes(every(5, 600, (0, SOUND), (50, TURNED)), settings)) == [("opened", "moved")]


def test_it_looks_sooner_while_it_learns_and_while_it_suspects() -> None:
    rule = CameraFaultRule(CameraFaultSettings())
    idle = dict.fromkeys(rule.about, EpisodeState())
    assert rule.wish(0, idle).after_s == 2
    rule.judge(Observation("north", LookKind.GLANCE, 0, 0, NOTHING, quality=SOUND), idle)
    assert rule.wish(0, idle).after_s == 5
    assert rule.wish(0, {**idle, "dark": EpisodeState(Stage.SUSPECTED, 0, 0)}).after_s == 2
    hasty = CameraFaultRule(CameraFaultSettings(min_duration_s=4))
    assert hasty.wish(0, idle).after_s == 1


def test_an_hour_of_looks_takes_no_second_and_no_memory() -> None:
    looks = every(1, 3600, (0, SOUND), (1000, TURNED), (2000, SOUND))
    began = wall.process_time()
    episodes(looks)
    assert wall.process_time() - began < 1
    rule = CameraFaultRule(CameraFaultSettings())
    idle = dict.fromkeys(rule.about, EpisodeState())
    tracemalloc.start()
    for time, shown in looks:
        rule.judge(Observation("north", LookKind.GLANCE, time, time, NOTHING, quality=shown), idle)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 20_000
