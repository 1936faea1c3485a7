"""Names of things on the wire. A space or a dot in one breaks brokers, so both are refused here, for everybody."""

import hashlib
import re
import secrets
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field, StringConstraints

NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"
NAME_RULE = "a to z, 0 to 9, '_' and '-', at most 40 characters, beginning with a letter or a digit"

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
BoxId = Name
CameraId = Name
ZoneId = Name
Epoch = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""One life of one outbox file: random, so that a re-imaged box begins a new one."""
Seq = Annotated[int, Field(ge=1, le=2**53 - 1)]
"""Counts the events of one epoch from 1 without gaps. Stays exact in every JSON reader."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def is_name(text: str) -> bool:
    """Whether the text may name a box, a camera or a zone."""
    return re.fullmatch(NAME_PATTERN.strip("^$"), text) is not None


def new_epoch() -> str:
    """Sixteen hexadecimal digits nobody else has."""
    return secrets.token_hex(8)


def event_id(box: str, epoch: str, seq: int) -> UUID:
    """The id every copy of one event has: sending twice is not happening twice."""
    return uuid5(NAMESPACE_URL, f"sigap:{box}:{epoch}:{seq}")


def sha256_of(content: bytes) -> str:
    """Hexadecimal, lower case: the name of a piece of evidence."""
    return hashlib.sha256(content).hexdigest()
