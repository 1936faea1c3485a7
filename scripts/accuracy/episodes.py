"""What the box said about a clip: its events, gathered into episodes on the clip's own clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contract.events import EventType, Skipped, parse_event
from contract.kinds import IncidentKind


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode as its events tell it; times in seconds of the clip.

    Attributes:
        kind: of incident.
        about: the zone's id; for a camera fault, which fault.
        began_s: the onset that the box gives.
        opened_s: when the look was that opened it.
        closed_s: when the look was that closed it; None while it was open at the clip's end.
        severity: the worst that was said of it.
        reason: the sentence with which it opened.
    """

    kind: IncidentKind
    about: str
    began_s: float
    opened_s: float
    closed_s: float | None = None
    severity: int = 1
    reason: str = ""


def gather(lines: Iterable[str], start: datetime) -> list[Episode]:
    """The episodes in CloudEvents of `sigap-edge analyze`, one a line, in the order in which they opened.

    Args:
        lines: the file's lines.
        start: time of the clip's first picture.

    Raises:
        ValueError: a line is no event, or an episode is updated or closed that never opened.
    """
    found: dict[UUID, Episode] = {}
    for line in lines:
        event = parse_event(line.encode())
        if isinstance(event, Skipped):
            continue
        data, time_s = event.data, _seconds(event.time, start)
        if event.type is EventType.OPENED:
            began_s = _seconds(data.began, start)
            found[event.subject] = Episode(
                data.kind, data.about, began_s, time_s, severity=data.severity, reason=data.reason
            )
            continue
        if event.subject not in found:
            raise ValueError(f"{event.type} of episode {event.subject}, which never opened")
        opened = found[event.subject]
        closed_s = time_s if event.type is EventType.CLOSED else opened.closed_s
        severity = max(opened.severity, data.severity)
        found[event.subject] = replace(opened, severity=severity, closed_s=closed_s)
    return list(found.values())


def _seconds(time: datetime, start: datetime) -> float:
    return (time - start).total_seconds()
