"""What stands in a rule's zones, and since when that has been a problem.

It has been one since the thing came to stand, or since it was last lawful (outside the hours, under a permit). A
restarted box has seen it only since its start: a suspicion that was handed down keeps its onset.
"""

from collections.abc import Iterable, Sequence

from calibration.ground import GroundPlane
from edge.attention.wish import Wish
from edge.incidents.area import Area, Areas
from edge.incidents.dwell import (
    GAP_S,
    SAME_PLACE,
    TTL_S,
    WEAK_SCORE,
    DwellTable,
    Glimpse,
    Standing,
    boxes_of,
    clearest,
    look,
)
from edge.incidents.lifecycle import Timing
from edge.incidents.rule import States
from edge.perception.observation import LookKind, Observation
from edge.perception.zone import Zone
from models.boxes import overlaps

LOOKS_A_DWELL = 20
OFTENEST_S, SELDOMEST_S = 2.0, 15.0
START_LOOKS = 2
"""After a start so many looks pass before a place is called empty."""
STAY_SCORE = 0.3
HANDED_DOWN_S = 30.0
"""What is seen within so many seconds of a restart stood there before it."""


class Dwellers:
    """The standing things of one rule; one thread at a time.

    Attributes:
        table: what stands in the view, inside and outside the zones.
    """

    def __init__(self, zones: Sequence[Zone], kinds: frozenset[str], ground: GroundPlane | None = None) -> None:
        """Begins with nothing.

        Args:
            zones: in which standing is a problem.
            kinds: classes that matter; the others are followed too, for they are sometimes mistaken for these.
            ground: the ground in metres, where the camera is calibrated.
        """
        self.table = DwellTable()
        self._kinds = kinds
        self._areas = Areas(zones, ground)
        self._size = (0, 0)
        self._lawful: frozenset[int] = frozenset()
        self._forbidden: dict[int, float] = {}
        self._handed_down: dict[str, float] = {}
        self._open: frozenset[str] = frozenset()

    def follow(self, observation: Observation, states: States) -> None:
        """Takes a look into account.

        Raises:
            CalibrationError: the calibration is for pictures of other proportions.
        """
        if observation.size != self._size:  # boxes of another size tell nothing: as after a restart
            self.table = DwellTable(next_key=self.table.next_key)
        if not self.table.looks:
            self._handed_down = _handed_down(states, observation.time)
        self._size = observation.size
        self._begin_anew(states)
        self.table = look(self.table, observation)
        keys = {thing.key for thing in self.table.things}
        self._lawful &= keys
        self._forbidden = {key: time for key, time in self._forbidden.items() if key in keys}

    def steady(self) -> list[Standing]:
        """All of these kinds that stands, anywhere in the view.

        What has been out of sight for longer than it was seen standing is left out: two cars of a stream that are seen
        in one place in two looks are taken for one until a look shows the place again.
        """
        now = self.table.time
        return [
            thing
            for thing in self.table.things
            if thing.steady
            and thing.kind in self._kinds
            and now - thing.last_seen <= thing.last_seen - thing.first_seen
        ]

    def still_in(self, zone: str) -> list[Standing]:
        """What stands in a zone and is surely of these kinds; while an episode is open, less sureness will do."""
        area = self._area(zone)
        enough = dict.fromkeys(WEAK_SCORE, STAY_SCORE) if zone in self._open else WEAK_SCORE
        still = [thing for thing in self.steady() if thing.still and thing.score >= enough[thing.group]]
        sure = [thing for thing in still if area.holds(thing.box)]
        return [thing for thing in sure if not self._is_rather_another(thing)]

    def allow(self, things: Iterable[Standing]) -> None:
        """Notes that these may stand where they stand now, and no others; to be called with every look."""
        lawful = frozenset(thing.key for thing in things)
        self._forbidden.update(dict.fromkeys(self._lawful - lawful, self.table.time))
        self._lawful = lawful

    def show(self, offending: Sequence[Standing]) -> bool | None:
        """Whether the newest look shows any of these; None where it cannot tell."""
        glimpse = clearest(offending)
        if glimpse in {Glimpse.HIDDEN, Glimpse.UNCLEAR} or self.table.looks < START_LOOKS:
            return None
        return glimpse is Glimpse.SEEN

    def began(self, zone: str, offending: Sequence[Standing]) -> float:
        """Since when the zone has had a problem with these, one or more; epoch seconds."""
        return min(self._since(zone, thing) for thing in offending)

    def dwell_s(self, zone: str, offending: Sequence[Standing], states: States) -> float:
        """For how long; while an episode is open, since its onset."""
        state = states[zone]
        onset = state.began if state.open and state.began is not None else self.began(zone, offending)
        return self.table.time - onset

    def is_handed_down(self, zone: str, thing: Standing) -> bool:
        """Whether it probably is what was suspected or open in the zone before this box was started again."""
        return zone in self._handed_down and thing.first_seen - self.table.since <= HANDED_DOWN_S

    def _is_rather_another(self, thing: Standing) -> bool:
        """Whether another kind of thing is seen in the same place more surely: a cart is often called a car too."""
        rivals = [other for other in self.table.things if other.group != thing.group and other.score > thing.score]
        return bool(overlaps(boxes_of([thing]), boxes_of(rivals)).max(initial=0) >= SAME_PLACE)

    def _since(self, zone: str, thing: Standing) -> float:
        if thing.key in self._forbidden:
            return self._forbidden[thing.key]
        if self.is_handed_down(zone, thing):
            return min(thing.first_seen, self._handed_down[zone])
        return thing.first_seen

    def _begin_anew(self, states: States) -> None:
        """Forgets what stood in a zone whose episode has closed: what is seen there next is a new problem."""
        now_open = frozenset(zone for zone, state in states.items() if state.open)
        for zone in self._open - now_open:
            area = self._area(zone)
            stay = [thing for thing in self.table.things if not area.holds(thing.box)]
            self.table = self.table.with_only(stay)
        self._open = now_open

    def _area(self, zone: str) -> Area:
        return self._areas.of(self._size)[zone]


def timing(dwell_s: float, hold_s: float) -> Timing:
    """How fast episodes of standing things open and close; gaps between looks are bridged by the table."""
    return Timing(min_duration_s=dwell_s, hold_s=hold_s, gap_s=TTL_S)


def pace(dwell_s: float) -> Wish:
    """Glances; how often follows from the dwell alone."""
    return Wish(LookKind.GLANCE, min(max(dwell_s / LOOKS_A_DWELL, OFTENEST_S), SELDOMEST_S))


def duration(seconds: float) -> str:
    """As people say it: 45 s, 12 min, 2 h 5 min."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = int(seconds // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def certainty(*measures: tuple[float, float, float]) -> float:
    """0.5 where the weakest of (value, threshold, ample) is at its threshold, up to 0.95 where all are ample."""
    over = min((value - threshold) / (ample - threshold) for value, threshold, ample in measures)
    return round(0.5 + 0.45 * min(max(over, 0.0), 1.0), 3)


def _handed_down(states: States, time: float) -> dict[str, float]:
    """Zone → onset of what was suspected there until a moment ago, or is open."""
    return {
        zone: state.began
        for zone, state in states.items()
        if state.began is not None and (state.open or (state.seen is not None and time - state.seen <= GAP_S))
    }
