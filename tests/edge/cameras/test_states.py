"""The table of states, by the table and by random walks over it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.cameras.backoff import Backoff
from edge.cameras.faults import CameraError, Fault
from edge.cameras.states import TRANSITIONS, CameraState, CameraStatus, IllegalTransitionError, wire_state

states = st.sampled_from(CameraState)
faults = st.none() | st.sampled_from(Fault)


def in_state(state: CameraState) -> CameraStatus:
    return CameraStatus(state, 0.0, "", None, wire_state(state, None), 0.0)


@given(states, states, faults)
def test_exactly_the_transitions_of_the_table_are_possible(before, after, fault) -> None:
    if after in TRANSITIONS[before]:
        status = in_state(before).to(after, 5.0, "because", fault)
        assert (status.state, status.since, status.reason) == (after, 5.0, "because")
    else:
        with pytest.raises(IllegalTransitionError, match=f"from {before} to {after}"):
            in_state(before).to(after, 5.0, "because", fault)


def test_every_state_can_be_left_and_reached_and_none_leads_to_itself() -> None:
    assert set(TRANSITIONS) == set(CameraState)
    assert set().union(*TRANSITIONS.values()) == set(CameraState)
    assert all(state not in TRANSITIONS[state] for state in CameraState)
    assert all(CameraState.DISABLED in TRANSITIONS[state] for state in CameraState if state != CameraState.DISABLED)


@given(st.lists(st.tuples(states, faults), max_size=30))
def test_the_word_on_the_wire_follows_and_dates_its_own_changes(walk) -> None:
    status = CameraStatus.initial(0.0)
    changes = [(0.0, status.wire)]
    for now, (state, fault) in enumerate(walk, start=1):
        if state not in TRANSITIONS[status.state]:
            continue
        status = status.to(state, float(now), "because", fault)
        if status.wire != changes[-1][1]:
            changes.append((float(now), status.wire))
        assert (status.wire_since, status.wire) == changes[-1]
        assert (status.wire == "streaming") == (status.state is CameraState.STREAMING)


def test_a_camera_stays_faulty_while_it_connects_again() -> None:
    status = CameraStatus.initial(0.0)
    assert status.wire == "stalled"
    status = status.to(CameraState.BACKOFF, 1.0, "wrong password", Fault.WRONG_PASSWORD)
    status = status.to(CameraState.CONNECTING, 2.0, "again")
    assert (status.wire, status.wire_since, status.fault) == ("faulty", 1.0, Fault.WRONG_PASSWORD)
    status = status.to(CameraState.STREAMING, 3.0, "streaming")
    assert (status.wire, status.wire_since, status.fault) == ("streaming", 3.0, None)


def test_a_disabled_camera_says_so() -> None:
    assert CameraStatus.initial(0.0, enabled=False).wire == "disabled"


def test_every_fault_has_a_sentence_of_its_own() -> None:
    sentences = {str(CameraError(fault, "rtsp://camera/1")) for fault in Fault}
    assert len(sentences) == len(Fault)
    assert all("rtsp://camera/1" in sentence for sentence in sentences)
    assert str(CameraError(Fault.TIMEOUT, "x", "no answer for 5 s")).endswith("(no answer for 5 s)")


@given(st.integers(min_value=1, max_value=10_000), st.floats(min_value=0, max_value=1))
def test_backoff_stays_between_its_limits(failures, draw) -> None:
    assert 1.0 <= Backoff().delay_s(failures, draw) <= 60.0


@given(st.integers(min_value=1, max_value=100), st.floats(min_value=0, max_value=1))
def test_backoff_never_shrinks_with_more_failures(failures, draw) -> None:
    backoff = Backoff()
    assert backoff.delay_s(failures + 1, draw) >= backoff.delay_s(failures, draw)


def test_backoff_doubles_and_spreads() -> None:
    backoff = Backoff(first_s=1.0, longest_s=60.0)
    assert [backoff.delay_s(failures, 1.0) for failures in (1, 2, 3, 6, 7)] == [2, 4, 8, 60, 60]
    assert [backoff.delay_s(failures, 0.0) for failures in (1, 2, 3, 6, 7)] == [1, 2, 4, 30, 30]
