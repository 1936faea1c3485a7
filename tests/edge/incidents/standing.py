"""Minutes of looks at a view in which things stand, pass and hide one another."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Subject, step
from edge.incidents.rule import Rule
from edge.perception.observation import Box, LookKind, Observation, Track, ZoneTraffic
from models.detections import Detections

NAMES = ("person", "bicycle", "car", "motorcycle", "bus", "truck", "vendor")
SIZE = (640, 360)
START = 1_767_225_600.0
"""2026-01-01 00:00 UTC, 07:00 in Jakarta, a Thursday."""

Thing = tuple[str, Box] | tuple[str, Box, float]
"""Kind, box, and a score where it is not 0.8."""


def detections(things: Sequence[Thing]) -> Detections:
    boxes = np.array([thing[1] for thing in things], np.float32).reshape(-1, 4)
    scores = np.array([thing[2] if len(thing) == 3 else 0.8 for thing in things], np.float32)
    return Detections(boxes, scores, np.array([NAMES.index(thing[0]) for thing in things], np.int64), NAMES)


def seen(
    time: float,
    things: Sequence[Thing],
    *,
    enlarged: Box | None = None,
    tracks: Sequence[Track] = (),
    traffic: Sequence[ZoneTraffic] = (),
) -> Observation:
    """A look at `time` seconds after the start: a stare where it has tracks or traffic."""
    kind = LookKind.STARE if tracks or traffic else LookKind.GLANCE
    return Observation(
        "north",
        kind,
        START + time - (2 if kind is LookKind.STARE else 0),
        START + time,
        detections(things),
        tuple(tracks),
        tuple(traffic),
        size=SIZE,
        enlarged=enlarged,
    )


def film(minutes: float, every_s: float, at: Callable[[float], Sequence[Thing]]) -> list[Observation]:
    """Glances at what is there at each time, seconds since the start."""
    return [seen(time, at(time)) for time in np.arange(0, 60 * minutes, every_s).tolist()]


def told(
    rule: Rule, looks: Iterable[Observation], states: dict[str, EpisodeState] | None = None
) -> tuple[list[EpisodeStep], dict[str, EpisodeState]]:
    """What a rule makes of these looks: the steps of its episodes, and where its zones stand in the end."""
    states = dict(states) if states else {zone: EpisodeState() for zone in rule.about}
    steps: list[EpisodeStep] = []
    for look in looks:
        verdicts = rule.judge(look, dict(states))
        for zone in rule.about:
            subject = Subject("north", rule.kind.value, zone)
            states[zone], made = step(
                subject, states[zone], verdicts.get(zone), look.time, rule.timing, since=look.since
            )
            steps.extend(made)
    return steps, states


def phases(steps: Iterable[EpisodeStep]) -> list[str]:
    return [made.phase.value for made in steps if made.phase.value != "updated"]
