"""A real stream that ends, hangs and comes back, as the box's looking loop meets it."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.cameras.backoff import Backoff
from edge.cameras.ring import PacketRing
from edge.cameras.rtsp import RtspStream
from edge.cameras.session import CameraSession
from edge.config.cameras import CameraSection
from edge.incidents.lifecycle import EpisodeStep
from edge.live import LiveCamera
from edge.networks import Networks
from edge.watching import watch_for
from scripts.rtsp_server import BackgroundRtspServer, Trouble
from tests.edge.street import detector

CLIP = Path(__file__).parents[2] / "sample_videos" / "jam_builds_up.mp4"
WANTED = {"incidents": {"camera_fault": {"offline_after": "3s", "hold": "2s"}}}


def stopped(server: BackgroundRtspServer) -> Callable[[], None]:
    server.stop()
    return server.start


def hanging(server: BackgroundRtspServer) -> Callable[[], None]:
    server.make_trouble(Trouble.HANG)
    return lambda: server.make_trouble(Trouble.NONE)


@pytest.mark.slow
@pytest.mark.parametrize("outage", [stopped, hanging])
def test_an_outage_is_one_episode_from_the_last_picture_to_the_next(
    outage: Callable[[BackgroundRtspServer], Callable[[], None]],
) -> None:
    steps: list[EpisodeStep] = []
    with BackgroundRtspServer({"north": CLIP}) as server:
        url = server.url("north")
        session = CameraSession(
            PacketRing("north"),
            lambda: RtspStream(url, open_timeout_s=2.0, read_timeout_s=1.0),
            backoff=Backoff(first_s=0.2, longest_s=0.5),
        )
        section = CameraSection.model_validate(WANTED)
        camera = LiveCamera("north", section, session, watch_for("north", section, Networks(detector())))
        newest = [0.0]

        def attend(done: Callable[[], bool], patience_s: float = 60.0) -> None:
            until = time.monotonic() + patience_s
            while not done():
                assert time.monotonic() < until, steps
                look = camera.look()
                steps.extend(camera.hear(time.time()) if look is None else look.steps)
                newest[0] = newest[0] if look is None else look.picture.time
                time.sleep(0.25)

        session.start()
        try:
            attend(lambda: newest[0] > 0)
            come_back = outage(server)
            attend(lambda: any(step.phase.value == "opened" for step in steps))
            last_seen = newest[0]
            come_back()
            attend(lambda: any(step.phase.value == "closed" for step in steps))
        finally:
            session.stop(timeout_s=5.0)
    assert [(step.phase.value, step.about) for step in steps] == [("opened", "offline"), ("closed", "offline")]
    assert steps[0].began == pytest.approx(last_seen, abs=2)
    assert 3 <= steps[0].time - steps[0].began < 15
    assert not steps[1].lost
