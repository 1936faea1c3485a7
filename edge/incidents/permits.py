"""Where and when selling or parking is allowed: places that a decree (SK) designates, and how surely one holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from contract.schedule import ALWAYS, WeeklyHours
from edge.incidents.area import Area, GroundZone, middle_of
from edge.incidents.dwell import Standing
from edge.perception.zone import Zone

BORDER_M = 1.0
BORDER_SHARE = 0.01
"""So near its outline, in metres or as a share of the picture's width, nobody can tell whether a unit is inside."""
DOUBTFUL_AT_MOST = 0.5
"""Confidence of a doubtful case; the centre opens complaints by itself from 0.6."""
AROUND_HOURS_S = 600.0
"""Who sets up or packs up within so long of the hours is for a person to judge."""


@dataclass(frozen=True, slots=True)
class Permit:
    """One designated place.

    Attributes:
        sk: number of the decree.
        zone: the place, in the view or on the ground; its id is the decree's number.
        valid_from: the first day on which it holds, local date.
        valid_to: the last; the day after, standing there is as forbidden as elsewhere.
        hours: of the week, local time.
        capacity: so many units may stand there; None: any number.
        time_zone: of days and hours; None: the camera's.
    """

    sk: str
    zone: Zone | GroundZone
    valid_from: date
    valid_to: date
    hours: WeeklyHours = ALWAYS
    capacity: int | None = None
    time_zone: ZoneInfo | None = None

    def __post_init__(self) -> None:
        if self.valid_to < self.valid_from:
            raise ValueError(f"permit {self.sk} ends on {self.valid_to}, before it begins on {self.valid_from}")
        if self.capacity is not None and self.capacity < 1:
            raise ValueError(f"permit {self.sk}: a capacity is at least 1, not {self.capacity}")

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on that day, whatever the hour."""
        return self.valid_from <= day <= self.valid_to


class Standpoint(StrEnum):
    """Where a unit stands by the permits, from best to worst."""

    ALLOWED = "allowed"
    DOUBTFUL = "doubtful"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the permits say of a unit.

    Attributes:
        standpoint: allowed, doubtful or forbidden.
        why: a clause for people, such as "permit SK 12 expired on 2026-06-30"; empty where there is nothing to say.
    """

    standpoint: Standpoint
    why: str = ""


NOWHERE = Ruling(Standpoint.FORBIDDEN)


def rule_on(
    units: Sequence[Standing],
    permits: Sequence[Permit],
    areas: Mapping[str, Area],
    moment: datetime,
    width_px: int,
) -> dict[int, Ruling]:
    """What the permits say of every unit, by its key.

    Args:
        units: what stands.
        permits: of this camera.
        areas: by the ids of the permits' zones.
        moment: the camera's local time.
        width_px: of the picture.
    """
    rulings = {unit.key: NOWHERE for unit in units}
    for permit in permits:
        local = moment if permit.time_zone is None else moment.astimezone(permit.time_zone)
        places = {unit.key: _inside(unit, areas[permit.zone.id], width_px) for unit in units}
        inside = [unit for unit in units if places[unit.key] is True]
        for rank, unit in enumerate(sorted(inside, key=lambda unit: (unit.first_seen, unit.key)), 1):
            rulings[unit.key] = _better(rulings[unit.key], _of_inside(permit, local, rank, len(inside)))
        for unit in units:
            if places[unit.key] is None:
                on_border = _of_inside(permit, local, 1, 1)
                rulings[unit.key] = _better(rulings[unit.key], _on_border(permit, on_border))
    return rulings


def _inside(unit: Standing, area: Area, width_px: int) -> bool | None:
    """Whether a unit stands inside; None on the border."""
    point = middle_of(unit.box)
    deep, border = area.inside_m(point), BORDER_M
    if deep is None:
        deep, border = area.inside_px(point), BORDER_SHARE * width_px
    return None if abs(deep) <= border else deep > 0


def _of_inside(permit: Permit, moment: datetime, rank: int, count: int) -> Ruling:
    """Of the unit that came there as number `rank` of `count`."""
    if not permit.holds_on(moment.date()):
        past = moment.date() > permit.valid_to
        when = f"expired on {permit.valid_to}" if past else f"begins on {permit.valid_from}"
        return Ruling(Standpoint.FORBIDDEN, f"permit {permit.sk} {when}")
    away_s = permit.hours.away_s(moment)
    if away_s > AROUND_HOURS_S:
        return Ruling(Standpoint.FORBIDDEN, f"permit {permit.sk} holds {permit.hours.text} only")
    if away_s > 0:
        near = f"{away_s / 60:.0f} min outside the hours of permit {permit.sk}, {permit.hours.text}"
        return Ruling(Standpoint.DOUBTFUL, near)
    if permit.capacity is not None and rank > permit.capacity:
        allowed = f"{permit.capacity} unit{'s' if permit.capacity > 1 else ''}"
        return Ruling(Standpoint.DOUBTFUL, f"permit {permit.sk} allows {allowed}, {count} stand there")
    return Ruling(Standpoint.ALLOWED, f"permit {permit.sk}")


def _on_border(permit: Permit, inside: Ruling) -> Ruling:
    """On the outline it is at best doubtful; where even inside it is forbidden, it is forbidden."""
    if inside.standpoint is Standpoint.ALLOWED:
        return Ruling(Standpoint.DOUBTFUL, f"on the border of permit {permit.sk}")
    return inside


def _better(one: Ruling, other: Ruling) -> Ruling:
    """Of two permits the one that says more for the unit; a reason rather than none."""
    order = list(Standpoint)
    return min((other, one), key=lambda ruling: (order.index(ruling.standpoint), not ruling.why))


def named(permits: Iterable[Permit]) -> tuple[Permit, ...]:
    """The permits, their zones named apart although a decree may designate several places."""
    return tuple(
        replace(permit, zone=replace(permit.zone, id=f"{number}:{permit.sk}")) for number, permit in enumerate(permits)
    )
