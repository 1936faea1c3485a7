"""Recorded video: every picture, the right times, clear refusals."""

from pathlib import Path

import pytest

from edge.cameras.decode import glance, stare
from edge.cameras.faults import Fault
from edge.cameras.offline import PacketFile, VideoError, VideoReader
from edge.cameras.ring import PacketRing
from tests.rtsp.clips import read_number, write_clip

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "videos"


@pytest.fixture(scope="module", params=["h264.mp4", "h264-b.mp4", "h265.mkv", "h265-b.mp4", "mjpeg.avi", "h264.ts"])
def clip(request, tmp_path_factory):
    name = request.param
    encoder = "libx265" if "265" in name else "mjpeg" if "mjpeg" in name else "libx264"
    b_frames = 2 if "-b" in name else 0
    return write_clip(tmp_path_factory.mktemp("clips") / name, encoder, frames=25, b_frames=b_frames)


def seen(reader: VideoReader) -> list[tuple[float, int]]:
    return [(round(picture.time, 3), read_number(picture.image)) for picture in reader]


def test_every_picture_has_its_time(clip) -> None:
    reader = VideoReader(clip, "north", start_time=1000.0)
    assert seen(reader) == [(1000 + number / 10, number) for number in range(25)]
    assert (reader.frames_in, reader.frames_decoded) == (25, 25)
    assert reader.duration_s == pytest.approx(2.5)


def test_repeated_it_is_one_continuous_stream(clip) -> None:
    reader = VideoReader(clip, "north", repeat=3)
    assert seen(reader) == [(number / 10, number % 25) for number in range(75)]
    assert reader.duration_s == pytest.approx(7.5)


def test_fewer_pictures_when_fewer_are_wanted(clip) -> None:
    reader = VideoReader(clip, "north", fps=5)
    assert seen(reader) == [(number / 10, number) for number in range(0, 25, 2)]
    assert reader.frames_decoded == 25


def test_threads_and_a_second_run_change_nothing(clip) -> None:
    reader = VideoReader(clip, "north", threads=2)
    assert seen(reader) == seen(reader) == seen(VideoReader(clip, "north"))


def test_packets_of_a_file_feed_a_ring_like_a_camera(clip) -> None:
    source = PacketFile(clip, repeat=2)
    ring = PacketRing("north", seconds=60)
    ring.begin(source.open(), 1000.0)
    for packet in source:
        ring.append(packet)
    source.close()
    assert ring.state().newest_time == pytest.approx(1004.9)
    assert read_number(glance(ring, max_age_s=0.1).picture.image) == 24
    look = stare(ring, 60, 100)
    assert [(round(picture.time, 3), read_number(picture.image)) for picture in look.pictures] == [
        (round(1000 + number / 10, 3), number % 25) for number in range(50)
    ]


def refusal(path: Path) -> VideoError:
    with pytest.raises(VideoError) as caught:
        next(iter(VideoReader(path, "north")))
    assert str(caught.value).startswith(f"{path}: ")
    return caught.value


def test_what_cannot_be_analysed_is_refused_with_a_remedy(tmp_path) -> None:
    missing = refusal(tmp_path / "missing.mp4")
    assert (missing.fault, "no such file" in str(missing)) == (Fault.UNREACHABLE, True)

    raw = write_clip(tmp_path / "raw.264", frames=3)
    assert "in a file with times" in str(refusal(raw))

    text = tmp_path / "notes.mp4"
    text.write_text("these are only words\n" * 100)
    assert refusal(text).fault is Fault.INVALID_DATA

    playlist = tmp_path / "list.m3u8"
    playlist.write_text("#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:1/secret.ts\n")
    assert refusal(playlist).fault is Fault.INVALID_DATA

    old = write_clip(tmp_path / "old.avi", "mpeg4", frames=3)
    assert "ffmpeg -i old.avi" in str(refusal(old))
    assert refusal(old).fault is Fault.CODEC_NOT_ALLOWED


def test_a_file_cut_short_is_refused_or_read_as_far_as_it_goes(tmp_path, h264_clip) -> None:
    whole = h264_clip.read_bytes()
    headless = tmp_path / "headless.mp4"
    headless.write_bytes(whole[: len(whole) // 2])
    assert refusal(headless).fault is Fault.INVALID_DATA
    stream = write_clip(tmp_path / "whole.ts", frames=25).read_bytes()
    short = tmp_path / "short.ts"
    short.write_bytes(stream[: len(stream) // 2])
    assert [number for _, number in seen(VideoReader(short, "north"))][:8] == list(range(8))


def test_a_file_of_damaged_pictures_is_refused_at_its_end(tmp_path, h264_clip) -> None:
    data = bytearray(h264_clip.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    data[start:end] = bytes(end - start)
    path = tmp_path / "zeros.mp4"
    path.write_bytes(data)
    with pytest.raises(VideoError, match="damaged"):
        list(VideoReader(path, "north"))


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the real footage is not there ({DATA})")
@pytest.mark.parametrize(
    ("name", "frames", "duration_s"), [("highway_free.mp4", 341, 11.38), ("dhaka_creeping.mp4", 412, 17.18)]
)
def test_real_footage_is_read_to_its_end(name, frames, duration_s) -> None:
    reader = VideoReader(DATA / name, "north", fps=2)
    times = [picture.time for picture in reader]
    assert (reader.frames_in, reader.frames_decoded) == (frames, frames)
    assert reader.duration_s == pytest.approx(duration_s, abs=0.01)
    assert times == sorted(set(times))


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the real footage is not there ({DATA})")
def test_an_old_codec_is_refused() -> None:
    error = refusal(DATA / "empty_road_msmpeg4.avi")
    assert error.fault is Fault.CODEC_NOT_ALLOWED
    assert "h264, hevc, mjpeg" in str(error)
