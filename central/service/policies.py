"""Which service policy holds for what."""

from collections.abc import Mapping
from datetime import datetime

from central.clock.policy import Policy
from central.incidents.kinds import Kind
from central.service.models import ServicePolicy


def in_force(moment: datetime) -> dict[str, ServicePolicy]:
    """The version of each kind that holds at the moment; a kind without one has the model's defaults (unsaved)."""
    found: dict[str, ServicePolicy] = {
        kind: ServicePolicy(kind=kind, version=0, valid_from=moment) for kind in Kind.values
    }
    rows = ServicePolicy.objects.filter(valid_from__lte=moment).order_by("version")
    found.update({row.kind: row for row in rows.select_related("first_response_calendar", "completion_calendar")})
    return found


def as_the_clock_takes_them(rows: Mapping[str, ServicePolicy]) -> dict[str, Policy]:
    """By category."""
    return {kind: row.policy() for kind, row in rows.items()}


def publish(kind: str, changes: Mapping[str, object], now: datetime) -> ServicePolicy:
    """Adds a version that holds for complaints opened from `now` on; those already open keep theirs.

    Raises:
        django.core.exceptions.ValidationError: what the clock could not work with.
    """
    before = in_force(now)[kind]
    row = ServicePolicy(
        kind=kind,
        version=before.version + 1,
        valid_from=now,
        first_response_s=before.first_response_s,
        first_response_calendar=before.first_response_calendar,
        completion_s=before.completion_s,
        completion_calendar=before.completion_calendar,
        steps=before.steps,
        soon_percent=before.soon_percent,
    )
    for field, value in changes.items():
        setattr(row, field, value)
    row.save()
    return row
