"""The policy of each kind; a kind without a row has the model's defaults."""

from django.db.models import Q

from central.incidents.kinds import Kind
from central.incidents.models import Policy


def policies() -> dict[str, Policy]:
    """By kind, every kind present."""
    kept = Policy.objects.in_bulk()
    return {kind: kept.get(kind) or Policy(kind=kind) for kind in Kind.values}


def kinds_that_ask() -> set[str]:
    """Those whose candidates wait for an operator's word."""
    asking = Policy.objects.filter(Q(mode=Policy.Mode.REVIEW) | Q(asks_in_doubt=True))
    return set(asking.values_list("kind", flat=True))


def policy_of(kind: str) -> Policy:
    """Of one kind."""
    return Policy.objects.filter(pk=kind).first() or Policy(kind=kind)
