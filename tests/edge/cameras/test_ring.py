"""Whole GOPs, the last seconds, bounded bytes."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.cameras.bitstream import Content, content
from edge.cameras.packets import EncodedPacket, StreamFormat
from edge.cameras.ring import PacketRing
from tests.edge.cameras.synthetic import FIRST_SLICE, H264, MJPEG, OTHER_SLICE, PARAMETERS, START, made_up

NOON = 1_767_268_800.0


def filled(gops: list[int], *, seconds: float = 2.0, max_bytes: int = 10_000, size: int = 10) -> PacketRing:
    """A ring fed ten packets a second, GOPs of these lengths."""
    ring = PacketRing("north", seconds=seconds, max_bytes=max_bytes)
    ring.begin(MJPEG)
    number = 0
    for length in gops:
        for index in range(length):
            ring.append(made_up(number / 10, keyframe=index == 0, size=size), NOON + number / 10)
            number += 1
    return ring


@given(
    gops=st.lists(st.integers(min_value=1, max_value=30), min_size=1, max_size=20),
    seconds=st.floats(min_value=0.1, max_value=5),
    max_bytes=st.integers(min_value=50, max_value=2000),
)
def test_it_is_bounded_and_begins_at_a_keyframe(gops, seconds, max_bytes) -> None:
    ring = filled(gops, seconds=seconds, max_bytes=max_bytes)
    state = ring.state()
    span = ring.past(1e9)
    assert state.bytes <= max_bytes
    assert (span is None) == (state.packets == 0)
    if span is None:
        return
    assert span.packets[0].keyframe
    assert state.bytes == sum(len(packet.data) for packet in span.packets)
    assert state.packets == len(span.packets) == len(span.times)
    assert span.newest_time == state.newest_time
    enough = sum(gops) / 10 - 0.1 >= seconds
    if enough and max_bytes == 2000:
        assert state.newest_time - state.oldest_time >= seconds - 1e-6
    # Without its oldest GOP it would not reach back far enough: it keeps no more than it must.
    keyframes = [time for packet, time in zip(span.packets, span.times, strict=True) if packet.keyframe]
    if len(keyframes) > 1:
        assert keyframes[1] > state.newest_time - seconds - 1e-6


def test_what_comes_before_the_first_keyframe_is_dropped() -> None:
    ring = PacketRing("north")
    ring.begin(MJPEG)
    ring.append(made_up(0.0), NOON)
    assert ring.state().newest_time is None
    assert ring.newest_gop() is None
    assert ring.past(5) is None
    ring.append(made_up(0.1, keyframe=True), NOON + 0.1)
    assert ring.state().packets == 1
    assert ring.state().dropped_packets == 1


def test_a_gop_larger_than_the_ring_is_dropped_whole() -> None:
    ring = filled([30], max_bytes=200)
    assert ring.state().packets == 0
    assert ring.state().dropped_packets == 30
    ring.append(made_up(3.0, keyframe=True), NOON + 3.0)
    assert ring.state().packets == 1


def test_too_many_bytes_cost_the_oldest_gops_first() -> None:
    ring = filled([10, 10, 10], seconds=60, max_bytes=250)
    assert ring.state().packets == 20
    assert ring.state().oldest_time == pytest.approx(NOON + 1.0)


def test_newest_gop_and_past() -> None:
    ring = filled([10, 10, 10, 5], seconds=10)
    assert ring.newest_gop().times == pytest.approx([NOON + 3.0 + index / 10 for index in range(5)])
    assert ring.past(0.45).times[0] == pytest.approx(NOON + 2.0), "the keyframe before the moment asked for"
    assert ring.past(0.4).times[0] == pytest.approx(NOON + 3.0)
    assert ring.past(100).times[0] == pytest.approx(NOON)
    assert ring.state().newest_keyframe_time == pytest.approx(NOON + 3.0)


def test_a_reconnect_forgets_the_old_stream() -> None:
    ring = filled([10, 10])
    before = ring.state().generation
    old = ring.newest_gop()
    assert ring.begin(StreamFormat("h264")) == before + 1
    assert ring.newest_gop() is None
    assert ring.state().bytes == 0
    assert len(old.packets) == 10, "a look under way is not disturbed"


def test_appending_before_the_format_is_known_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="begin"):
        PacketRing("north").append(made_up(0.0, keyframe=True), NOON)


def h264(data: bytes, stamp_s: float | None, *, keyframe: bool = True) -> EncodedPacket:
    return EncodedPacket(data, keyframe, stamp_s, stamp_s)


def test_parameter_sets_in_a_packet_of_their_own_join_the_picture_after_them() -> None:
    ring = PacketRing("north")
    ring.begin(H264)
    for number in range(3):
        ring.append(h264(PARAMETERS, float(number), keyframe=False), NOON + number)
        ring.append(h264(FIRST_SLICE, float(number)), NOON + number)
    assert [packet.data for packet in ring.past(9).packets] == [PARAMETERS + FIRST_SLICE] * 3
    assert ring.state().bytes == 3 * len(PARAMETERS + FIRST_SLICE)


def test_the_rest_of_a_cut_keyframe_is_put_back() -> None:
    ring = PacketRing("north")
    ring.begin(H264)
    for number in range(2):
        ring.append(h264(PARAMETERS + FIRST_SLICE, float(number)), NOON + number)
        ring.append(h264(PARAMETERS + OTHER_SLICE, None), NOON + number)
    whole = PARAMETERS + FIRST_SLICE + PARAMETERS + OTHER_SLICE
    assert [packet.data for packet in ring.past(9).packets] == [whole] * 2
    assert ring.state().bytes == 2 * len(whole)
    ring.append(h264(OTHER_SLICE, 2.0, keyframe=False), NOON + 2)
    assert ring.past(9).packets[-1].data == OTHER_SLICE, "with a time of its own it belongs to a picture that was lost"


def test_length_prefixed_packets_are_left_alone() -> None:
    # 0x000001xx is also the length of a NAL unit of 256 to 511 bytes.
    data = b"\x00\x00\x01\x07" + bytes(263)
    ring = PacketRing("north")
    ring.begin(StreamFormat("h264", extradata=b"\x01avcC"))
    ring.append(h264(data, 0.0), NOON)
    assert ring.past(1).packets[0].data == data


@pytest.mark.parametrize(
    ("codec", "data", "expected"),
    [
        ("h264", PARAMETERS, Content.PARAMETERS),
        ("h264", PARAMETERS + FIRST_SLICE, Content.PICTURE),
        ("h264", PARAMETERS + OTHER_SLICE, Content.REST_OF_PICTURE),
        ("h264", START + b"\x09\xf0" + START + b"\x41\x9a slice", Content.PICTURE),
        ("hevc", START + b"\x40\x01vps" + START + b"\x42\x01sps", Content.PARAMETERS),
        ("hevc", START + b"\x26\x01\x80slice", Content.PICTURE),
        ("hevc", START + b"\x26\x01\x00slice", Content.REST_OF_PICTURE),
        ("mjpeg", b"\xff\xd8", Content.PICTURE),
        ("h264", b"broken", Content.PICTURE),
        ("h264", b"", Content.PICTURE),
    ],
)
def test_what_a_packet_begins_with(codec, data, expected) -> None:
    assert content(codec, data) is expected


@given(st.sampled_from(["h264", "hevc", "mjpeg"]), st.binary(max_size=60))
def test_any_bytes_are_something(codec, data) -> None:
    assert content(codec, START + data) in Content


def test_one_writes_while_others_read() -> None:
    ring = PacketRing("north", seconds=1.0)
    ring.begin(MJPEG)
    failures: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            span = ring.past(1.0)
            if span and not (span.packets[0].keyframe and len(span.packets) == len(span.times)):
                failures.append("a torn span")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(3000):
        ring.append(made_up(number / 10, keyframe=number % 7 == 0), NOON + number / 10)
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
