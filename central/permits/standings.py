"""How permits stand on a day, for lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from central.permits.law import Place
from central.permits.models import Permit, TimeZone
from central.permits.saying import hours
from central.permits.warning import AHEAD_DAYS


class Stage(StrEnum):
    """Where a permit stands between its days."""

    AHEAD = "ahead"
    VALID = "valid"
    ENDING = "ending"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    permit: Permit
    stage: Stage
    days_left: int
    hours: str
    is_open: bool
    turns: datetime | None
    """When it closes or opens next; None: neither within a week, or its days are over before."""


def rows(permits: Iterable[Permit], now: datetime) -> list[Row]:
    """In the same order."""
    return [_row(permit, now) for permit in permits]


def in_force(now: datetime) -> QuerySet[Permit]:
    """Those whose days may include today, wherever they are."""
    days = [now.astimezone(zone).date() for zone in _zones()]
    return Permit.objects.filter(valid_from__lte=max(days), valid_to__gte=min(days))


def narrowed(permits: QuerySet[Permit], text: str) -> QuerySet[Permit]:
    """Those with the text in their number or name."""
    return permits.filter(Q(sk__icontains=text) | Q(name__icontains=text)) if text else permits


def _zones() -> list[ZoneInfo]:
    return [ZoneInfo(zone) for zone in TimeZone.values]


def _row(permit: Permit, now: datetime) -> Row:
    place = permit.place
    local = now.astimezone(place.zone)
    holds = place.begins <= local < place.ends
    return Row(
        permit,
        _stage(permit, place, now),
        permit.days_left(now),
        hours(permit.hours),
        holds and place.hours.covers(local),
        _next_turn(place, local) if holds else None,
    )


def _stage(permit: Permit, place: Place, now: datetime) -> Stage:
    if now < place.begins:
        return Stage.AHEAD
    if now >= place.ends:
        return Stage.EXPIRED
    return Stage.ENDING if permit.days_left(now) <= AHEAD_DAYS[0] else Stage.VALID


def _next_turn(place: Place, local: datetime) -> datetime | None:
    turns = (turn for turn in place.hours.turns_after(local) if turn < place.ends)
    return next((turn for turn in turns if place.hours.covers(turn) != place.hours.covers(local)), None)
