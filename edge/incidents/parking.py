"""Parking: a vehicle that stands for long where none may.

In a no-parking zone a vehicle has kept its place for the dwell, during the hours in which that is forbidden. A bus at
its stop, a taxi that lets somebody out and a red light are shorter than the dwell; a queue is told apart from parked
vehicles by those who drive past (`queueing`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from calibration.ground import GroundPlane
from contract.kinds import IncidentKind
from contract.schedule import ALWAYS, WIB, WeeklyHours
from edge.attention.wish import Wish
from edge.incidents.area import Areas, middle_of
from edge.incidents.dwell import AMPLE_SCORE, STEADY_SHARE, WEAK_SCORE, Standing
from edge.incidents.dwellers import Dwellers, certainty, duration, pace, timing
from edge.incidents.lifecycle import Timing
from edge.incidents.permits import DOUBTFUL_AT_MOST, Permit, Ruling, Standpoint, named, rule_on
from edge.incidents.queueing import CLOSE_BY, Passing, stands, waits
from edge.incidents.rule import States
from edge.incidents.verdict import Verdict
from edge.perception.observation import LookKind, Observation
from edge.perception.zone import Zone

VEHICLES = frozenset({"car", "bus", "truck", "motorcycle", "bicycle"})
ROAD_KNOWN_S = 60.0
"""For so long after a stare is it believed that the road stands."""
MANY = 3
LONG_S, VERY_LONG_S = 1800.0, 7200.0


@dataclass(frozen=True, slots=True)
class ParkingSettings:
    """What counts as parking on one camera.

    Attributes:
        zones: where none may park.
        roads: the roadways whose traffic is watched, which tell whether there is a queue.
        vehicles: classes that count, of car, bus, truck and motorcycle.
        dwell_s: so long must one vehicle stand.
        hold_s: so long must the zone be free before the episode closes.
        schedule: hours in which it is forbidden.
        permits: places where it is allowed all the same.
        time_zone: of schedule and permits.
    """

    zones: tuple[Zone, ...]
    roads: tuple[Zone, ...] = ()
    vehicles: frozenset[str] = frozenset({"car", "bus", "truck"})
    dwell_s: float = 300.0
    hold_s: float = 60.0
    schedule: WeeklyHours = ALWAYS
    permits: tuple[Permit, ...] = ()
    time_zone: ZoneInfo = WIB


class ParkingRule:
    """Parking on one camera."""

    kind = IncidentKind.PARKING

    def __init__(self, settings: ParkingSettings, ground: GroundPlane | None = None) -> None:
        self._settings = settings
        self._dwellers = Dwellers(settings.zones, VEHICLES, ground)
        self._roads = Areas(settings.roads)
        self._permits = named(settings.permits)
        self._permitted = Areas([permit.zone for permit in self._permits], ground)
        self._rulings: dict[int, Ruling] = {}
        self._passing: dict[int, Passing] = {}
        self._standing_roads: dict[str, float] = {}
        self._settled: frozenset[int] = frozenset()

    @property
    def about(self) -> tuple[str, ...]:
        """The zones where none may park."""
        return tuple(zone.id for zone in self._settings.zones)

    @property
    def timing(self) -> Timing:
        """How fast its episodes open and close."""
        return timing(self._settings.dwell_s, self._settings.hold_s)

    def judge(self, observation: Observation, states: States) -> dict[str, Verdict]:
        """What a look says of every zone."""
        self._dwellers.follow(observation, states)
        self._note_passing(observation)
        self._note_roads(observation)
        moment = datetime.fromtimestamp(observation.time, self._settings.time_zone)
        standing = self._dwellers.steady()
        if not self._settings.schedule.covers(moment):
            self._dwellers.allow(standing)
            return {zone: Verdict(False, 1, 0.9, "At this hour vehicles may stand here") for zone in self.about}
        vehicles = [thing for thing in standing if thing.kind in self._settings.vehicles]
        permitted = self._permitted.of(observation.size)
        self._rulings = rule_on(vehicles, self._permits, permitted, moment, observation.size[0])
        self._dwellers.allow(thing for thing in vehicles if self._standpoint(thing) is Standpoint.ALLOWED)
        verdicts = {zone: self._verdict(zone, observation, states) for zone in self.about}
        self._settled &= {thing.key for thing in self._dwellers.table.things}
        return {zone: verdict for zone, verdict in verdicts.items() if verdict is not None}

    def wish(self, now: float, states: States) -> Wish:  # noqa: ARG002 — it looks as often whatever it sees
        """Glances; how often follows from the dwell alone."""
        return pace(self._settings.dwell_s)

    def _note_passing(self, observation: Observation) -> None:
        """Who drove past what stands."""
        self._passing = {
            thing.key: self._passing.get(thing.key, Passing()).after(thing, self._dwellers.table, observation.tracks)
            for thing in self._dwellers.steady()
        }

    def _note_roads(self, observation: Observation) -> None:
        """Which roads stand; only a stare can tell."""
        if observation.kind is not LookKind.STARE:
            return
        for traffic in observation.traffic:
            told = stands(traffic)
            if told:
                self._standing_roads[traffic.zone] = observation.time
            elif told is False:
                self._standing_roads.pop(traffic.zone, None)

    def _standpoint(self, thing: Standing) -> Standpoint:
        return self._rulings[thing.key].standpoint

    def _verdict(self, zone: str, observation: Observation, states: States) -> Verdict | None:
        counted = [thing for thing in self._dwellers.still_in(zone) if thing.kind in self._settings.vehicles]
        parked = [thing for thing in counted if self._standpoint(thing) is not Standpoint.ALLOWED]
        offending = [thing for thing in parked if self._is_parked(zone, thing, observation, states)]
        shown = self._dwellers.show(offending)
        if shown is None:
            return None
        if not shown:
            return Verdict(False, 1, 0.9, _of_waiting(len(parked) - len(offending)), {"vehicles": 0, "dwell_s": 0.0})
        dwell_s = self._dwellers.dwell_s(zone, offending, states)
        ripe = self._ripe(zone, offending)
        certain = [thing for thing in ripe if self._standpoint(thing) is Standpoint.FORBIDDEN]
        confidence = max(map(_confidence, certain or ripe))
        ruling = self._rulings[(certain or ripe)[0].key]
        longest = max(offending, key=lambda thing: (thing.last_seen - thing.first_seen, -thing.key))
        return Verdict(
            present=True,
            severity=1 + (len(offending) >= MANY) + (dwell_s >= LONG_S) + (dwell_s >= VERY_LONG_S),
            confidence=confidence if certain else min(confidence, DOUBTFUL_AT_MOST),
            reason=_of_parked(longest, len(offending), dwell_s) + _because(ruling),
            measures={"vehicles": len(offending), "dwell_s": round(dwell_s, 3)},
            began=self._dwellers.began(zone, offending),
            doubt="" if certain else ruling.why,
        )

    def _ripe(self, zone: str, offending: Sequence[Standing]) -> Sequence[Standing]:
        """Those that have stood for the dwell; where there are none, all."""
        now, dwell_s = self._dwellers.table.time, self._settings.dwell_s
        return [thing for thing in offending if now - self._dwellers.began(zone, [thing]) >= dwell_s] or offending

    def _is_parked(self, zone: str, thing: Standing, observation: Observation, states: States) -> bool:
        """Whether it does not just wait; once it has stood for the dwell, later queues beside it change nothing."""
        handed_down = states[zone].open and self._dwellers.is_handed_down(zone, thing)
        if thing.key in self._settled or handed_down:
            return True
        if self._waits(thing, observation):
            return False
        if self._dwellers.table.time - self._dwellers.began(zone, [thing]) >= self._settings.dwell_s:
            self._settled |= {thing.key}
        return True

    def _waits(self, thing: Standing, observation: Observation) -> bool:
        roads = self._roads.of(observation.size)
        reach = CLOSE_BY * (thing.box[2] - thing.box[0])
        road_stands = any(
            observation.time - since <= ROAD_KNOWN_S and roads[road].inside_px(middle_of(thing.box)) >= -reach
            for road, since in self._standing_roads.items()
            if road in roads
        )
        return waits(thing, self._passing, self._dwellers.table, road_stands=road_stands)


def _confidence(thing: Standing) -> float:
    return certainty((thing.score, WEAK_SCORE[thing.group], AMPLE_SCORE), (thing.share, STEADY_SHARE, 1.0))


def _of_parked(longest: Standing, count: int, dwell_s: float) -> str:
    others = f", {count} vehicles in all" if count > 1 else ""
    return f"A {longest.kind} has stood for {duration(dwell_s)} where none may park{others}"


def _because(ruling: Ruling) -> str:
    doubt = "for a person to judge, " if ruling.standpoint is Standpoint.DOUBTFUL else ""
    return f": {doubt}{ruling.why}" if ruling.why else ""


def _of_waiting(count: int) -> str:
    if not count:
        return "No vehicle stands where none may park"
    return f"{count} vehicle{'s' if count > 1 else ''} wait{'' if count > 1 else 's'} in a queue"
