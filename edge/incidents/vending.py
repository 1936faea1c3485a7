"""Vending: a selling unit that stands, attended to, where none may and no permit allows it.

A cart, stall, tarp, tent or tricycle (class `vendor`) has kept its place for the dwell in a no-vending zone with
somebody within some 2 m. A cart that is pushed past does not keep its place; people who wait are no unit; a unit that
nobody attends to is none that sells. Where a permit makes it doubtful (on its border, over its capacity, minutes
around its hours) the confidence stays under what the centre acts on by itself, and the reason says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from calibration.ground import GroundPlane
from contract.kinds import IncidentKind
from contract.schedule import ALWAYS, WIB, WeeklyHours
from edge.attention.wish import Wish
from edge.incidents.area import Areas, middle_of
from edge.incidents.attendance import ATTENDED_SHARE, MEMORY_S, Attendance, attended
from edge.incidents.dwell import AMPLE_SCORE, STEADY_SHARE, WEAK_SCORE, Glimpse, Standing
from edge.incidents.dwellers import Dwellers, certainty, duration, pace, timing
from edge.incidents.lifecycle import Timing
from edge.incidents.permits import DOUBTFUL_AT_MOST, Permit, Ruling, Standpoint, named, rule_on
from edge.incidents.rule import States
from edge.incidents.verdict import Verdict
from edge.perception.observation import Observation
from edge.perception.zone import Zone

UNITS = frozenset({"vendor"})
AMPLE_ATTENDANCE = 0.8
MANY, VERY_MANY = 3, 6
LONG_S = 7200.0


@dataclass(frozen=True, slots=True)
class VendingSettings:
    """What counts as vending on one camera.

    Attributes:
        zones: where none may sell.
        dwell_s: so long must one unit stand.
        hold_s: so long must the zone be free before the episode closes.
        schedule: hours in which it is forbidden.
        permits: places where it is allowed all the same.
        time_zone: of schedule and permits.
    """

    zones: tuple[Zone, ...]
    dwell_s: float = 600.0
    hold_s: float = 120.0
    schedule: WeeklyHours = ALWAYS
    permits: tuple[Permit, ...] = ()
    time_zone: ZoneInfo = WIB


class VendingRule:
    """Vending on one camera."""

    kind = IncidentKind.VENDING

    def __init__(self, settings: VendingSettings, ground: GroundPlane | None = None) -> None:
        self._settings = settings
        self._ground = ground
        self._dwellers = Dwellers(settings.zones, UNITS, ground)
        self._permits = named(settings.permits)
        self._permitted = Areas([permit.zone for permit in self._permits], ground)
        self._attendance: dict[int, Attendance] = {}

    @property
    def about(self) -> tuple[str, ...]:
        """The zones where none may sell."""
        return tuple(zone.id for zone in self._settings.zones)

    @property
    def timing(self) -> Timing:
        """How fast its episodes open and close."""
        return timing(self._settings.dwell_s, self._settings.hold_s)

    def judge(self, observation: Observation, states: States) -> dict[str, Verdict]:
        """What a look says of every zone."""
        self._dwellers.follow(observation, states)
        self._note_attendance(observation)
        moment = datetime.fromtimestamp(observation.time, self._settings.time_zone)
        units = self._dwellers.steady()
        if not self._settings.schedule.covers(moment):
            self._dwellers.allow(units)
            return {zone: Verdict(False, 1, 0.9, "At this hour selling is allowed here") for zone in self.about}
        permitted = self._permitted.of(observation.size)
        rulings = rule_on(units, self._permits, permitted, moment, observation.size[0])
        self._dwellers.allow(unit for unit in units if rulings[unit.key].standpoint is Standpoint.ALLOWED)
        verdicts = {zone: self._verdict(zone, rulings, states, observation.size) for zone in self.about}
        return {zone: verdict for zone, verdict in verdicts.items() if verdict is not None}

    def wish(self, now: float, states: States) -> Wish:  # noqa: ARG002 — it looks as often whatever it sees
        """Glances; how often follows from the dwell alone."""
        return pace(self._settings.dwell_s)

    def _note_attendance(self, observation: Observation) -> None:
        """Who is near what stands."""
        ground = None if self._ground is None else self._ground.resized(*observation.size)
        memory_s = max(MEMORY_S, self._settings.dwell_s)
        known = {unit.key: self._attendance.get(unit.key, Attendance()) for unit in self._dwellers.table.things}
        shown = [unit for unit in self._dwellers.table.things if unit.glimpse is Glimpse.SEEN]
        near = attended([unit.box for unit in shown], observation, ground)
        known |= {
            unit.key: known[unit.key].after(observation.time, memory_s, near=somebody)
            for unit, somebody in zip(shown, near, strict=True)
        }
        self._attendance = known

    def _verdict(
        self, zone: str, rulings: Mapping[int, Ruling], states: States, size: tuple[int, int]
    ) -> Verdict | None:
        inside = self._dwellers.still_in(zone)
        open_to_doubt = [unit for unit in inside if rulings[unit.key].standpoint is not Standpoint.ALLOWED]
        selling = [unit for unit in open_to_doubt if self._attendance[unit.key].enough]
        shown = self._dwellers.show(selling)
        if shown is None:
            return None
        if not shown:
            return Verdict(False, 1, 0.9, _of_none(inside, rulings), {"units": 0, "dwell_s": 0.0})
        basis = self._deciding(zone, selling, rulings)
        dwell_s = self._dwellers.dwell_s(zone, basis, states)
        confidence = max(map(self._confidence, basis))
        ruling = rulings[basis[0].key]
        doubtful = ruling.standpoint is Standpoint.DOUBTFUL
        return Verdict(
            present=True,
            severity=1 + (len(selling) >= MANY) + (len(selling) >= VERY_MANY) + (dwell_s >= LONG_S),
            confidence=min(confidence, DOUBTFUL_AT_MOST) if doubtful else confidence,
            reason=_of_selling(len(selling), dwell_s, ruling),
            measures={"units": len(selling), "dwell_s": round(dwell_s, 3)},
            began=self._dwellers.began(zone, basis),
            spot=self._spot(basis[0], size),
            doubt=ruling.why if doubtful else "",
        )

    def _spot(self, unit: Standing, size: tuple[int, int]) -> tuple[float, float] | None:
        """Longitude and latitude of where it stands; None where the camera is not calibrated on the map."""
        if self._ground is None or self._ground.origin is None:
            return None
        lon, lat = self._ground.resized(*size).to_lonlat([middle_of(unit.box)])[0]
        return (float(lon), float(lat)) if np.isfinite([lon, lat]).all() else None

    def _deciding(self, zone: str, selling: Sequence[Standing], rulings: Mapping[int, Ruling]) -> list[Standing]:
        """Those beyond doubt that have sold for the dwell; where there are none, the one that came first."""
        now = self._dwellers.table.time
        certain = [
            unit
            for unit in selling
            if rulings[unit.key].standpoint is Standpoint.FORBIDDEN
            and now - self._dwellers.began(zone, [unit]) >= self._settings.dwell_s
        ]
        return certain or [min(selling, key=lambda unit: self._dwellers.began(zone, [unit]))]

    def _confidence(self, unit: Standing) -> float:
        return certainty(
            (unit.score, WEAK_SCORE[unit.group], AMPLE_SCORE),
            (unit.share, STEADY_SHARE, 1.0),
            (self._attendance[unit.key].share, ATTENDED_SHARE, AMPLE_ATTENDANCE),
        )


def _of_selling(count: int, dwell_s: float, ruling: Ruling) -> str:
    units = "A unit stands and sells" if count == 1 else f"{count} units stand and sell"
    doubt = "for a person to judge, " if ruling.standpoint is Standpoint.DOUBTFUL else ""
    why = f": {doubt}{ruling.why}" if ruling.why else ""
    return f"{units} where none may, for {duration(dwell_s)}{why}"


def _of_none(inside: Sequence[Standing], rulings: Mapping[int, Ruling]) -> str:
    allowed = [unit for unit in inside if rulings[unit.key].standpoint is Standpoint.ALLOWED]
    if allowed:
        return f"{len(allowed)} unit{'s' if len(allowed) > 1 else ''} under {rulings[allowed[0].key].why}"
    return "Nobody attends to what stands here" if inside else "No selling unit stands here"
