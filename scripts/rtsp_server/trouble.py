"""Misbehaviour on demand: what real cameras do on bad days."""

import random
from enum import Enum, auto


class Trouble(Enum):
    """How a source misbehaves.

    `HANG`: connections stay open, but nothing is answered and nothing sent. `NOISE`: random bytes in place of RTP (over
    TCP the framing itself is lost). `BROKEN_PICTURES`: correct RTP around random picture data. `NO_KEYFRAMES`: pictures
    that nobody can start from.
    """

    NONE = auto()
    HANG = auto()
    NOISE = auto()
    BROKEN_PICTURES = auto()
    NO_KEYFRAMES = auto()


def noise(length: int) -> bytes:
    """Random bytes, as a broken link would deliver them."""
    return random.randbytes(length)  # noqa: S311 (noise, no secret)


def scramble(nal: bytes) -> bytes:
    """Keep the NAL header, replace the rest: it travels well and decodes to nothing."""
    return nal[:2] + noise(max(0, len(nal) - 2))
