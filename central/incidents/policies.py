"""The policy of each kind; a kind without a row has the model's defaults."""

from central.incidents.kinds import Kind
from central.incidents.models import Policy


def policies() -> dict[str, Policy]:
    """By kind, every kind present."""
    kept = Policy.objects.in_bulk()
    return {kind: kept.get(kind) or Policy(kind=kind) for kind in Kind.values}


def policy_of(kind: str) -> Policy:
    """Of one kind."""
    return Policy.objects.filter(pk=kind).first() or Policy(kind=kind)
