"""An episode finds its incident. At most one is open for a key and within reach, whoever else tries at the same time.

In this order: the open one of the same key; one of the same key that was merged into an open one; the nearest open one
within reach; one that was cleared a short while ago, which it brings back; a new one. The caller has locked the anchor.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from central.incidents.anchors import Anchor, anchor_of, same_place, spans_deg
from central.incidents.models import Episode, Incident, Policy

ATTEMPTS = 5
State = Incident.State

Settle = Callable[[Incident, datetime], None]
"""Brings a locked incident to a moment: if its hold ended before, it is cleared."""


class NoIncident(RuntimeError):  # noqa: N818 — what is missing
    """Others kept opening and ending incidents of this key; the event is tried again."""


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


def join(episode: Episode, policy: Policy, settle: Settle, now: datetime) -> Incident:
    """The incident the episode belongs to, locked: an open one, a merged one whose other half is open, or one that is
    over and that the episode brings back. An incident whose hold ended before the episode began is over, even if the
    clock has not come round to it yet.

    Raises:
        NoIncident: after ATTEMPTS races lost.
    """
    anchor = anchor_for(episode, policy)
    for _ in range(ATTEMPTS):
        for pk in _candidates(anchor):
            incident = _locked(pk)
            standing_for = _locked(incident.merged_into_id) if incident.merged_into_id else incident
            settle(standing_for, episode.began)
            if standing_for.is_open:
                return incident
        recent = _recently_over(anchor, episode.began, policy)
        if recent is not None:
            return recent
        try:
            with transaction.atomic():
                return _open(episode, anchor.key, now)
        except IntegrityError:
            continue  # somebody else opened it between our look and our insert
    raise NoIncident(f"no incident for {anchor.key} after {ATTEMPTS} attempts")


def _candidates(anchor: Anchor) -> list[int]:
    found = Incident.objects.filter(key=anchor.key, state__in=Incident.OPEN_STATES).values_list("pk", flat=True)
    merged = Incident.objects.filter(
        key=anchor.key, state=State.MERGED, merged_into__state__in=Incident.OPEN_STATES
    ).values_list("pk", flat=True)
    near = _nearest_first(anchor, Incident.objects.filter(state__in=Incident.OPEN_STATES))
    return list(dict.fromkeys([*found, *merged.order_by("-pk"), *near]))


def _recently_over(anchor: Anchor, began: datetime, policy: Policy) -> Incident | None:
    over = Incident.objects.filter(
        state__in=Incident.OVER_STATES, cleared__gte=began - timedelta(seconds=policy.reopen_s)
    )
    same = over.filter(kind=anchor.kind, key=anchor.key).order_by("-cleared").values_list("pk", flat=True)[:1]
    for pk in [*same, *_nearest_first(anchor, over)]:
        incident = _locked(pk)
        if incident.state in Incident.OVER_STATES:
            return incident
    return None


def _nearest_first(anchor: Anchor, among: QuerySet[Incident]) -> Iterable[int]:
    if anchor.lat is None or anchor.lon is None or anchor.reach_m == 0:
        return []
    high, wide = spans_deg(anchor.lat, anchor.reach_m)
    box = Q(lat__range=(anchor.lat - high, anchor.lat + high), lon__range=(anchor.lon - wide, anchor.lon + wide))
    found = among.filter(box, kind=anchor.kind).values_list("pk", "place", "lat", "lon")
    within = [(anchor.distance_m(lat, lon), pk) for pk, place, lat, lon in found if anchor.may_join(same_place(place))]
    return [pk for distance, pk in sorted(within) if distance <= anchor.reach_m]


def _locked(pk: int) -> Incident:
    return Incident.objects.select_for_update().get(pk=pk)


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
