"""What every stream keeps: over the network, out of a file, in memory."""

from itertools import islice, pairwise

import pytest

from edge.cameras.faults import CameraError, Fault
from edge.cameras.offline import PacketFile, VideoError
from edge.cameras.packets import EncodedPacket, StreamFormat
from edge.cameras.rtsp import RtspStream
from edge.cameras.stream import MemoryStream
from scripts.rtsp_server import BackgroundRtspServer, Credentials, Trouble
from tests.edge.cameras.synthetic import MJPEG, made_up, of_clip
from tests.rtsp.clips import write_clip


@pytest.fixture(scope="module")
def server(h264_clip, h265_clip, tmp_path_factory):
    reordered = write_clip(tmp_path_factory.mktemp("clips") / "reordered.mp4", b_frames=2)
    clips = {"h264": h264_clip, "h265": h265_clip, "reordered": reordered}
    with BackgroundRtspServer(clips, credentials=Credentials("viewer", "s3cret/@")) as running:
        yield running


@pytest.fixture(params=["tcp-h264", "tcp-h265", "tcp-reordered", "udp-h264", "file", "memory"])
def stream(request, server, h264_clip):
    kind, _, name = request.param.partition("-")
    if name:
        opened = RtspStream(server.url(name), transport=kind, open_timeout_s=5, read_timeout_s=5)
    elif kind == "file":
        opened = PacketFile(h264_clip)
    else:
        opened = MemoryStream(*of_clip(h264_clip))
    yield opened
    opened.close()


def test_the_contract(stream) -> None:
    stream_format = stream.open()
    assert stream_format.codec in ("h264", "hevc")
    assert (stream_format.width, stream_format.height) == (320, 180)
    assert stream_format.fps == 10
    packets = list(islice(stream, 22))
    assert packets[0].keyframe, "the first packet is the keyframe, not thrown away while looking at the stream"
    assert [number for number, packet in enumerate(packets) if packet.keyframe] == [0, 10, 20]
    times = sorted(packet.pts_s for packet in packets[:20])
    assert [later - earlier for earlier, later in pairwise(times[:16])] == pytest.approx([0.1] * 15)
    stream.close()
    stream.close()
    assert list(stream) == [], "closed is the end"


def refused(stream) -> CameraError:
    with pytest.raises(CameraError) as caught:
        stream.open()
    stream.close()
    assert "s3cret" not in str(caught.value)
    return caught.value


def test_wrong_password_unknown_path_and_nobody_there_are_three_things(server) -> None:
    good = server.url("h264")
    wrong = refused(RtspStream(good.replace("s3cret", "guess")))
    unknown = refused(RtspStream(good.replace("h264", "h266")))
    nobody = refused(RtspStream("rtsp://viewer:s3cret@127.0.0.1:1/h264"))
    nowhere = refused(RtspStream("rtsp://viewer:s3cret@no-such-host.invalid/h264"))
    assert [error.fault for error in (wrong, unknown, nobody, nowhere)] == [
        Fault.WRONG_PASSWORD,
        Fault.UNKNOWN_PATH,
        Fault.UNREACHABLE,
        Fault.UNREACHABLE,
    ]
    assert len({str(error) for error in (wrong, unknown, nobody)}) == 3
    assert "127.0.0.1" in str(wrong)


def test_a_server_that_does_not_answer_is_a_timeout(server) -> None:
    server.make_trouble(Trouble.HANG, "h264")
    try:
        assert refused(RtspStream(server.url("h264"), open_timeout_s=0.5)).fault is Fault.TIMEOUT
    finally:
        server.make_trouble(Trouble.NONE)


def test_a_stream_that_goes_silent_is_a_timeout(server) -> None:
    stream = RtspStream(server.url("h264"), read_timeout_s=0.5)
    stream.open()
    packets = iter(stream)
    next(packets)
    server.make_trouble(Trouble.HANG, "h264")
    try:
        with pytest.raises(CameraError) as caught:
            list(packets)
        assert caught.value.fault is Fault.TIMEOUT
    finally:
        server.make_trouble(Trouble.NONE)
        stream.close()


def test_another_service_on_the_port_is_invalid_data_or_silence(server) -> None:
    import http.server
    import threading

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        error = refused(RtspStream(f"rtsp://127.0.0.1:{web.server_port}/", open_timeout_s=2))
        web.shutdown()
        thread.join()
    assert error.fault in (Fault.INVALID_DATA, Fault.TIMEOUT, Fault.REFUSED, Fault.END_OF_STREAM, Fault.UNREACHABLE)


def test_an_address_of_another_kind_is_not_even_tried() -> None:
    with pytest.raises(CameraError) as caught:
        RtspStream("http://viewer:s3cret@127.0.0.1/video")
    assert caught.value.fault is Fault.ADDRESS_NOT_ALLOWED


def test_a_memory_stream_refuses_and_breaks_as_told() -> None:
    refusal = CameraError(Fault.WRONG_PASSWORD, "here")
    assert refused(MemoryStream(MJPEG, [], refuses=refusal)) is refusal
    stream = MemoryStream(MJPEG, [made_up(0.0, keyframe=True)], breaks=CameraError(Fault.TIMEOUT, "here"))
    assert stream.open() == StreamFormat("mjpeg")
    packets = iter(stream)
    assert next(packets) == EncodedPacket(bytes(10), True, 0.0, 0.0)
    with pytest.raises(CameraError):
        next(packets)


def test_a_file_that_is_none_is_refused_like_a_stream(tmp_path) -> None:
    with pytest.raises(VideoError):
        PacketFile(tmp_path / "missing.mp4").open()


def test_the_independent_server_is_understood(gst_server, h264_clip) -> None:
    with gst_server(h264_clip, name="north", credentials=("viewer", "s3cret")) as url:
        stream = RtspStream(url, open_timeout_s=10, read_timeout_s=5)
        assert stream.open().codec == "h264"
        packets = list(islice(stream, 25))
        stream.close()
        assert packets[0].keyframe
        assert refused(RtspStream(url.replace("s3cret", "guess"))).fault is Fault.WRONG_PASSWORD
        assert refused(RtspStream(url.replace("/north", "/south"))).fault is Fault.UNKNOWN_PATH
