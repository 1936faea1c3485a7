"""NAL units of H.264 and H.265: cutting a byte stream into them and telling the parameter sets from the rest."""

import re
from typing import Literal

Codec = Literal["h264", "hevc"]

_START_CODE = re.compile(rb"\x00\x00\x00\x01|\x00\x00\x01")
_PARAMETER_SETS: dict[Codec, tuple[int, ...]] = {"h264": (7, 8), "hevc": (32, 33, 34)}


def nal_type(nal: bytes, codec: Codec) -> int:
    """The unit's type: H.264 keeps it in 5 bits, H.265 in 6 bits one place higher."""
    return nal[0] & 0x1F if codec == "h264" else (nal[0] >> 1) & 0x3F


def split_nals(annex_b: bytes) -> list[bytes]:
    """The NAL units between the start codes, without them and without trailing zero bytes."""
    return [nal for part in _START_CODE.split(annex_b) if (nal := part.rstrip(b"\x00"))]


def is_parameter_set(nal: bytes, codec: Codec) -> bool:
    """Whether the unit is a VPS, SPS or PPS."""
    return nal_type(nal, codec) in _PARAMETER_SETS[codec]


def parameter_sets(nals: list[bytes], codec: Codec) -> tuple[bytes, ...]:
    """One unit of each kind in the order that a decoder wants: (VPS,) SPS, PPS.

    Raises:
        ValueError: a kind is missing, so no decoder could start.
    """
    by_type = {nal_type(nal, codec): nal for nal in nals}
    missing = [kind for kind in _PARAMETER_SETS[codec] if kind not in by_type]
    if missing:
        raise ValueError(f"the first picture lacks parameter sets of NAL type {missing} ({codec})")
    return tuple(by_type[kind] for kind in _PARAMETER_SETS[codec])
