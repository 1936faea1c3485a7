"""An episode finds its incident: the open one of its key, or a new one. At most one, whoever else tries."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from central.incidents.anchors import anchor_of, key_of
from central.incidents.models import Episode, Incident

ATTEMPTS = 5

Settle = Callable[[Incident, datetime], None]
"""Brings a locked incident to a moment: if its hold ended before, it is cleared."""


class NoIncident(RuntimeError):  # noqa: N818 — what is missing
    """Others kept opening and ending incidents of this key; the event is tried again."""


def join(episode: Episode, settle: Settle, now: datetime) -> Incident:
    """The incident the episode belongs to, locked. An incident whose hold ended before the episode began is over,
    even if the clock has not come round to it yet.

    Raises:
        NoIncident: after ATTEMPTS races lost.
    """
    anchor = anchor_of(
        kind=episode.kind,
        camera=str(episode.camera),
        zone=episode.zone,
        place=episode.place,
        lat=episode.lat,
        lon=episode.lon,
    )
    key = key_of(episode.kind, anchor)
    for _ in range(ATTEMPTS):
        incident = Incident.objects.select_for_update().filter(key=key, state__in=Incident.OPEN_STATES).first()
        if incident is not None:
            settle(incident, episode.began)
            if incident.is_open:
                return incident
        try:
            with transaction.atomic():
                return _open(episode, key, now)
        except IntegrityError:
            continue  # somebody else opened it between our look and our insert
    raise NoIncident(f"no incident for {key} after {ATTEMPTS} attempts")


def _open(episode: Episode, key: str, now: datetime) -> Incident:
    return Incident.objects.create(
        kind=episode.kind,
        key=key,
        camera=episode.camera,
        zone=episode.zone,
        place=episode.place,
        lat=episode.lat,
        lon=episode.lon,
        severity=episode.worst_severity,
        confidence=episode.confidence,
        reason=episode.reason,
        measures=episode.measures,
        began=episode.began,
        updated=now,
    )
