"""Fixtures of many tests: tiny clips, and Debian's RTSP server."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import settings

from tests.rtsp import gst
from tests.rtsp.clips import write_clip

# Examples are bounded in number, not in time: on a busy machine a deadline says nothing about the code.
settings.register_profile("sigap", deadline=None)
settings.load_profile("sigap")


@pytest.fixture(scope="session")
def h264_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30 numbered frames at 10 frames a second, a keyframe a second."""
    return write_clip(tmp_path_factory.mktemp("clips") / "h264.mp4", "libx264")


@pytest.fixture(scope="session")
def h265_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in H.265."""
    return write_clip(tmp_path_factory.mktemp("clips") / "h265.mp4", "libx265")


@pytest.fixture
def gst_server(tmp_path: Path) -> Callable[..., AbstractContextManager[str]]:
    """`with gst_server(clip, name=…, credentials=(user, password)) as url:`; skips without Debian's packages."""
    reason = gst.missing()
    if reason:
        pytest.skip(reason)

    def serve(
        clip: Path, name: str = "camera", credentials: tuple[str, str] | None = None
    ) -> AbstractContextManager[str]:
        return gst.serving(clip, tmp_path, name, credentials)

    return serve
