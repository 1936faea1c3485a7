"""Photos as telephones write them."""

import io
from typing import Any

from PIL import Image, ImageDraw

GPS, EXIF = 0x8825, 0x8769


def photo(
    *,
    size: tuple[int, int] = (800, 600),
    at: tuple[float, float] | None = None,
    taken: str = "",
    offset: str = "",
    orientation: int = 1,
    kind: str = "JPEG",
    shade: str = "steelblue",
    shows: bytes = b"",
) -> bytes:
    """Two colours, or what `shows` shows, with the notes of a telephone."""
    picture = Image.new("RGB", size, shade)
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1] // 4), fill="white")
    if shows:
        picture = Image.open(io.BytesIO(shows)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Telepon Murah"
    if at is not None:
        exif[GPS] = {1: "S" if at[0] < 0 else "N", 2: _dms(at[0]), 3: "W" if at[1] < 0 else "E", 4: _dms(at[1])}
    inner: dict[int, Any] = {}
    if taken:
        inner[0x9003] = taken
    if offset:
        inner[0x9011] = offset
    if inner:
        exif[EXIF] = inner
    written = io.BytesIO()
    picture.save(written, kind, exif=exif)
    return written.getvalue()


def _dms(degrees: float) -> tuple[float, float, float]:
    whole = abs(degrees)
    minutes = whole % 1 * 60
    return (float(int(whole)), float(int(minutes)), round(minutes % 1 * 60, 4))
