"""Glances and stares at clips whose pictures say their own number."""

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.cameras.decode import decode_span, evenly, glance, stare
from edge.cameras.packets import EncodedPacket, StreamFormat
from edge.cameras.ring import PacketRing
from tests.edge.cameras.synthetic import of_clip, ring_of
from tests.rtsp.clips import read_number, write_clip


@pytest.fixture(scope="module", params=["h264", "h264-b-frames", "h265", "h265-b-frames", "mjpeg"])
def clip(request, tmp_path_factory):
    """25 pictures, keyframes at 0, 10 and 20 (every picture of MJPEG is one)."""
    path = tmp_path_factory.mktemp("clips") / f"{request.param}.mkv"
    encoder = {"h264": "libx264", "h265": "libx265", "mjpe": "mjpeg"}[request.param[:4]]
    return write_clip(path, encoder, frames=25, b_frames=2 if "b-frames" in request.param else 0)


def seen(decoded) -> list[tuple[float, int]]:
    assert decoded.problem is None
    return [(round(picture.time, 3), read_number(picture.image)) for picture in decoded.pictures]


def test_a_glance_decodes_one_frame(clip) -> None:
    look = glance(ring_of(clip))
    number = 24 if clip.stem == "mjpeg" else 20
    assert seen(look) == [(1000 + number / 10, number)]
    assert look.frames_decoded == 1
    assert look.picture.camera == "north"
    assert look.picture.image.shape == (180, 320, 3)


def test_a_glance_goes_on_to_the_newest_where_the_keyframe_is_too_old(clip) -> None:
    ring = ring_of(clip)
    assert seen(glance(ring, max_age_s=0.3)) == [(1002.4, 24)]
    assert seen(glance(ring, max_age_s=0.5))[0][1] == (24 if clip.stem == "mjpeg" else 20)


def test_a_stare_has_the_right_pictures_at_the_right_times(clip) -> None:
    look = stare(ring_of(clip), seconds=1.6, fps=5)
    assert seen(look) == [(1000 + number / 10, number) for number in range(8, 25, 2)]


def test_a_stare_faster_than_the_camera_has_every_picture(clip) -> None:
    look = stare(ring_of(clip), seconds=60, fps=100)
    assert [number for _, number in seen(look)] == list(range(25))
    assert look.frames_decoded == 25


def test_pictures_do_not_share_memory(clip) -> None:
    pictures = stare(ring_of(clip), seconds=1, fps=10).pictures
    before = [picture.image.copy() for picture in pictures]
    pictures[0].image[:] = 0
    assert not any(picture.image is pictures[0].image for picture in pictures[1:])
    assert all((picture.image == copy).all() for picture, copy in zip(pictures[1:], before[1:], strict=True))


def test_frames_that_nobody_wants_or_needs_are_not_decoded(tmp_path) -> None:
    b_frames = ring_of(write_clip(tmp_path / "b.mkv", "libx264", frames=25, b_frames=3))
    assert stare(b_frames, seconds=2, fps=1).frames_decoded < 20
    intra = ring_of(write_clip(tmp_path / "intra.mkv", "mjpeg", frames=25))
    assert stare(intra, seconds=2, fps=1).frames_decoded == 3


def test_extradata_is_not_needed_when_parameter_sets_are_in_the_stream(tmp_path) -> None:
    stream_format, packets = of_clip(write_clip(tmp_path / "clip.ts", frames=12))
    ring = PacketRing("north")
    ring.begin(StreamFormat(stream_format.codec), 0.0)
    for packet in packets:
        ring.append(packet)
    assert [number for _, number in seen(stare(ring, 60, 100))] == list(range(12))


def test_an_empty_ring_is_a_problem_and_no_error() -> None:
    ring = PacketRing("north")
    assert "no keyframe" in glance(ring).problem
    assert "no keyframe" in stare(ring, 2, 5).problem
    assert glance(ring).picture is None


@given(data=st.data())
def test_damage_never_raises(h264_clip, data) -> None:
    stream_format, packets = of_clip(h264_clip)
    ring = PacketRing("north")
    ring.begin(stream_format, 0.0)
    for packet in packets[:12]:
        start = data.draw(st.integers(min_value=0, max_value=len(packet.data)))
        junk = data.draw(st.binary(max_size=40))
        damaged = packet.data[:start] + junk + packet.data[start + len(junk) :]
        ring.append(EncodedPacket(damaged, packet.keyframe, packet.pts_s, packet.dts_s))
    for look in (glance(ring), glance(ring, 0.0), stare(ring, 2, 10)):
        assert look.pictures or look.problem


def test_a_stream_of_nonsense_says_what_the_decoder_says(h264_clip) -> None:
    stream_format, packets = of_clip(h264_clip)
    ring = PacketRing("north")
    ring.begin(stream_format, 0.0)
    for packet in packets:
        ring.append(EncodedPacket(bytes(reversed(packet.data)), packet.keyframe, packet.pts_s, packet.dts_s))
    look = stare(ring, 2, 5)
    assert not look.pictures
    assert "could not be decoded" in look.problem


def with_damage(path, number: int, damaged: bytes) -> PacketRing:
    """A ring with one packet replaced."""
    stream_format, packets = of_clip(path)
    ring = PacketRing("north")
    ring.begin(stream_format, 0.0)
    for index, packet in enumerate(packets):
        ring.append(replace(packet, data=damaged) if index == number else packet)
    return ring


def test_a_keyframe_with_a_hole_is_not_shown(h264_clip) -> None:
    whole = of_clip(h264_clip)[1][20].data
    ring = with_damage(h264_clip, 20, whole[:-60] + b"\xa5" * 40 + whole[-20:])
    look = glance(ring)
    assert look.picture is None
    assert look.frames_decoded == 1
    assert "1 damaged frames" in look.problem
    rest = stare(ring, 60, 100)
    assert [read_number(picture.image) for picture in rest.pictures] == list(range(20)), "nor what rests on it"


def test_a_lost_picture_costs_those_that_rest_on_it_and_no_other(h264_clip) -> None:
    look = stare(with_damage(h264_clip, 14, bytes(40)), 60, 100)
    assert [read_number(picture.image) for picture in look.pictures] == [*range(14), *range(20, 30)]
    assert "6 pictures could not be decoded (5 damaged frames" in look.problem


def test_looks_of_several_threads_do_not_meet(h264_clip) -> None:
    ring = ring_of(h264_clip)
    results: list[list[tuple[float, int]]] = []
    threads = [threading.Thread(target=lambda: results.append(seen(stare(ring, 2, 5)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all(result == results[0] for result in results)


@given(
    gaps=st.lists(st.floats(min_value=0.02, max_value=0.5), min_size=1, max_size=100),
    fps=st.floats(min_value=0.5, max_value=30),
)
def test_evenly_keeps_the_newest_and_never_more_than_asked_for(gaps, fps) -> None:
    times = [sum(gaps[:index]) for index in range(len(gaps))]
    kept = evenly(times, times[0], fps)
    assert kept <= set(times)
    assert times[-1] in kept
    assert len(kept) <= (times[-1] - times[0] + max(gaps)) * fps + 2


def test_evenly_has_the_asked_for_rate_where_rates_do_not_divide() -> None:
    times = [number / 25 for number in range(251)]
    assert len(evenly(times, 0.0, 6)) == 61
    assert len(evenly(times, 5.0, 8)) == 41


def test_a_wanted_time_that_is_not_there_is_a_problem(h264_clip) -> None:
    look = decode_span(ring_of(h264_clip).newest_gop(), {5.0})
    assert look.pictures == ()
    assert "1 pictures" in look.problem
