"""An episode finds its incident. At most one is open for a key and within reach, whoever else tries at the same time.

In this order: the open one of the same key; one of the same key that was merged into an open one; the nearest open one
within reach; one that was cleared a short while ago, which it brings back; a new one. The caller has locked the anchor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from central.incidents.anchors import Anchor, anchor_of, same_place, spans_deg
from central.incidents.models import Episode, Incident, Policy

State = Incident.State

Settle = Callable[[Incident, datetime], None]
"""Brings a locked incident to a moment: if its hold ended before, it is cleared."""


def anchor_for(episode: Episode, policy: Policy) -> Anchor:
    """Of an episode whose camera is loaded."""
    return anchor_of(
        kind=episode.kind,
        camera=str(episode.camera),
        zone=episode.zone,
        place=episode.place,
        lat=episode.lat,
        lon=episode.lon,
        reach_m=policy.join_m,
    )


def join(episode: Episode, policy: Policy, settle: Settle) -> Incident | None:
    """The incident the episode belongs to, locked: an open one, a merged one whose other half is open, or one that is
    over and that the episode brings back; None: a new one. An incident whose hold ended before the episode began is
    over, even if the clock has not come round to it yet."""
    returns_from = episode.began - timedelta(seconds=policy.reopen_s)
    return join_at(anchor_for(episode, policy), episode.began, returns_from, settle)


def join_at(anchor: Anchor, began: datetime, returns_from: datetime, settle: Settle) -> Incident | None:
    """The same for whatever began then at the anchor; it brings back what was cleared since `returns_from`."""
    found = _around(anchor, returns_from)
    recent = [one.pk for one in found if one.state in Incident.OVER_STATES]
    for one in found:
        if one.state in Incident.OVER_STATES:
            continue
        incident = _locked(one.pk)
        standing_for = _locked(incident.merged_into_id) if incident.merged_into_id else incident
        settle(standing_for, began)
        if standing_for.is_open:
            return incident
        if incident.cleared is not None and incident.cleared >= returns_from:
            recent.insert(0, incident.pk)
    for pk in recent:
        incident = _locked(pk)
        if incident.state in Incident.OVER_STATES:
            return incident
    return None


def opened_by(episode: Episode, policy: Policy, now: datetime) -> Incident:
    """A new incident that is not saved yet."""
    return Incident(
        kind=episode.kind,
        key=anchor_for(episode, policy).key,
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


@dataclass(frozen=True, slots=True)
class _Found:
    """One that may be the episode's, the first to be asked first."""

    pk: int
    key: str
    state: str
    place: str
    lat: float | None
    lon: float | None

    def rank(self, anchor: Anchor) -> tuple[int, float, int] | None:
        """Same key before near, open before merged, near before far, new before old; None: too far."""
        if self.key == anchor.key:
            return (1 if self.state == State.MERGED else 0, 0.0, -self.pk)
        if self.state == State.MERGED or self.lat is None or self.lon is None:
            return None
        if anchor.lat is None or not anchor.may_join(same_place(self.place)):
            return None
        distance = anchor.distance_m(self.lat, self.lon)
        return (2, distance, -self.pk) if distance <= anchor.reach_m else None


def _around(anchor: Anchor, returns_from: datetime) -> list[_Found]:
    """All that may be it: open, merged, or cleared since then; in order."""
    where = Q(key=anchor.key)
    if anchor.lat is not None and anchor.lon is not None and anchor.reach_m:
        high, wide = spans_deg(anchor.lat, anchor.reach_m)
        where |= Q(lat__range=(anchor.lat - high, anchor.lat + high), lon__range=(anchor.lon - wide, anchor.lon + wide))
    over = Q(state__in=Incident.OVER_STATES, cleared__gte=returns_from)
    standing = Q(state__in=[*Incident.OPEN_STATES, State.MERGED])
    rows = Incident.objects.filter(where, over | standing, kind=anchor.kind)
    found = [_Found(*row) for row in rows.values_list("pk", "key", "state", "place", "lat", "lon")]
    ranked = [(rank, one) for one in found if (rank := one.rank(anchor)) is not None]
    return [one for _rank, one in sorted(ranked, key=lambda pair: pair[0])]


def _locked(pk: int) -> Incident:
    return Incident.objects.select_for_update().get(pk=pk)
