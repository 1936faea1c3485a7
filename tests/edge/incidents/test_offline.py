"""A camera that sends nothing, and one that comes back."""

import numpy as np

from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, StepPhase, Subject, step
from edge.incidents.offline import OfflineRule
from edge.incidents.rule import HearsSilence, Silence
from edge.perception.observation import LookKind, Observation
from models.detections import Detections
from models.detector import STREET_CLASSES

IDLE = EpisodeState()
SUBJECT = Subject("north", "camera_fault", "offline")
LOOK = Observation("north", LookKind.GLANCE, 0, 0, Detections.empty(STREET_CLASSES))


def play(
    rule: OfflineRule, gaps: list[tuple[float, float]], until: float, state: EpisodeState = IDLE
) -> tuple[EpisodeState, list[EpisodeStep]]:
    """Looks every 2 s but in the gaps, where the silence grows."""
    steps, alive = [], 0.0
    for time in np.arange(0, until, 2.0).tolist():
        states = {"offline": state}
        if any(since <= time < to for since, to in gaps):
            verdicts = rule.hear(Silence(time, time - alive, "connection refused"), states)
        else:
            alive, verdicts = time, rule.judge(LOOK, states)
        state, taken = step(SUBJECT, state, verdicts.get("offline"), time, rule.timing)
        steps += [made for made in taken if made.phase is not StepPhase.UPDATED]
    return state, steps


def test_an_outage_opens_after_its_time_and_closes_when_pictures_come_again() -> None:
    _, (opened, closed) = play(OfflineRule(60, 30), [(100, 400)], 600)
    assert (opened.phase, opened.began) == (StepPhase.OPENED, 98)
    assert 158 <= opened.time <= 166
    assert opened.reason == "No picture for 64 s: connection refused"
    assert closed.phase is StepPhase.CLOSED
    assert 430 <= closed.time <= 440
    assert not closed.lost


def test_a_short_silence_is_nothing() -> None:
    assert play(OfflineRule(60, 30), [(100, 150), (160, 210), (220, 270)], 400)[1] == []


def test_a_camera_that_comes_and_goes_is_one_episode() -> None:
    _, steps = play(OfflineRule(60, 60), [(100, 300), (310, 500), (510, 700)], 1000)
    assert [made.phase.value for made in steps] == ["opened", "closed"]
    assert steps[-1].time >= 760


def test_a_restarted_box_goes_on_with_an_open_outage() -> None:
    state, (opened,) = play(OfflineRule(60, 30), [(0, 400)], 200)
    restored = EpisodeState.from_json(state.to_json())
    assert restored.stage is Stage.CONFIRMED
    still_gone, steps = play(OfflineRule(60, 30), [(0, 40)], 30, EpisodeState.from_json(state.to_json()))
    assert (still_gone.episode, steps) == (opened.episode, [])
    _, (closed,) = play(OfflineRule(60, 30), [(0, 220)], 400, restored)
    assert (closed.phase, closed.episode) == (StepPhase.CLOSED, opened.episode)


def test_it_is_a_rule_that_hears_silence() -> None:
    assert isinstance(OfflineRule(), HearsSilence)
