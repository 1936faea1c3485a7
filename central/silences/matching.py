"""Which silence concerns what a camera sees. Pure, apart from the one function that loads them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from central.incidents.kinds import Kind
from central.silences.areas import contains
from central.silences.models import Silence

DANGEROUS = 3
"""A flood from this severity on is never hidden, whoever wanted silence."""


class Sighting(Protocol):
    """What a silence is asked about: an episode."""

    kind: str
    camera_id: int
    zone: str
    lat: float | None
    lon: float | None
    worst_severity: int


def since(moment: datetime) -> list[Silence]:
    """Those that have not ended by then."""
    return list(Silence.objects.filter(ends__gt=moment).order_by("begins", "pk"))


def matching(silences: Iterable[Silence], seen: Sighting) -> list[Silence]:
    """Those that concern it, whenever they hold."""
    if seen.kind == Kind.FLOOD and seen.worst_severity >= DANGEROUS:
        return []
    return [silence for silence in silences if _concerns(silence, seen)]


def heard_from(moment: datetime, silences: Sequence[Silence]) -> datetime:
    """The first moment from then on that none of these covers."""
    for silence in sorted(silences, key=lambda one: one.begins):
        if silence.covers(moment):
            moment = silence.ends
    return moment


def _concerns(silence: Silence, seen: Sighting) -> bool:
    if silence.kind and silence.kind != seen.kind:
        return False
    if silence.camera_id is not None and silence.camera_id != seen.camera_id:
        return False
    if silence.zone and silence.zone != seen.zone:
        return False
    if not silence.area:
        return True
    return seen.lat is not None and seen.lon is not None and contains(silence.area, seen.lon, seen.lat)
