"""A citizen's photo: what it tells of time and place is read, then it is drawn anew, so that nothing stays in it."""

import io
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = {"JPEG": 60_000_000, "PNG": 20_000_000, "WEBP": 20_000_000}
"""Above what telephones take; a small file can claim one that fills the memory. JPEGs alone are decoded smaller."""
LONGEST_SIDE_PX = 1600
QUALITY = 80
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})

_DECODERS = threading.BoundedSemaphore(2)
"""So many at a time, however many citizens send at once."""

_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _TAKEN_OFFSET = 0x9003, 0x9011
_LAT_REF, _LAT, _LON_REF, _LON = 1, 2, 3, 4


class BadPhoto(ValueError):  # noqa: N818 — what it is
    """It cannot be taken; the text tells the citizen why, and what to do."""


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A JPEG without metadata, and what the original said. Position in degrees, both or neither."""

    content: bytes
    width: int
    height: int
    taken: datetime | None
    lat: float | None
    lon: float | None


def clean(original: bytes, zone: tzinfo = UTC) -> CleanPhoto:
    """Reads the EXIF, turns the picture upright, makes it at most LONGEST_SIDE_PX and encodes it again. `zone` is that
    of a time without one: cameras write the wall's.

    Raises:
        BadPhoto: too large, or not a picture that can be read here.
    """
    if len(original) > MAX_BYTES:
        raise BadPhoto(_("This photo is larger than %(n)d MB. Please send a smaller one.") % {"n": MAX_BYTES >> 20})
    if original[4:8] == b"ftyp" and original[8:12] in HEIC_BRANDS:
        raise BadPhoto(
            _("This photo is in Apple’s HEIC format, which is not read here. Please send it as JPEG or a screenshot.")
        )
    try:
        with _DECODERS, Image.open(io.BytesIO(original), formats=tuple(MAX_PIXELS)) as picture:
            return _drawn_anew(picture, zone)
    except UnidentifiedImageError as error:
        raise BadPhoto(_("This file is not a photo. Please send a JPEG, PNG or WebP picture.")) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(max(MAX_PIXELS.values())) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError) as error:  # what decoders raise
        if isinstance(error, BadPhoto):
            raise
        raise BadPhoto(_("This photo is damaged. Please take it again.")) from error


def _drawn_anew(picture: Image.Image, zone: tzinfo) -> CleanPhoto:
    most = MAX_PIXELS[str(picture.format)]
    if picture.width * picture.height > most:
        raise _too_many_pixels(most)
    taken, position = _told_by(picture, zone)
    # A JPEG is decoded at half, a quarter or an eighth of its size where that is enough: time and memory.
    picture.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    written = io.BytesIO()
    _flat(upright).save(written, "JPEG", quality=QUALITY, optimize=True)
    lat, lon = position or (None, None)
    return CleanPhoto(written.getvalue(), upright.width, upright.height, taken, lat, lon)


def _flat(picture: Image.Image) -> Image.Image:
    """On white where it is transparent. A new image: comments, profiles and thumbnails stay behind."""
    seen = picture.convert("RGBA")
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    return flat


def _told_by(picture: Image.Image, zone: tzinfo) -> tuple[datetime | None, tuple[float, float] | None]:
    """Time and position; what cannot be read counts as not told, because a photo is worth more than its notes."""
    try:
        exif = picture.getexif()
        return _taken(exif.get_ifd(_EXIF), zone), _position(exif.get_ifd(_GPS))
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError, ZeroDivisionError):
        return None, None


def _taken(exif: dict[int, Any], zone: tzinfo) -> datetime | None:
    written = str(exif.get(_TAKEN, "")).strip("\0 ")
    if not re.fullmatch(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", written):
        return None
    offset = re.fullmatch(r"([+-])(\d\d):(\d\d)", str(exif.get(_TAKEN_OFFSET, "")).strip("\0 "))
    if offset is not None:
        span = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        zone = timezone(-span if offset[1] == "-" else span)
    return datetime.strptime(written, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)


def _position(gps: dict[int, Any]) -> tuple[float, float] | None:
    if not {_LAT_REF, _LAT, _LON_REF, _LON} <= gps.keys():
        return None
    lat, lon = _degrees(gps[_LAT], gps[_LAT_REF], "S"), _degrees(gps[_LON], gps[_LON_REF], "W")
    inside = isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180
    # 0, 0 is what a telephone writes that does not know.
    return (round(lat, 6), round(lon, 6)) if inside and (lat, lon) != (0.0, 0.0) else None


def _degrees(parts: Any, reference: Any, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(reference).strip("\0 ").upper() == negative else value


def _too_many_pixels(most: int) -> BadPhoto:
    return BadPhoto(_("This photo has more than %(n)d megapixels.") % {"n": most // 1_000_000})
