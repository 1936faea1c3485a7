"""Stream time to time of day."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.cameras.clock import StreamClock
from edge.cameras.packets import EncodedPacket

NOON = 1_767_268_800.0


def packet(pts_s: float | None, dts_s: float | None = None) -> EncodedPacket:
    return EncodedPacket(b"", keyframe=False, pts_s=pts_s, dts_s=pts_s if dts_s is None else dts_s)


def play(clock: StreamClock, stamps: list[float], arrivals: list[float]) -> list[float]:
    """Times of day after all have arrived."""
    positions = [clock.place(packet(stamp), arrival) for stamp, arrival in zip(stamps, arrivals, strict=True)]
    return [position + clock.offset for position in positions]


@given(st.lists(st.floats(min_value=0, max_value=2), min_size=2, max_size=60))
def test_jitter_moves_no_picture(delays) -> None:
    stamps = [number / 10 for number in range(len(delays))]
    arrivals = [NOON + stamp + delay for stamp, delay in zip(stamps, delays, strict=True)]
    arrivals = [max(arrivals[: index + 1]) for index in range(len(arrivals))]  # TCP keeps the order
    times = play(StreamClock(), stamps, arrivals)
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == pytest.approx(
        [0.1] * (len(times) - 1), abs=1e-6
    )
    assert all(time <= arrival + 1e-6 for time, arrival in zip(times, arrivals, strict=True))


def test_what_was_buffered_at_the_start_lies_in_the_past() -> None:
    stamps = [number / 10 for number in range(20)]
    arrivals = [NOON] * 10 + [NOON + number / 10 for number in range(1, 11)]
    assert play(StreamClock(), stamps, arrivals)[0] == pytest.approx(NOON - 0.9)


def test_a_camera_clock_that_runs_wrong_is_followed() -> None:
    arrivals = [NOON + number / 10 for number in range(6000)]
    slow = [number / 10 * 0.999 for number in range(6000)]  # 0.6 s behind after ten minutes
    assert play(StreamClock(), slow, arrivals)[-1] == pytest.approx(arrivals[-1], abs=0.02)


@pytest.mark.parametrize("step_s", [3600.0, -3600.0])
def test_a_box_clock_that_is_set_is_followed(step_s) -> None:
    stamps = [number / 10 for number in range(300)]
    arrivals = [NOON + stamp + (step_s if stamp >= 10 else 0) for stamp in stamps]
    assert play(StreamClock(), stamps, arrivals)[-1] == pytest.approx(arrivals[-1], abs=0.2)


@pytest.mark.parametrize("jump_s", [-1000.0, -0.5, 50_000.0])
def test_a_stream_clock_that_is_set_leaves_the_time_line_whole(jump_s) -> None:
    stamps = [100 + number / 10 + (jump_s if number >= 50 else 0) for number in range(100)]
    arrivals = [NOON + number / 10 for number in range(100)]
    times = play(StreamClock(), stamps, arrivals)
    assert times == pytest.approx(arrivals, abs=1e-6)


def test_a_gap_is_no_jump() -> None:
    stamps = [0.0, 0.1, 8.0, 8.1]
    assert play(StreamClock(), stamps, [NOON + stamp for stamp in stamps]) == pytest.approx(
        [NOON + stamp for stamp in stamps]
    )


def test_a_gap_that_ends_late_is_no_jump_either() -> None:
    stamps = [0.0, 0.1, 8.0, 8.1, 8.2]
    arrivals = [NOON + arrival for arrival in (0.0, 0.1, 10.0, 10.0, 10.0)]
    times = play(StreamClock(), stamps, arrivals)
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == pytest.approx(
        [0.1, 7.9, 0.1, 0.1], abs=1e-6
    )


def test_reordered_pictures_keep_their_times() -> None:
    clock = StreamClock()
    positions = [
        clock.place(packet(pts_s, dts_s), NOON + dts_s)
        for pts_s, dts_s in [(0.0, -0.2), (0.3, -0.1), (0.1, 0.0), (0.2, 0.1)]
    ]
    assert positions == pytest.approx([0.0, 0.3, 0.1, 0.2])


def test_decoding_times_may_be_missing_at_first() -> None:
    clock = StreamClock()
    stamps = [(0.0, None), (0.3, None), (0.1, None), (0.2, 0.1), (0.6, 0.2), (0.4, 0.3)]
    positions = [
        clock.place(EncodedPacket(b"", keyframe=False, pts_s=pts_s, dts_s=dts_s), NOON + number / 10)
        for number, (pts_s, dts_s) in enumerate(stamps)
    ]
    assert positions == pytest.approx([0.0, 0.3, 0.1, 0.2, 0.6, 0.4])


def test_missing_stamps_mean_the_packet_before() -> None:
    clock = StreamClock()
    assert clock.place(EncodedPacket(b"", keyframe=True), NOON) == 0.0
    assert clock.place(packet(0.5), NOON + 0.5) == 0.5
    assert clock.place(EncodedPacket(b"", keyframe=False), NOON + 0.5) == 0.5


def test_offline_time_is_given_and_loops_go_on() -> None:
    clock = StreamClock(start_time=NOON)
    stamps = [0.0, 0.1, 0.2, 0.0, 0.1, 60.0]
    assert [clock.place(packet(stamp), None) for stamp in stamps] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 60.3])
    assert clock.offset == NOON


def test_a_live_stream_without_arrivals_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time of arrival"):
        StreamClock().place(packet(0.0), None)
