"""Jam: dense and slow, for long.

In a roadway zone the space-mean speed is under a threshold *and* the occupancy over one. Dense but flowing is no jam,
an empty road is none, nor a few parked cars (left out of both measures). A queue at a red light is dense and slow, but
not for the minimum duration: it discharges.
"""

from dataclasses import dataclass

from contract.kinds import IncidentKind
from edge.attention.wish import Wish
from edge.incidents.lifecycle import EpisodeState, Stage, Timing
from edge.incidents.rule import States
from edge.incidents.verdict import Verdict
from edge.perception.observation import LookKind, Observation, ZoneTraffic

MIN_VEHICLES = 2.5
"""Fewer (mean over the look) are a breakdown or a delivery, not a jam."""
MIN_FOLLOWED = 0.5
"""Share of the vehicles whose speed must be known for a look to tell."""
SUSPECTED_SPEED, OPEN_SPEED = 1.3, 1.5
STAY_OCCUPANCY = 0.75
"""Once it is suspected, or open, a jam stays one until it is clearly over: the thresholds times these. What is no
longer dense without that opens no episode: a queue would that dissolves just when its time has come."""
FLOWED_S = 4.0
"""Flow so clear and so long ends a suspicion: at a short green, a queue does not drive so fast for longer."""
LOOKED_AWAY_SHARE, LOOKED_AWAY_S = 1 / 8, (8.0, 15.0)
"""A suspicion is dropped where nobody looked for this share of the minimum duration, within these limits: looks further
apart than a green phase may show nothing but red ones. An overloaded box then finds no jams, rather than false ones."""
PER_LOOK_S = 5.5
"""How far apart the looks at a suspicion are on a box with time to spare: a stare, and STARE_AGAIN_S. On a busy one the
only look at a green phase counts for more, or a majority of looks is one of red phases."""
LONG_SHARE, LONG_M = 0.7, 100.0
"""A queue over so much of the zone, or of so many metres, is a long one."""
STANDING_SHARE = 0.25
"""Under this share of the speed threshold the traffic stands rather than creeps."""

IDLE = EpisodeState()

GLANCE_EVERY_S = 2.0
STARE_AGAIN_S = 2.0
"""Between two stares while something is suspected or fading."""
CONFIRMED_EVERY_S = 5.0
DENSE_STARE_EVERY_S = 4.0
"""Dense but flowing: how soon to make sure again that it flows."""
IDLE_STARE_EVERY_S = 180.0
"""Now and then a stare although nothing is dense: it teaches the view and where cars are parked."""
DENSE_SHARE = 0.6
"""A glance this near the occupancy threshold asks for a stare: one picture of a few crops sees fewer vehicles."""


@dataclass(frozen=True, slots=True)
class JamSettings:
    """What counts as a jam on one camera.

    Attributes:
        zones: ids of the zones to watch.
        occupancy_above: share of the zone under vehicle footprints, 0–1.
        speed_below_kmh: space-mean speed where the camera is calibrated.
        speed_below_lengths_s: car lengths a second where it is not; 0.6 is about 10 km/h.
        min_duration_s: longer than one signal cycle.
        hold_s: so long must it flow again before the episode closes.
    """

    zones: tuple[str, ...]
    occupancy_above: float = 0.25
    speed_below_kmh: float = 10.0
    speed_below_lengths_s: float = 0.6
    min_duration_s: float = 120.0
    hold_s: float = 60.0

    @property
    def timing(self) -> Timing:
        """How fast its episodes open and close."""
        least, most = LOOKED_AWAY_S
        gap_s = min(max(LOOKED_AWAY_SHARE * self.min_duration_s, least), most)
        return Timing(
            min_duration_s=self.min_duration_s, hold_s=self.hold_s, away_s=FLOWED_S, gap_s=gap_s, per_look_s=PER_LOOK_S
        )


class JamRule:
    """Jams on one camera."""

    kind = IncidentKind.JAM

    def __init__(self, settings: JamSettings) -> None:
        self._settings = settings
        self._stared: float | None = None
        self._dense = False

    @property
    def about(self) -> tuple[str, ...]:
        """The roadway zones."""
        return self._settings.zones

    @property
    def timing(self) -> Timing:
        """How fast its episodes open and close."""
        return self._settings.timing

    def judge(self, observation: Observation, states: States) -> dict[str, Verdict]:
        """See `judge`, for every zone."""
        if observation.kind is LookKind.STARE:
            self._stared = observation.time
        threshold = DENSE_SHARE * self._settings.occupancy_above
        zones = [traffic for traffic in observation.traffic if traffic.zone in self.about]
        self._dense = observation.kind is LookKind.GLANCE and any(zone.occupancy >= threshold for zone in zones)
        verdicts = {zone: judge(observation, zone, self._settings, states[zone]) for zone in self.about}
        return {zone: verdict for zone, verdict in verdicts.items() if verdict is not None}

    def wish(self, now: float, states: States) -> Wish:
        """Closer and sooner the more is at stake."""
        if self._stared is None or now - self._stared >= IDLE_STARE_EVERY_S:
            return Wish(LookKind.STARE, GLANCE_EVERY_S)
        stages = {state.stage for state in states.values()}
        fading = any(state.open and state.gone is not None for state in states.values())
        if fading or stages & {Stage.SUSPECTED, Stage.CLEARING}:
            return Wish(LookKind.STARE, STARE_AGAIN_S)
        if Stage.CONFIRMED in stages:
            return Wish(LookKind.STARE, CONFIRMED_EVERY_S)
        if self._dense:
            return Wish(LookKind.STARE, max(0.0, self._stared + DENSE_STARE_EVERY_S - now))
        return Wish(LookKind.GLANCE, GLANCE_EVERY_S)


@dataclass(frozen=True, slots=True)
class _Measure:
    """A zone's speed against its threshold, in whichever unit is known."""

    value: float
    threshold: float
    name: str
    unit: str


def is_dense(traffic: ZoneTraffic, settings: JamSettings, *, suspected: bool = False) -> bool:
    """Whether so much of the zone is occupied that only its speed can tell whether it is a jam."""
    threshold = settings.occupancy_above * (STAY_OCCUPANCY if suspected else 1.0)
    return traffic.occupancy > threshold and traffic.vehicles >= MIN_VEHICLES


def judge(observation: Observation, zone: str, settings: JamSettings, state: EpisodeState = IDLE) -> Verdict | None:
    """What a look says about a zone; None where it cannot tell.

    Args:
        observation: a glance or a stare. A glance can only say that there is no jam.
        zone: the zone's id.
        settings: the thresholds.
        state: where it stands: a jam that is suspected or open stays one until it is clearly over.
    """
    began = state.began
    traffic = observation.of(zone)
    if traffic is None:
        return None
    if not is_dense(traffic, settings, suspected=began is not None):
        return _clear(traffic, _speed(traffic, settings))
    speed = _speed(traffic, settings)
    if speed is None or traffic.followed_share < MIN_FOLLOWED:
        return None
    factor = OPEN_SPEED if state.open else SUSPECTED_SPEED if began is not None else 1.0
    if speed.value >= factor * speed.threshold:
        return _clear(traffic, speed)
    duration_s = 0.0 if began is None else observation.time - began
    return Verdict(
        present=True,
        severity=_severity(traffic, speed, duration_s),
        confidence=_confidence(traffic, speed, settings),
        reason=_sentence(traffic, speed, observation.time - observation.since, duration_s),
        measures=_measures(traffic, speed),
        opens=is_dense(traffic, settings),
    )


def _speed(traffic: ZoneTraffic, settings: JamSettings) -> _Measure | None:
    if traffic.speed_kmh is not None:
        return _Measure(traffic.speed_kmh, settings.speed_below_kmh, "speed_kmh", "km/h")
    if traffic.speed_lengths_s is not None:
        threshold = settings.speed_below_lengths_s
        return _Measure(traffic.speed_lengths_s, threshold, "speed_lengths_s", "vehicle lengths/s")
    return None


def _severity(traffic: ZoneTraffic, speed: _Measure, duration_s: float) -> int:
    """1, and one more each for a long queue, for standing still, for 10 minutes and for 30."""
    severity = 1
    severity += traffic.queue_share >= LONG_SHARE or (traffic.queue_m or 0.0) >= LONG_M
    severity += speed.value < STANDING_SHARE * speed.threshold
    severity += duration_s >= 600
    severity += duration_s >= 1800
    return min(severity, 4)


def _confidence(traffic: ZoneTraffic, speed: _Measure, settings: JamSettings) -> float:
    """0.5 at the thresholds, up to 0.95 at half the speed and one and a half times the occupancy."""
    slow = min(max((speed.threshold - speed.value) / (0.5 * speed.threshold), 0.0), 1.0)
    over = (traffic.occupancy - settings.occupancy_above) / max(0.5 * settings.occupancy_above, 1e-9)
    full = min(max(over, 0.0), 1.0)
    return round((0.5 + 0.45 * min(slow, full)) * (0.8 + 0.2 * traffic.followed_share), 3)


def _clear(traffic: ZoneTraffic, speed: _Measure | None) -> Verdict:
    moving = "" if speed is None or traffic.vehicles < 1 else f", mean speed {speed.value:.1f} {speed.unit}"
    reason = f"{_occupied(traffic)}{moving}"
    return Verdict(False, 1, 0.9, reason[0].upper() + reason[1:], _measures(traffic, speed))


def _sentence(traffic: ZoneTraffic, speed: _Measure, span_s: float, duration_s: float) -> str:
    queue = "" if traffic.queue_m is None else f", queue {traffic.queue_m:.0f} m"
    slow = "" if duration_s < 1 else f"; slow for {duration_s:.0f} s"
    return f"Mean speed {speed.value:.1f} {speed.unit} over {span_s:.0f} s, {_occupied(traffic)}{queue}{slow}"


def _occupied(traffic: ZoneTraffic) -> str:
    count = round(traffic.vehicles)
    return f"{100 * traffic.occupancy:.0f} % of the zone occupied by {count} vehicle{'s' if count != 1 else ''}"


def _measures(traffic: ZoneTraffic, speed: _Measure | None) -> dict[str, float | str]:
    measures: dict[str, float | str] = {
        "occupancy": round(min(traffic.occupancy, 1.0), 4),
        "vehicles": round(traffic.vehicles),
    }
    if speed is not None:
        measures[speed.name] = round(speed.value, 3)
        measures["queue_share"] = round(traffic.queue_share, 4)
        if traffic.queue_m is not None:
            measures["queue_m"] = round(traffic.queue_m, 1)
    return measures
