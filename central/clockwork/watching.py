"""What changes for an incident without any event about it: its cameras go blind or see again, a silence
ends, permits say something else."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from central.clockwork.settling import bring_back
from central.incidents.kinds import Kind
from central.incidents.lifecycle import review
from central.incidents.models import Episode, Incident
from central.incidents.policies import policies
from central.incidents.sight import blind_cameras
from contract.kinds import Phase

BATCH = 200
State = Incident.State


def watch(now: datetime) -> int:
    """Reviews the incidents for which something of that kind has happened; returns how many."""
    concerned = _concerned(now)
    return sum(_reviewed(pk, now) for pk in concerned.order_by("pk").values_list("pk", flat=True)[:BATCH])


def look_again(incidents: QuerySet[Incident], now: datetime) -> None:
    """Reviews these, one transaction each."""
    for pk in incidents.order_by("pk").values_list("pk", flat=True):
        _reviewed(pk, now)


@transaction.atomic
def _reviewed(pk: int, now: datetime) -> bool:
    incident = Incident.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if incident is None:
        return False  # another worker has it
    bring_back(review([incident], policies(), now), now)
    return True


def _concerned(now: datetime) -> QuerySet[Incident]:
    standing = Incident.objects.filter(state__in=Incident.OPEN_STATES)
    passed = _out_of_sight_for_long(now) | _silence_is_over(now) | Q(ruling_until__lte=now)
    return standing.filter(_lost_or_regained_from_sight() | passed)


def _lost_or_regained_from_sight() -> Q:
    blind = blind_cameras()
    # The episodes that keep it open; while its hold runs, all of them: whoever saw it could see it come back.
    counting = ~Q(phase=Phase.CLOSED.value) | Q(incident__clearing_since__isnull=False)
    seen = _has_episode(counting & ~Q(camera__in=blind))
    regained = Q(blind_since__isnull=False) & seen
    if not blind:
        return regained
    lost = Q(blind_since__isnull=True) & _has_episode(counting & Q(camera__in=blind)) & ~seen
    return regained | (lost & ~Q(kind=Kind.CAMERA_FAULT))


def _has_episode(like: Q) -> Q:
    """One of its own, or of one merged into it: two questions, because an index answers each, and none their union."""
    own = Episode.objects.filter(like, incident=OuterRef("pk"))
    absorbed = Episode.objects.filter(like, incident__merged_into=OuterRef("pk"))
    return Q(Exists(own)) | Q(Exists(absorbed))


def _out_of_sight_for_long(now: datetime) -> Q:
    long = Q(pk__in=[])
    for kind, policy in policies().items():
        long |= Q(kind=kind, blind_since__lte=now - timedelta(seconds=policy.unknown_after_s))
    return long & Q(state__in=[State.CANDIDATE, State.ACTIVE, State.CLEARING])


def _silence_is_over(now: datetime) -> Q:
    return Q(state=State.SUPPRESSED, silenced_until__lte=now)
