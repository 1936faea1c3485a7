"""A session's life on a clock of the test's own, its streams out of memory."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from edge.cameras.faults import CameraError, Fault
from edge.cameras.packets import EncodedPacket
from edge.cameras.ring import PacketRing
from edge.cameras.session import CameraSession, Patience
from edge.cameras.states import TRANSITIONS, CameraState, CameraStatus
from edge.cameras.stream import MemoryStream, PacketStream
from tests.edge.cameras.synthetic import H264, MJPEG, made_up, of_clip

C, S, T, B, D = CameraState


class World:
    """Time that passes only when the session waits or a packet arrives; streams in the order given."""

    def __init__(self, streams: list[PacketStream | Exception], **options: object) -> None:
        self.now = 1000.0
        self.waits: list[float] = []
        self.statuses: list[CameraStatus] = []
        self._streams = iter(streams)
        self.session = CameraSession(
            PacketRing("north"),
            self._next_stream,
            on_status=lambda _camera, status: self.statuses.append(status),
            clock=lambda: self.now,
            wait=self._wait,
            draw=lambda: 1.0,
            **options,
        )

    def _next_stream(self) -> PacketStream:
        stream = next(self._streams, None)
        if stream is None:
            self.session.stop()
            return MemoryStream(MJPEG, [], refuses=gone(Fault.UNREACHABLE))
        if isinstance(stream, Exception):
            raise stream
        return stream

    def _wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.now += seconds
        return False

    def paced(self, packets: list[EncodedPacket], ends: CameraError | None = None) -> PacketStream:
        """A stream whose packets arrive when they are due."""
        world = self

        class Paced(MemoryStream):
            def __iter__(self) -> Iterator[EncodedPacket]:
                began = world.now
                for packet in super().__iter__():
                    world.now = began + (packet.pts_s or 0.0)
                    yield packet

        return Paced(MJPEG, packets, breaks=ends)

    def run(self) -> list[CameraState]:
        self.session.run()
        return [status.state for status in self.statuses]


def seconds_of(length_s: float, keyframe_every: int = 10) -> list[EncodedPacket]:
    return [made_up(number / 10, keyframe=number % keyframe_every == 0) for number in range(round(length_s * 10))]


def gone(fault: Fault) -> CameraError:
    return CameraError(fault, "rtsp://camera/1")


def test_it_streams_ends_waits_and_connects_again() -> None:
    world = World([MemoryStream(MJPEG, seconds_of(1)), MemoryStream(MJPEG, seconds_of(1))])
    assert world.run() == [S, B, C, S, B, C, D]
    assert world.statuses[1].fault is Fault.END_OF_STREAM
    assert world.session.ring.state().generation == 2
    assert world.session.counters.connects == 2
    assert world.session.counters.packets == 20


def test_every_way_it_takes_is_in_the_table() -> None:
    refusals = [MemoryStream(MJPEG, [], refuses=gone(fault)) for fault in Fault]
    breaks = [MemoryStream(MJPEG, seconds_of(1), breaks=gone(fault)) for fault in Fault]
    states = [C, *World([*refusals, *breaks]).run()]
    assert all(after in TRANSITIONS[before] for before, after in pairwise(states))
    assert states.count(S) == len(breaks)
    assert states.count(B) == len(refusals) + len(breaks)


@pytest.mark.parametrize("fault", [Fault.WRONG_PASSWORD, Fault.UNKNOWN_PATH, Fault.UNREACHABLE, Fault.TIMEOUT])
def test_a_refusal_is_faulty_with_its_reason(fault) -> None:
    world = World([MemoryStream(MJPEG, [], refuses=gone(fault))])
    assert world.run() == [B, C, D]
    assert world.statuses[0].fault is fault
    assert world.statuses[0].reason == str(gone(fault))
    assert [status.wire for status in world.statuses] == ["faulty", "faulty", "disabled"]


def test_silence_stalls_before_it_is_given_up() -> None:
    world = World([MemoryStream(MJPEG, seconds_of(1), breaks=gone(Fault.TIMEOUT))])
    assert world.run() == [S, T, B, C, D]


def test_waits_grow_and_are_forgotten_once_it_streams_for_a_while() -> None:
    world = World([])
    streams = [*[MemoryStream(MJPEG, [], refuses=gone(Fault.UNREACHABLE)) for _ in range(4)]]
    streams.append(world.paced(seconds_of(5)))  # too short to be forgiven
    streams.append(world.paced(seconds_of(15)))
    world._streams = iter(streams)
    world.run()
    assert world.waits == [2, 4, 8, 16, 32, 2]


def test_a_stream_without_keyframes_is_given_up() -> None:
    world = World([], patience=Patience(keyframe_s=3.0))
    world._streams = iter([world.paced(seconds_of(20, keyframe_every=1000)), world.paced(seconds_of(2)[1:])])
    assert world.run()[:2] == [S, B]
    assert world.statuses[1].fault is Fault.INVALID_DATA
    assert "no keyframe for 3 s" in world.statuses[1].reason
    assert world.statuses[1].since == pytest.approx(1003.1)


def test_a_stream_that_never_has_a_keyframe_never_streams() -> None:
    world = World([], patience=Patience(keyframe_s=3.0))
    world._streams = iter([world.paced(seconds_of(10)[1:2] * 50)])
    assert S not in world.run()


def test_a_stream_that_cannot_be_decoded_is_dropped_after_a_few_looks() -> None:
    nonsense = [
        EncodedPacket(b"\x00\x00\x01\x65\x88 no picture", True, float(second), float(second)) for second in range(9)
    ]
    looks: list[str | None] = []

    class LookedAt(MemoryStream):
        def __iter__(self) -> Iterator[EncodedPacket]:
            for packet in super().__iter__():
                yield packet
                looks.append(world.session.glance().problem)
                looks.append(world.session.glance().problem)  # the same keyframe again is no news

    world = World([LookedAt(H264, nonsense)])
    world.run()
    assert world.statuses[1].state is B
    assert world.statuses[1].fault is Fault.INVALID_DATA
    assert "could not be decoded" in world.statuses[1].reason
    assert len(looks) == 6


def test_one_good_look_forgives(h264_clip) -> None:
    stream_format, packets = of_clip(h264_clip)
    keyframes = [packet for packet in packets if packet.keyframe] * 4

    class LookedAt(MemoryStream):
        def __iter__(self) -> Iterator[EncodedPacket]:
            for number, packet in enumerate(keyframes):
                data = packet.data if number % 3 == 2 else b"\x00\x00\x00\x02\x65\x88"
                yield EncodedPacket(data, True, float(number), float(number))
                world.session.glance()

    world = World([LookedAt(stream_format, [])])
    world.run()
    assert world.statuses[1].fault is Fault.END_OF_STREAM


def test_a_defect_of_ours_is_logged_and_the_camera_goes_on() -> None:
    world = World([RuntimeError("rtsp://u:s3cret@h/ went wrong"), MemoryStream(MJPEG, seconds_of(1))])
    with capture_logs() as logs:
        states = world.run()
    assert states == [B, C, S, B, C, D]
    assert world.statuses[0].fault is Fault.INTERNAL
    assert "s3cret" not in world.statuses[0].reason
    assert any(entry["log_level"] == "error" for entry in logs)


def test_a_listener_that_fails_is_logged_and_the_camera_goes_on() -> None:
    world = World([MemoryStream(MJPEG, seconds_of(1))])

    def fail(_camera: str, status: CameraStatus) -> None:
        world.statuses.append(status)
        raise ValueError("the listener")

    world.session._on_status = fail
    with capture_logs() as logs:
        assert world.run() == [S, B, C, D]
    assert [entry["log_level"] for entry in logs].count("error") == 4


def test_a_disabled_camera_is_left_alone() -> None:
    world = World([RuntimeError("must not be opened")], enabled=False)
    world.session.start()
    assert world.session.status.wire == "disabled"
    assert world.session.stop()
    assert world.statuses == []


def test_after_stop_it_says_nothing_more() -> None:
    world = World([])

    class StoppedMeanwhile(MemoryStream):
        def __iter__(self) -> Iterator[EncodedPacket]:
            yield from super().__iter__()
            world.session.stop()
            raise gone(Fault.TIMEOUT)

    world._streams = iter([StoppedMeanwhile(MJPEG, seconds_of(1))])
    assert world.run() == [S, D]
    assert world.session.status.reason == "the box stopped watching this camera"
