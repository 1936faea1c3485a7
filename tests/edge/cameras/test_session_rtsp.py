"""Sessions with real servers that die, hang, send garbage and come back."""

import itertools
import threading
import time
from collections.abc import Callable

import pytest

from edge.cameras.backoff import Backoff
from edge.cameras.faults import Fault
from edge.cameras.ring import PacketRing
from edge.cameras.rtsp import RtspStream
from edge.cameras.session import CameraSession, Patience
from edge.cameras.states import CameraState, CameraStatus
from scripts.rtsp_server import BackgroundRtspServer, Credentials, Trouble
from tests.rtsp.clips import read_number

LOGIN = Credentials("viewer", "s3cret/@")


class Watched:
    """A session whose statuses a test can wait for."""

    def __init__(self, url: str, camera: str = "north", **patience: float) -> None:
        self.statuses: list[CameraStatus] = []
        self._changed = threading.Condition()
        self.session = CameraSession(
            PacketRing(camera),
            lambda: RtspStream(url, open_timeout_s=3.0, read_timeout_s=1.0),
            on_status=self._on_status,
            backoff=Backoff(first_s=0.2, longest_s=0.5),
            patience=Patience(**patience),
        )

    def __enter__(self) -> "Watched":
        self.session.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.session.stop(timeout_s=5.0)

    def _on_status(self, _camera: str, status: CameraStatus) -> None:
        with self._changed:
            self.statuses.append(status)
            self._changed.notify_all()

    def wait_for(
        self, state: CameraState | None = None, fault: Fault | None = None, after: int = 0, timeout_s: float = 15.0
    ) -> CameraStatus:
        """The first status from number `after` on that fits."""

        def fits(status: CameraStatus) -> bool:
            return state in (None, status.state) and fault in (None, status.fault)

        with self._changed:
            arrived = self._changed.wait_for(lambda: any(map(fits, self.statuses[after:])), timeout_s)
            assert arrived, f"no {state} {fault} in {self.statuses[after:]}"
            return next(status for status in self.statuses[after:] if fits(status))

    def recovers(self, after: int) -> None:
        """It streams again, and its pictures can be seen."""
        self.wait_for(CameraState.STREAMING, after=after)
        eventually(lambda: self.session.glance().picture is not None)


def eventually(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


@pytest.fixture
def server(h264_clip, h265_clip):
    with BackgroundRtspServer({"north": h264_clip, "south": h265_clip}, credentials=LOGIN) as running:
        yield running


@pytest.mark.parametrize("name", ["north", "south"])
def test_looks_at_a_live_camera(server, name) -> None:
    with Watched(server.url(name)) as watched:
        watched.wait_for(CameraState.STREAMING)
        eventually(lambda: watched.session.ring.state().packets >= 15)
        newest = watched.session.ring.state().newest_time
        assert abs(time.time() - newest) < 0.5
        look = watched.session.stare(1.0, 10)
        assert look.problem is None
        numbers = [read_number(picture.image) for picture in look.pictures]
        assert [(later - earlier) % 30 for earlier, later in itertools.pairwise(numbers)] == [1] * 10
        keyframe = watched.session.glance().picture
        assert read_number(keyframe.image) % 10 == 0
        assert watched.session.stop()
        assert watched.session.status.wire == "disabled"


def test_a_wrong_password_an_unknown_path_and_a_dead_address_are_three_states(server) -> None:
    good = server.url("north")
    urls = {
        Fault.WRONG_PASSWORD: good.replace("s3cret", "s3crit"),
        Fault.UNKNOWN_PATH: good.replace("/north", "/nowhere"),
        Fault.UNREACHABLE: f"rtsp://viewer:s3cret@127.0.0.1:{_free_port()}/north",
    }
    reasons = set()
    for fault, url in urls.items():
        with Watched(url) as watched:
            status = watched.wait_for(CameraState.BACKOFF)
            assert (status.fault, status.wire) == (fault, "faulty")
            assert "s3cr" not in status.reason
            reasons.add(status.reason)
    assert len(reasons) == 3


def _free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_killed_server_is_an_end_and_a_restarted_one_is_found(server) -> None:
    with Watched(server.url("north")) as watched:
        watched.wait_for(CameraState.STREAMING)
        server.stop()
        watched.wait_for(CameraState.BACKOFF, Fault.END_OF_STREAM)
        watched.wait_for(CameraState.BACKOFF, Fault.UNREACHABLE)
        seen = len(watched.statuses)
        server.start()
        watched.recovers(after=seen)
        assert watched.session.ring.state().generation == 2


def test_a_cut_connection_is_restored(server) -> None:
    with Watched(server.url("north")) as watched:
        watched.wait_for(CameraState.STREAMING)
        server.cut()
        watched.wait_for(CameraState.BACKOFF)
        watched.recovers(after=2)


def test_a_hung_server_stalls_then_backs_off_and_comes_back(server) -> None:
    with Watched(server.url("north")) as watched:
        watched.wait_for(CameraState.STREAMING)
        server.make_trouble(Trouble.HANG)
        assert watched.wait_for(CameraState.STALLED).wire == "stalled"
        assert watched.wait_for(CameraState.BACKOFF).fault is Fault.TIMEOUT
        seen = len(watched.statuses)
        server.make_trouble(Trouble.NONE)
        watched.recovers(after=seen)


def test_noise_in_place_of_a_stream_is_dropped_and_reconnected(server) -> None:
    with Watched(server.url("north")) as watched:
        watched.wait_for(CameraState.STREAMING)
        server.make_trouble(Trouble.NOISE)
        watched.wait_for(CameraState.BACKOFF)
        seen = len(watched.statuses)
        server.make_trouble(Trouble.NONE)
        watched.recovers(after=seen)


def test_broken_pictures_are_noticed_by_looking(server) -> None:
    with Watched(server.url("north")) as watched:
        watched.wait_for(CameraState.STREAMING)
        server.make_trouble(Trouble.BROKEN_PICTURES)

        def given_up() -> bool:
            watched.session.glance()
            return any(status.fault is Fault.INVALID_DATA for status in watched.statuses)

        eventually(given_up)
        server.make_trouble(Trouble.NONE)
        watched.recovers(after=len(watched.statuses) - 1)


def test_missing_keyframes_are_noticed(server) -> None:
    with Watched(server.url("north"), keyframe_s=2.0) as watched:
        watched.wait_for(CameraState.STREAMING)
        server.make_trouble(Trouble.NO_KEYFRAMES)
        status = watched.wait_for(CameraState.BACKOFF)
        assert status.fault is Fault.INVALID_DATA
        assert "no keyframe" in status.reason


def test_a_broken_camera_leaves_the_other_alone(server) -> None:
    with Watched(server.url("north")) as broken, Watched(server.url("south"), camera="south") as healthy:
        healthy.wait_for(CameraState.STREAMING)
        broken.wait_for(CameraState.STREAMING)
        for trouble in (Trouble.NOISE, Trouble.HANG):
            server.make_trouble(trouble, "north")
            broken.wait_for(CameraState.BACKOFF, after=len(broken.statuses))
        assert [status.state for status in healthy.statuses] == [CameraState.STREAMING]
        gaps = [later - earlier for earlier, later in _neighbours(healthy.session.ring.past(5).times)]
        assert gaps == pytest.approx([0.1] * len(gaps), abs=1e-3)


def _neighbours(values):
    return itertools.pairwise(values)


def test_stop_is_quick_while_streaming_and_honest_while_hanging(server) -> None:
    with Watched(server.url("north")) as watched:
        watched.wait_for(CameraState.STREAMING)
        began = time.monotonic()
        assert watched.session.stop()
        assert time.monotonic() - began < 0.5
    with Watched(server.url("south")) as watched:
        watched.wait_for(CameraState.STREAMING)
        server.make_trouble(Trouble.HANG)
        time.sleep(0.2)
        began = time.monotonic()
        assert not watched.session.stop(timeout_s=0.1)
        assert time.monotonic() - began < 0.3
        assert watched.session.status.state is CameraState.DISABLED
        eventually(lambda: watched.session.stop(timeout_s=0.1))


def test_the_independent_server_comes_through_too(gst_server, h264_clip) -> None:
    with gst_server(h264_clip, credentials=("viewer", "s3cret")) as url, Watched(url) as watched:
        watched.wait_for(CameraState.STREAMING)
        eventually(lambda: watched.session.ring.state().packets >= 25)
        look = watched.session.stare(1.5, 10)
        assert look.problem is None
        numbers = [read_number(picture.image) for picture in look.pictures]
        assert [(later - earlier) % 30 for earlier, later in _neighbours(numbers)] == [1] * 15
        gaps = [later.time - earlier.time for earlier, later in _neighbours(look.pictures)]
        assert gaps == pytest.approx([0.1] * 15, abs=0.02)
