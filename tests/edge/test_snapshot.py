"""A camera's picture with the grid that zones are read off."""

import cv2
import numpy as np
import pytest

from edge.cameras.faults import CameraError, Fault
from edge.cameras.offline import PacketFile
from edge.cameras.packets import EncodedPacket
from edge.cameras.rtsp import RtspStream
from edge.cameras.stream import MemoryStream
from edge.picture import Picture
from edge.snapshot import draw_grid, take, write
from scripts.rtsp_server import BackgroundRtspServer, Trouble
from tests.edge.cameras.synthetic import H264, of_clip
from tests.rtsp.clips import read_number, write_clip


def test_a_picture_of_a_live_camera(h264_clip) -> None:
    with BackgroundRtspServer({"north": h264_clip}) as server:
        picture = take(RtspStream(server.url("north")), "north")
        assert read_number(picture.image) % 10 == 0
        assert picture.camera == "north"
        server.make_trouble(Trouble.HANG)
        with pytest.raises(CameraError) as caught:
            take(RtspStream(server.url("north"), open_timeout_s=0.5), "north")
        assert caught.value.fault is Fault.TIMEOUT


def test_a_picture_of_a_file_even_of_a_single_one(h264_clip, tmp_path) -> None:
    assert read_number(take(PacketFile(h264_clip), "north").image) == 0
    single = write_clip(tmp_path / "single.mp4", frames=1)
    assert read_number(take(PacketFile(single), "north").image) == 0


def test_a_broken_keyframe_is_passed_over(h264_clip) -> None:
    stream_format, packets = of_clip(h264_clip)
    packets[0] = EncodedPacket(b"\x00\x00\x00\x02\x65\x88", True, 0.0, 0.0)
    assert read_number(take(MemoryStream(stream_format, packets), "north").image) == 10


def test_no_picture_is_an_error_with_its_reason() -> None:
    nonsense = [EncodedPacket(b"\x00\x00\x01\x65\x88 no picture", True, float(number)) for number in range(3)]
    with pytest.raises(CameraError, match="could not be decoded"):
        take(MemoryStream(H264, nonsense), "north")
    with pytest.raises(CameraError, match="no keyframe"):
        take(MemoryStream(H264, []), "north")


def test_the_grid_lies_on_the_tenths_and_leaves_the_picture_alone() -> None:
    image = np.full((501, 1001, 3), 128, np.uint8)
    drawn = draw_grid(image)
    assert drawn.shape == image.shape
    assert (image == 128).all()
    row, column = drawn[275, :, 0], drawn[:, 550, 0]
    assert {x for x in range(1001) if row[x] > 180} >= {100, 300, 600, 900}
    assert {y for y in range(501) if column[y] > 180} >= {50, 150, 300, 450}
    assert row[550] == column[275] == 128, "between the lines nothing is drawn"


def test_small_pictures_are_enlarged() -> None:
    assert draw_grid(np.zeros((180, 320, 3), np.uint8)).shape == (720, 1280, 3)


def test_it_is_written_with_and_without_the_grid(tmp_path) -> None:
    picture = Picture("north", 0.0, np.full((90, 160, 3), 128, np.uint8))
    write(picture, tmp_path / "grid.png")
    write(picture, tmp_path / "plain.png", grid=False)
    assert (cv2.imread(str(tmp_path / "plain.png")) == 128).all()
    assert not (cv2.imread(str(tmp_path / "grid.png")) == 128).all()
    with pytest.raises(ValueError, match=r"grid\.txt"):
        write(picture, tmp_path / "grid.txt")
    with pytest.raises(OSError, match="nowhere"):
        write(picture, tmp_path / "nowhere" / "grid.png")
