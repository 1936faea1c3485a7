"""The policy of each kind; a kind without a row has the model's defaults."""

from collections.abc import Collection

from django.db.models import Q

from central.incidents.kinds import Kind
from central.incidents.models import Incident, Policy
from central.permits.law import Answer


def policies() -> dict[str, Policy]:
    """By kind, every kind present."""
    kept = Policy.objects.in_bulk()
    return {kind: kept.get(kind) or Policy(kind=kind) for kind in Kind.values}


def kinds_that_ask() -> set[str]:
    """Those whose candidates wait for an operator's word."""
    asking = Policy.objects.filter(Q(mode=Policy.Mode.REVIEW) | Q(asks_in_doubt=True))
    return set(asking.values_list("kind", flat=True))


def waiting_for_a_person(asking: Collection[str]) -> Q:
    """Candidates that nothing but an operator's word makes count: of kinds that ask (`asking`, as `kinds_that_ask`
    returns it), told by citizens only, or left ambiguous by the permits."""
    why = Q(kind__in=asking) | Q(camera__isnull=True) | Q(ruling=Answer.AMBIGUOUS)
    return Q(state=Incident.State.CANDIDATE) & why


def waits_for_a_person(incident: Incident, asking: Collection[str]) -> bool:
    """The same of one."""
    asked = incident.kind in asking or incident.camera_id is None or incident.ruling == Answer.AMBIGUOUS
    return incident.state == Incident.State.CANDIDATE and asked


def policy_of(kind: str) -> Policy:
    """Of one kind."""
    return Policy.objects.filter(pk=kind).first() or Policy(kind=kind)
