"""Photos of citizens: what is read, what is stripped, what is refused."""

import io
import struct
import zlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from central.reports.photos import LONGEST_SIDE_PX, MAX_BYTES, BadPhoto, clean
from tests.central.reports.pictures import photo

WIB = ZoneInfo("Asia/Jakarta")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 4096)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_place_and_time_are_read_and_nothing_stays() -> None:
    told = clean(photo(at=(-2.1312, 106.1101), taken="2026:03:02 05:04:03", offset="+07:00"))
    assert (told.lat, told.lon) == pytest.approx((-2.1312, 106.1101), abs=1e-5)
    assert told.taken == datetime(2026, 3, 1, 22, 4, 3, tzinfo=UTC)
    assert b"Telepon" not in told.content
    kept = opened(told.content)
    assert kept.format == "JPEG"
    assert not kept.getexif()
    assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_time_without_a_zone_is_that_of_the_city() -> None:
    assert clean(photo(taken="2026:03:02 05:04:03"), WIB).taken == datetime(2026, 3, 2, 5, 4, 3, tzinfo=WIB)


@pytest.mark.parametrize("taken", ["    :  :     :  :  ", "2026-03-02", "2026:13:45 99:99:99"])
def test_odd_notes_do_not_cost_the_photo(taken: str) -> None:
    told = clean(photo(taken=taken, at=(0.0, 0.0)))
    assert (told.taken, told.lat, told.lon) == (None, None, None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_is_made_smaller_and_a_jpeg(kind: str) -> None:
    told = clean(photo(size=(2400, 1800), kind=kind))
    assert (told.width, told.height) == (LONGEST_SIDE_PX, LONGEST_SIDE_PX * 3 // 4)
    assert opened(told.content).size == (told.width, told.height)


def test_it_is_turned_upright() -> None:
    told = clean(photo(size=(800, 600), orientation=6))
    assert (told.width, told.height) == (600, 800)
    assert opened(told.content).getpixel((560, 40)) == pytest.approx((255, 255, 255), abs=6)


def test_transparent_becomes_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (40, 30), (255, 0, 0, 0)).save(written, "PNG")
    assert opened(clean(written.getvalue()).content).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (10_000, 9_500), (5000, 4001)])
def test_bombs_are_refused_unopened(width: int, height: int) -> None:
    with pytest.raises(BadPhoto, match=r"[26]0 mega"):
        clean(bomb(width, height))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
        (b"%PDF-1.7 nothing", "JPEG"),
        (b"", "JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG"),
        (b"GIF89a" + b"\0" * 40, "JPEG"),
        (b"\xff" * (MAX_BYTES + 1), "12 MB"),
        (photo(size=(1200, 900))[:-700], "damaged|rusak"),
    ],
    ids=["heic", "pdf", "nothing", "svg", "gif", "too large", "cut off"],
)
def test_what_is_refused_says_why(content: bytes, says: str) -> None:
    with pytest.raises(BadPhoto, match=says):
        clean(content)


PHOTO = photo(at=(-6.2, 106.8), taken="2026:03:02 05:04:03")


@pytest.mark.filterwarnings("ignore::UserWarning")  # what Pillow thinks of broken notes
@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_broken_photo_is_a_photo_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(PHOTO)
    for place, value in changes:
        content[place] = value
    try:
        told = clean(bytes(content))
    except BadPhoto:
        return
    assert not opened(told.content).getexif()
