"""How incidents move: the table of legal moves, and the few functions that make them. Callers hold the row locked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from central.feed.models import Change, record
from central.incidents.models import Episode, Incident, Policy
from central.incidents.policies import policies
from central.incidents.standing import standing

State = Incident.State

LEGAL: dict[str, frozenset[str]] = {
    State.CANDIDATE: frozenset({State.ACTIVE, State.CLEARING}),
    State.ACTIVE: frozenset({State.CLEARING}),
    State.CLEARING: frozenset({State.CANDIDATE, State.ACTIVE, State.CLEARED}),
    State.CLEARED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}


CHANGED_BY_REVIEW = [
    "state",
    "severity",
    "confidence",
    "reason",
    "measures",
    "began",
    "active_since",
    "confirmed",
    "confirmed_by",
    "clearing_since",
    "hold_until",
    "complaint_due",
    "blind_since",
    "updated",
]


class IllegalMove(RuntimeError):  # noqa: N818 — what it is
    """A defect: something tried to move an incident along an edge the table does not have."""


class NotConfirmable(ValueError):  # noqa: N818 — what the operator is told
    """The incident is not waiting for anybody's confirmation."""


def move(incident: Incident, target: State) -> bool:
    """Sets the state if it differs, and says whether it did; does not save.

    Raises:
        IllegalMove: no such edge.
    """
    if incident.state == target:
        return False
    if target not in LEGAL[incident.state]:
        raise IllegalMove(f"incident {incident.pk}: {incident.state} → {target}")
    incident.state = target
    return True


def review(incidents: Sequence[Incident], rules: Mapping[str, Policy], now: datetime) -> None:
    """Brings locked incidents in line with their episodes, saves them and records the changes: three queries whatever
    their number."""
    episodes: dict[int, list[Episode]] = {incident.pk: [] for incident in incidents}
    for episode in Episode.objects.filter(incident__in=incidents).defer("model_hashes", "config"):
        episodes[episode.incident_id].append(episode)
    changes = [_reviewed(incident, episodes[incident.pk], rules[incident.kind], now) for incident in incidents]
    # An upsert of rows that exist: one statement for all of them.
    Incident.objects.bulk_create(
        incidents, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED_BY_REVIEW
    )
    Change.objects.bulk_create(changes)


def _reviewed(incident: Incident, episodes: Sequence[Episode], policy: Policy, now: datetime) -> Change:
    newest = max(episodes, key=lambda episode: (episode.seen, episode.last_seq))
    incident.severity = max(episode.worst_severity for episode in episodes)
    incident.confidence = max(episode.confidence for episode in episodes)
    incident.began = min(episode.began for episode in episodes)
    incident.reason = newest.reason
    incident.measures = newest.measures
    incident.updated = now
    moved = incident.is_open and _stand(incident, episodes, policy)
    what = incident.state if moved else "updated"
    return Change(time=now, topic=Change.Topic.INCIDENT, ref=str(incident.pk), what=what)


def _stand(incident: Incident, episodes: Sequence[Episode], policy: Policy) -> bool:
    now_stands = standing(episodes, policy, incident.confirmed)
    # A policy made stricter meanwhile does not take back what already counted.
    counts = incident.active_since is not None and now_stands.state == State.CANDIDATE
    incident.active_since = now_stands.active_since or incident.active_since
    incident.clearing_since = now_stands.clearing_since
    incident.hold_until = now_stands.hold_until
    incident.complaint_due = None if incident.complaint_opened else now_stands.complaint_due
    incident.blind_since = now_stands.blind_since
    return move(incident, State.ACTIVE if counts else now_stands.state)


def clear(incident: Incident, now: datetime) -> None:
    """The hold has ended: the incident gives its key back."""
    move(incident, State.CLEARED)
    incident.cleared = incident.hold_until
    incident.complaint_due = None
    incident.updated = now
    incident.save()
    record(Change.Topic.INCIDENT, incident.pk, State.CLEARED, now)


def close_if_over(incident_id: int, now: datetime, *, still_open: bool) -> None:
    """A cleared incident none of whose complaints is open is closed."""
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    if still_open or incident.state != State.CLEARED:
        return
    move(incident, State.CLOSED)
    incident.closed = incident.updated = now
    incident.save()
    record(Change.Topic.INCIDENT, incident.pk, State.CLOSED, now)


@transaction.atomic
def confirm(incident_id: int, operator: str, now: datetime) -> Incident:
    """An operator says that a candidate is real: it counts from now.

    Raises:
        NotConfirmable: it is not a candidate any more.
    """
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    if incident.state != State.CANDIDATE:
        raise NotConfirmable(f"incident {incident_id} is {incident.state}, not a candidate")
    incident.confirmed, incident.confirmed_by = now, operator
    review([incident], policies(), now)
    return incident
