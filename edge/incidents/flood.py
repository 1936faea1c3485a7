"""Flood: water over a good part of a roadway, for long.

Two witnesses must agree, where there are two. The network sees water on the road and a flood in the view; the camera's
own dry memory says whether the road there still looks as when it was dry. Wet asphalt and reflections leave markings
and cracks where they are: what looks as when dry is no flood, whatever the network sees. While there is no memory (a
new camera, the first rainy night) the network decides alone, and is trusted less.
"""

from dataclasses import dataclass

from contract.kinds import IncidentKind
from edge.attention.wish import Wish
from edge.incidents.lifecycle import EpisodeState, Stage, Timing
from edge.incidents.rule import States
from edge.incidents.verdict import Verdict
from edge.perception.observation import LookKind, Observation, ZoneWater

MIN_VISIBLE = 0.2
"""With less of the zone to be seen (a lorry before it), a look cannot tell."""
MIN_VISIBLE_ALONE = 0.5
"""The same without a memory: strips of asphalt between dense vehicles are easily taken for water."""
STAY = 0.7
"""An open episode stays one until it is clearly over: the thresholds times this."""
CONFIRMED = 0.6
"""When less of the water than this lies where the road no longer looks as when dry, the memory contradicts: wet asphalt
keeps most of its pattern, water of a few centimetres nearly none (docs/incidents/flood.md)."""
ALONE = 0.85
"""Confidence without a memory, relative to one that agrees."""

IDLE_EVERY_S = 10.0
SUSPECTED_EVERY_S = 2.0
CONFIRMED_EVERY_S = 5.0
CLEARING_EVERY_S = 5.0

LARGE_SHARE = 0.7
CARS_STOP_CLASS = 2
CHEST_CLASS = 3
"""Depth classes, counted from 0, from which it is worse."""
LONG_S = 1800.0


@dataclass(frozen=True, slots=True)
class FloodSettings:
    """What counts as a flood on one camera.

    Attributes:
        zones: ids of the zones to watch.
        water_share: share of the visible zone under water, 0–1.
        flood_above: probability from which the network's picture as a whole shows a flood, 0–1.
        min_duration_s: longer than a wave that a bus throws up.
        hold_s: so long must it be dry again before the episode closes.
        depth_classes_cm: bounds between the classes, rising.
    """

    zones: tuple[str, ...]
    water_share: float = 0.3
    flood_above: float = 0.5
    min_duration_s: float = 180.0
    hold_s: float = 300.0
    depth_classes_cm: tuple[float, ...] = (10.0, 30.0, 70.0, 150.0)

    @property
    def timing(self) -> Timing:
        """How fast its episodes open and close."""
        return Timing(min_duration_s=self.min_duration_s, hold_s=self.hold_s)


class FloodRule:
    """Floods on one camera."""

    kind = IncidentKind.FLOOD

    def __init__(self, settings: FloodSettings) -> None:
        self._settings = settings

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
        verdicts = {zone: judge(observation, zone, self._settings, states[zone]) for zone in self.about}
        return {zone: verdict for zone, verdict in verdicts.items() if verdict is not None}

    def wish(self, now: float, states: States) -> Wish:  # noqa: ARG002 — what it wants does not depend on the time
        """A glance with water, sooner the more is at stake."""
        return Wish(LookKind.GLANCE, min(_every_s(state) for state in states.values()), water=True)


def _every_s(state: EpisodeState) -> float:
    fading = state.stage is Stage.CONFIRMED and state.gone is not None
    if fading or state.stage is Stage.SUSPECTED:
        return SUSPECTED_EVERY_S
    return {Stage.CONFIRMED: CONFIRMED_EVERY_S, Stage.CLEARING: CLEARING_EVERY_S}.get(state.stage, IDLE_EVERY_S)


def judge(
    observation: Observation, zone: str, settings: FloodSettings, state: EpisodeState | None = None
) -> Verdict | None:
    """What a look says about a zone; None where it did not look for water, or too little of the zone was to be seen.

    Args:
        observation: a look with water.
        zone: the zone's id.
        settings: the thresholds.
        state: where the zone stands. Only an open episode is kept up by less than opens one: a suspicion must prove
            itself at the full thresholds.
    """
    water = next((water for water in observation.water if water.zone == zone), None)
    if water is None or water.visible < (MIN_VISIBLE_ALONE if water.confirmed is None else MIN_VISIBLE):
        return None
    slack = STAY if state is not None and state.open else 1.0
    doubt = None
    if water.share < slack * settings.water_share:
        doubt = ""
    elif water.flood < slack * settings.flood_above:
        doubt = f", but the view as a whole shows no flood (probability {water.flood:.2f})"
    elif water.confirmed is not None and water.confirmed < slack * CONFIRMED:
        doubt = f", but {100 * (1 - water.confirmed):.0f} % of it looks as when dry"
    depth_class = None if water.depth_cm is None else _depth_class(water.depth_cm, settings.depth_classes_cm)
    measures: dict[str, float | str] = {"water_share": round(water.share, 4)}
    if doubt is not None:
        return Verdict(False, 1, 0.9, f"{_seen(water)}{doubt}", measures)
    began = None if state is None else state.began
    if depth_class is not None:
        measures["depth_class"] = _depth_name(depth_class, settings.depth_classes_cm)
    return Verdict(
        present=True,
        severity=_severity(water, depth_class, 0.0 if began is None else observation.time - began),
        confidence=_confidence(water, settings),
        reason=_sentence(water),
        measures=measures,
    )


def _severity(water: ZoneWater, depth_class: int | None, duration_s: float) -> int:
    """1, and one more each for most of the zone, for stopping cars, for reaching the chest, for half an hour."""
    severity = 1
    severity += water.share >= LARGE_SHARE
    severity += depth_class is not None and depth_class >= CARS_STOP_CLASS
    severity += depth_class is not None and depth_class >= CHEST_CLASS
    severity += duration_s >= LONG_S
    return min(severity, 4)


def _confidence(water: ZoneWater, settings: FloodSettings) -> float:
    """0.5 at the thresholds, up to 0.95 at twice the share, half way to certainty and a memory that agrees."""
    over = (water.share - settings.water_share) / max(min(settings.water_share, 1 - settings.water_share), 1e-9)
    sure = (water.flood - settings.flood_above) / max((1 - settings.flood_above) / 2, 1e-9)
    full = min(max(min(over, sure), 0.0), 1.0)
    return round((0.5 + 0.45 * full) * (ALONE + (1 - ALONE) * (water.confirmed or 0.0)), 3)


def _depth_class(depth_cm: float, bounds_cm: tuple[float, ...]) -> int:
    return sum(depth_cm >= bound for bound in bounds_cm)


def _depth_name(index: int, bounds_cm: tuple[float, ...]) -> str:
    """For example "10-30 cm"; the last one is open, ">150 cm"."""
    if index == len(bounds_cm):
        return f">{bounds_cm[-1]:g} cm"
    return f"{bounds_cm[index - 1] if index else 0:g}-{bounds_cm[index]:g} cm"


def _sentence(water: ZoneWater) -> str:
    depth = f", at least {water.depth_cm:g} cm deep" if water.depth_cm else ""
    if water.confirmed is None:
        memory = "; how it looks when dry is not known yet"
    else:
        memory = f"; {100 * water.confirmed:.0f} % of it no longer looks as when dry"
    return f"{_seen(water)}{depth}{memory}"


def _seen(water: ZoneWater) -> str:
    partly = "" if water.visible >= 0.5 else f", of which {100 * water.visible:.0f} % can be seen"
    return f"Water over {100 * water.share:.0f} % of the zone{partly}"
