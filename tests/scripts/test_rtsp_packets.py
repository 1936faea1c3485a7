"""RTP payloads, headers and the session description."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.rtsp_server.bitstream import nal_type, parameter_sets, split_nals
from scripts.rtsp_server.messages import BadRequestError, parse_request
from scripts.rtsp_server.rtp import RtpStream, payloads
from scripts.rtsp_server.sdp import describe
from scripts.rtsp_server.source import load_clip
from tests.rtsp.clips import write_clip


def put_together(parts: list[bytes], codec: str) -> bytes:
    """What a receiver makes of the payloads of one NAL unit (RFC 6184, 5.8; RFC 7798, 4.4.3)."""
    if len(parts) == 1:
        return parts[0]
    header_bytes = 1 if codec == "h264" else 2
    first = parts[0]
    kind = first[header_bytes] & (0x1F if codec == "h264" else 0x3F)
    assert first[header_bytes] & 0x80, "the first fragment says that it is"
    assert parts[-1][header_bytes] & 0x40, "so does the last"
    header = bytes([first[0] & 0xE0 | kind]) if codec == "h264" else bytes([first[0] & 0x81 | kind << 1, first[1]])
    return header + b"".join(part[header_bytes + 1 :] for part in parts)


@given(
    nal=st.binary(min_size=3, max_size=5000),
    codec=st.sampled_from(["h264", "hevc"]),
    limit=st.integers(min_value=8, max_value=1500),
)
def test_a_nal_survives_fragmentation(nal: bytes, codec: str, limit: int) -> None:
    parts = list(payloads(nal, codec, limit))
    assert all(len(part) <= limit for part in parts)
    assert put_together(parts, codec) == nal


def test_sequence_and_timestamp_wrap() -> None:
    stream = RtpStream(sequence=0xFFFF, ssrc=1, timestamp_offset=0xFFFFFFFF)
    first, second = stream.packetise([b"\x65a", b"\x65b"], "h264", 1.0)
    _, first_type, first_sequence, first_time, _ = struct.unpack("!BBHII", first[:12])
    _, second_type, second_sequence, second_time, _ = struct.unpack("!BBHII", second[:12])
    assert (first_sequence, second_sequence) == (0xFFFF, 0)
    assert first_time == second_time == 89_999
    assert (first_type >> 7, second_type >> 7) == (0, 1), "only the last packet of a picture has the marker"
    assert (stream.packets, stream.payload_bytes) == (2, 4)


def test_a_sender_report_ties_stream_time_to_the_wall_clock() -> None:
    stream = RtpStream(timestamp_offset=0, ssrc=7)
    _, kind, length, ssrc, seconds, fraction, timestamp, packets, _ = struct.unpack(
        "!BBHIIIIII", stream.sender_report(2.0, 0.5)
    )
    assert (kind, length, ssrc, timestamp, packets) == (200, 6, 7, 180_000, 0)
    assert seconds == 2_208_988_800
    assert fraction == 2**31


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=6))
def test_split_nals_finds_what_was_joined(bodies: list[bytes]) -> None:
    nals = [b"\x65" + body.replace(b"\x00", b"\x01") for body in bodies]
    assert split_nals(b"".join(b"\x00\x00\x00\x01" + nal for nal in nals)) == nals


@pytest.mark.parametrize(("encoder", "codec", "word"), [("libx264", "h264", "H264"), ("libx265", "hevc", "H265")])
def test_the_description_carries_the_parameter_sets(tmp_path, encoder, codec, word) -> None:
    clip = load_clip(write_clip(tmp_path / "clip.mp4", encoder, frames=12))
    text = describe("north", clip, "127.0.0.1")
    assert f"a=rtpmap:96 {word}/90000" in text
    assert "sprop" in text
    assert clip.codec == codec
    assert clip.duration_s == pytest.approx(1.2)
    assert [unit.keyframe for unit in clip.units[:11]] == [True] + [False] * 9 + [True]


def test_a_stream_without_parameter_sets_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[8\]"):
        parameter_sets([b"\x67sps"], "h264")
    assert nal_type(b"\x67sps", "h264") == 7


def test_other_codecs_are_refused_with_the_file_named(tmp_path) -> None:
    path = write_clip(tmp_path / "old.mp4", "mpeg4", frames=3)
    with pytest.raises(ValueError, match=r"old\.mp4: codec mpeg4"):
        load_clip(path)


@pytest.mark.parametrize("line", ["GET / HTTP/1.1", "nonsense", "PLAY rtsp://x"])
def test_what_is_no_rtsp_is_refused(line: str) -> None:
    with pytest.raises(BadRequestError):
        parse_request(line + "\r\n\r\n")
