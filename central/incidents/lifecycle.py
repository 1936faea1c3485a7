"""How incidents move: the table of legal moves, and the few functions that make them. Callers hold the row locked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from central.feed.models import Change, record
from central.incidents.models import Episode, Incident, Policy
from central.incidents.sight import Sight, sight_of
from central.incidents.standing import CLOSED, Circumstances, Standing, standing
from central.permits import nearby
from central.permits.law import Place
from central.silences import matching
from central.silences.models import Silence

State = Incident.State

_ANYWHERE_OPEN = frozenset(Incident.OPEN_STATES)
_DECIDED = frozenset({State.REJECTED, State.MERGED})

LEGAL: dict[str, frozenset[str]] = {
    State.CANDIDATE: frozenset({State.ACTIVE, State.SUPPRESSED, State.CLEARING, State.UNKNOWN}) | _DECIDED,
    State.ACTIVE: frozenset({State.SUPPRESSED, State.CLEARING, State.UNKNOWN}) | _DECIDED,
    # A silence that comes after it counted takes nothing back but the complaint that was not filed yet.
    State.SUPPRESSED: frozenset({State.CANDIDATE, State.ACTIVE, State.CLEARING, State.UNKNOWN}) | _DECIDED,
    State.CLEARING: (_ANYWHERE_OPEN - {State.CLEARING}) | {State.CLEARED} | _DECIDED,
    # Out of sight, until a camera sees it again or an operator has found out.
    State.UNKNOWN: (_ANYWHERE_OPEN - {State.UNKNOWN}) | {State.CLEARED} | _DECIDED,
    # A new episode within the reopen window brings it back.
    State.CLEARED: _ANYWHERE_OPEN | {State.CLOSED},
    # Back to cleared when one of its complaints is reopened.
    State.CLOSED: _ANYWHERE_OPEN | {State.CLEARED},
    State.REJECTED: frozenset(),
    # Taken apart again.
    State.MERGED: _ANYWHERE_OPEN,
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
    "cleared",
    "closed",
    "complaint_due",
    "blind_since",
    "sighted",
    "silenced_until",
    "ruling",
    "ruling_reason",
    "ruling_until",
    "merged_into",
    "updated",
]


class IllegalMove(RuntimeError):  # noqa: N818 — what it is
    """A defect: something tried to move an incident along an edge the table does not have."""


class NoIncident(RuntimeError):  # noqa: N818 — what is missing
    """Somebody else was quicker; the event is tried again."""


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


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known about some cameras, of silences and permits, at one moment."""

    now: datetime
    sight: Sight
    silences: Sequence[Silence]
    permits: Sequence[Place]

    @classmethod
    def of(cls, episodes: Collection[Episode], now: datetime) -> "Surroundings":
        """All that matters for these episodes."""
        earliest = min((episode.began for episode in episodes), default=now)
        sight = sight_of({episode.camera_id for episode in episodes}, earliest)
        return cls(now, sight, matching.since(earliest), nearby.around(episodes))

    def circumstances_of(self, incident: Incident) -> Circumstances:
        """With what people said about it."""
        return Circumstances(
            now=self.now,
            confirmed=incident.confirmed,
            sighted=incident.sighted,
            filed=incident.complaint_opened is not None,
            sight=self.sight,
            silences=self.silences,
            permits=self.permits,
        )


def review(incidents: Iterable[Incident], rules: Mapping[str, Policy], now: datetime) -> list[Incident]:
    """Brings locked incidents in line with their episodes, saves them and records the changes: a few queries whatever
    their number. For merged ones, those they were merged into. Returns those that came back: from their end, or while
    they were clearing, when an agency's complaint may have ended already."""
    reviewed = standing_for(incidents)
    episodes = episodes_of(reviewed)
    around = Surroundings.of([episode for all_of in episodes.values() for episode in all_of], now)
    changes, brought_back = [], []
    for incident in reviewed:
        was_over, was_clearing = incident.state in Incident.OVER_STATES, incident.state == State.CLEARING
        policy = rules[incident.kind]
        changes.append(_reviewed(incident, episodes[incident.pk], policy, around.circumstances_of(incident)))
        if (was_over and incident.is_open) or (was_clearing and incident.state == State.ACTIVE):
            brought_back.append(incident)
    # An upsert of rows that exist: one statement for all of them.
    Incident.objects.bulk_create(reviewed, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED_BY_REVIEW)
    Change.objects.bulk_create(changes)
    return brought_back


def begin(incident: Incident, episode: Episode, policy: Policy, around: Surroundings) -> None:
    """Saves a new incident with its only episode, in line with each other.

    Raises:
        NoIncident: one of its key is open, although its key was locked.
    """
    change = _reviewed(incident, [episode], policy, around.circumstances_of(incident))
    try:
        incident.save(force_insert=True)
    except IntegrityError as error:
        raise NoIncident(f"an incident {incident.key} was opened by somebody who did not lock its key") from error
    episode.incident = incident
    episode.save(force_insert=True)
    change.ref = str(incident.pk)
    change.save(force_insert=True)


def standing_for(incidents: Iterable[Incident]) -> list[Incident]:
    """Each of them, or the one it was merged into, once; those are locked here."""
    given = {incident.pk: incident for incident in incidents}
    wanted = {incident.merged_into_id or incident.pk for incident in given.values()}
    fetched = Incident.objects.select_for_update().filter(pk__in=wanted - given.keys()).order_by("pk")
    known = given | ({incident.pk: incident for incident in fetched} if wanted - given.keys() else {})
    return [known[pk] for pk in sorted(wanted)]


def episodes_of(incidents: Sequence[Incident]) -> dict[int, list[Episode]]:
    """By incident: its own episodes and those of the ones merged into it."""
    stands_for = {incident.pk: incident.pk for incident in incidents}
    stands_for |= dict(Incident.objects.filter(merged_into__in=list(stands_for)).values_list("pk", "merged_into"))
    episodes: dict[int, list[Episode]] = {incident.pk: [] for incident in incidents}
    for episode in Episode.objects.filter(incident__in=list(stands_for)).defer("model_hashes", "config"):
        episodes[stands_for[episode.incident_id]].append(episode)
    return episodes


def _reviewed(incident: Incident, episodes: Sequence[Episode], policy: Policy, around: Circumstances) -> Change:
    if episodes:
        _describe(incident, episodes)
    incident.updated = around.now
    goes_on = incident.is_open or _came_back(incident, episodes)
    moved = goes_on and _stand(incident, episodes, policy, around)
    what = incident.state if moved else "updated"
    return Change(time=around.now, topic=Change.Topic.INCIDENT, ref=str(incident.pk), what=what)


def _describe(incident: Incident, episodes: Sequence[Episode]) -> None:
    # What still goes on is told, not what ended beside it.
    newest = max(episodes, key=lambda episode: (episode.phase != CLOSED, episode.seen, episode.last_seq))
    incident.severity = max(episode.worst_severity for episode in episodes)
    incident.confidence = max(episode.confidence for episode in episodes)
    seen_from = min(episode.began for episode in episodes)
    # A citizen told of it before a camera did.
    incident.began = seen_from if incident.camera_id is not None else min(seen_from, incident.began)
    incident.reason = newest.reason
    incident.measures = newest.measures


def _came_back(incident: Incident, episodes: Sequence[Episode]) -> bool:
    """Whether a camera saw it after it was cleared; the reopen window was looked at when the episode joined."""
    if incident.state not in Incident.OVER_STATES or incident.cleared is None:
        return False
    if not any(episode.seen > incident.cleared for episode in episodes):
        return False
    return not Incident.objects.filter(key=incident.key, state__in=Incident.OPEN_STATES).exists()


def _stand(incident: Incident, episodes: Sequence[Episode], policy: Policy, around: Circumstances) -> bool:
    now_stands = standing(episodes, policy, around)
    # A policy made stricter meanwhile does not take back what already counted.
    counts = incident.active_since is not None and now_stands.state == State.CANDIDATE
    incident.active_since = now_stands.active_since or incident.active_since
    incident.clearing_since = now_stands.clearing_since
    incident.hold_until = now_stands.hold_until
    incident.complaint_due = None if incident.complaint_opened else now_stands.complaint_due
    incident.blind_since = now_stands.blind_since
    incident.silenced_until = now_stands.silenced_until
    _note_ruling(incident, now_stands)
    incident.cleared = incident.closed = None
    return move(incident, State.ACTIVE if counts else now_stands.state)


def _note_ruling(incident: Incident, stands: Standing) -> None:
    """What permits last said stays with an incident that fades: it tells why it counted."""
    incident.ruling_until = stands.ruling_until
    if stands.ruling is not None:
        incident.ruling, incident.ruling_reason = stands.ruling.answer.value, stands.ruling.to_json()


def clear(incident: Incident, now: datetime, at: datetime | None = None) -> None:
    """The hold has ended, or an operator found it gone `at` that moment: the incident gives its key back."""
    move(incident, State.CLEARED)
    incident.cleared = at or incident.hold_until
    incident.complaint_due = incident.blind_since = incident.silenced_until = incident.ruling_until = None
    incident.updated = now
    incident.save()
    record(Change.Topic.INCIDENT, incident.pk, State.CLEARED, now)


def open_again(incident_id: int, now: datetime) -> None:
    """One of its complaints is open again: a closed incident is only cleared."""
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    if incident.state != State.CLOSED:
        return
    move(incident, State.CLEARED)
    incident.closed, incident.updated = None, now
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
