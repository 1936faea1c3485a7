"""The life cycle holds for every sequence of looks, not only for the likely ones."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, StepPhase, Subject, Timing, lose, step
from edge.incidents.verdict import Verdict

SUBJECT = Subject("north", "jam", "road")
TIMING = Timing(min_duration_s=20, hold_s=30, looks=5, needed=3, gap_s=60, update_every_s=60)

Look = tuple[float, bool | None]
"""Seconds since the look before, and what it says."""


def verdict(present: bool, severity: int = 1) -> Verdict:
    return Verdict(present, severity, 0.8, "said so", {"occupancy": 0.4})


def run(
    looks: list[Look], timing: Timing = TIMING, state: EpisodeState | None = None, start: float = 1000.0
) -> tuple[EpisodeState, list[EpisodeStep], list[EpisodeState]]:
    state, time = state or EpisodeState(), start
    steps: list[EpisodeStep] = []
    states = []
    for gap, present in looks:
        time += gap
        state, taken = step(SUBJECT, state, None if present is None else verdict(present), time, timing)
        steps += taken
        states.append(state)
    return state, steps, states


looks = st.lists(st.tuples(st.floats(0.5, 40), st.one_of(st.none(), st.booleans())), min_size=1, max_size=80)
timings = st.builds(
    lambda duration, hold, n, k: Timing(duration, hold, looks=n, needed=min(k, n)),
    st.floats(0, 120), st.floats(0, 120), st.integers(1, 8), st.integers(1, 8),
)  # fmt: skip


def phases(steps: list[EpisodeStep]) -> list[str]:
    return [taken.phase.value for taken in steps]


def test_opens_after_the_minimum_duration_and_closes_after_the_hold() -> None:
    present: list[Look] = [(2, True)] * 12
    gone: list[Look] = [(2, False)] * 20
    state, steps, _ = run([*present, *gone])
    assert phases(steps) == ["opened", "closed"]
    opened, closed = steps
    assert opened.began == 1002
    assert opened.time == 1022
    assert closed.episode == opened.episode
    assert closed.time - 1026 >= TIMING.hold_s
    assert closed.time - 1026 <= TIMING.hold_s + 2
    assert closed.measures["duration_s"] == pytest.approx(closed.time - closed.began)
    assert state.stage is Stage.IDLE


def test_an_onset_lies_where_the_first_look_began() -> None:
    state, _ = step(SUBJECT, EpisodeState(), verdict(True), 1004, TIMING, since=1001.5)
    assert state.began == 1001.5


def test_a_look_that_opens_nothing_keeps_a_suspicion_until_one_comes_that_does() -> None:
    state, time = EpisodeState(), 1000.0
    for _ in range(40):
        time += 2
        state, steps = step(SUBJECT, state, replace(verdict(True), opens=False), time, TIMING)
        assert steps == ()
    assert state.stage is Stage.SUSPECTED
    state, (opened,) = step(SUBJECT, state, verdict(True), time + 2, TIMING)
    assert (opened.phase.value, opened.began) == ("opened", 1002)


def test_a_short_dip_neither_closes_nor_splits_an_episode() -> None:
    _, steps, _ = run([(2, True)] * 15 + [(2, False)] * 6 + [(2, True)] * 15)
    assert phases(steps) == ["opened"]


def test_a_long_dip_ends_a_suspicion() -> None:
    half: list[Look] = [(2, True)] * 8
    _, steps, _ = run([*half, *([(2, False)] * 3), *half])
    assert steps == []


def test_two_looks_far_apart_are_no_proof_of_what_lay_between() -> None:
    _, steps, states = run([(2, True)] * 3 + [(500, True)])
    assert steps == []
    assert states[-1].began == states[-1].seen


def test_getting_worse_is_reported_at_once_and_staying_so_is_not() -> None:
    state, _, _ = run([(2, True)] * 12)
    state, worse = step(SUBJECT, state, verdict(True, 3), 1026, TIMING)
    assert phases(list(worse)) == ["updated"]
    assert (worse[0].severity, worse[0].worse) == (3, True)
    state, same = step(SUBJECT, state, verdict(True, 3), 1028, TIMING)
    assert same == ()
    state, better = step(SUBJECT, state, verdict(True, 1), 1100, TIMING)
    assert phases(list(better)) == ["updated"]
    assert better[0].severity == 3, "an episode is as bad as it was at its worst"


def test_the_same_inputs_give_the_same_episode() -> None:
    assert run([(2, True)] * 12)[1] == run([(2, True)] * 12)[1]


def test_losing_sight_closes_what_is_open_and_nothing_else() -> None:
    state, _, _ = run([(2, True)] * 12)
    idle, steps = lose(SUBJECT, state, 1030, "the zone is gone")
    assert (phases(list(steps)), steps[0].lost, idle.stage) == (["closed"], True, Stage.IDLE)
    assert lose(SUBJECT, EpisodeState(), 1030, "the zone is gone")[1] == ()


@given(looks, timings)
def test_never_opens_before_the_minimum_duration_nor_on_too_few_looks(taken: list[Look], timing: Timing) -> None:
    time, seen = 1000.0, []
    state = EpisodeState()
    for gap, present in taken:
        time += gap
        state, steps = step(SUBJECT, state, None if present is None else verdict(present), time, timing)
        if present is not None:
            seen.append(present)
        for made in steps:
            if made.phase is StepPhase.OPENED:
                assert made.time - made.began >= timing.min_duration_s
                assert seen[-timing.looks :].count(True) >= timing.needed
                assert present is True


@given(looks, timings)
def test_never_closes_within_the_hold(taken: list[Look], timing: Timing) -> None:
    time, last_present = 1000.0, 1000.0
    state = EpisodeState()
    for gap, present in taken:
        time += gap
        if present:
            last_present = time
        state, steps = step(SUBJECT, state, None if present is None else verdict(present), time, timing)
        for made in steps:
            if made.phase is StepPhase.CLOSED:
                assert not present
                assert time - last_present >= timing.hold_s


@given(looks, timings)
def test_at_most_one_episode_is_open_and_its_steps_are_in_order(taken: list[Look], timing: Timing) -> None:
    state, steps, _ = run(taken, timing)
    open_episode = None
    times = [made.time for made in steps]
    assert times == sorted(times)
    for made in steps:
        if made.phase is StepPhase.OPENED:
            assert open_episode is None
            open_episode = made.episode
        assert made.episode == open_episode
        assert made.began <= made.time
        if made.phase is StepPhase.CLOSED:
            open_episode = None
    assert state.episode == open_episode
    assert state.open == (state.stage in {Stage.CONFIRMED, Stage.CLEARING})


@given(looks, timings, st.floats(1, 10_000))
def test_looks_that_cannot_tell_change_nothing(taken: list[Look], timing: Timing, later: float) -> None:
    for state in run(taken, timing)[2]:
        assert step(SUBJECT, state, None, 1000 + later, timing) == (state, ())


@given(looks, timings)
def test_a_restart_between_any_two_looks_changes_nothing(taken: list[Look], timing: Timing) -> None:
    _, steps, _ = run(taken, timing)
    time, state, again = 1000.0, EpisodeState(), []
    for gap, present in taken:
        time += gap
        state = EpisodeState.from_json(json.loads(json.dumps(state.to_json())))
        state, made = step(SUBJECT, state, None if present is None else verdict(present), time, timing)
        again += made
    assert again == steps


@given(looks, timings)
def test_updates_keep_their_distance(taken: list[Look], timing: Timing) -> None:
    _, steps, _ = run(taken, replace(timing, update_every_s=60))
    for before, after in pairwise(steps):
        if after.phase is StepPhase.UPDATED:
            assert after.time - before.time >= 60


def test_a_picture_counts_once() -> None:
    state, _ = step(SUBJECT, EpisodeState(), verdict(True), 1000, TIMING)
    assert step(SUBJECT, state, verdict(True), 1000, TIMING) == (state, ())


@pytest.mark.parametrize("broken", [{}, {"stage": "asleep"}, {**EpisodeState().to_json(), "since": "noon"}])
def test_a_damaged_state_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"state|Stage"):
        EpisodeState.from_json(broken)


def test_impossible_timings_are_refused() -> None:
    with pytest.raises(ValueError, match="needed"):
        Timing(looks=3, needed=4)
    with pytest.raises(ValueError, match="negative"):
        Timing(hold_s=-1)
