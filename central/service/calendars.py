"""Versions of work calendars, and the policies that use them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from central.service.models import ServicePolicy, WorkCalendar
from central.service.policies import in_force, publish

TARGETS = ("first_response_calendar", "completion_calendar")


def newest() -> list[WorkCalendar]:
    """The last version of each, by code."""
    last = {row.code: row for row in WorkCalendar.objects.order_by("code", "version")}
    return list(last.values())


def add_version(code: str, values: Mapping[str, object], now: datetime, *, in_policies: bool) -> WorkCalendar:
    """Adds the next version of a calendar, or its first.

    Args:
        in_policies: the policies in force that use an earlier version use this one from now on.

    Raises:
        django.core.exceptions.ValidationError: what the clock could not work with.
    """
    with transaction.atomic():
        before = WorkCalendar.objects.filter(code=code).order_by("-version").first()
        row = WorkCalendar(code=code, version=1 if before is None else before.version + 1, **values)
        row.save()
        if in_policies:
            for policy in using(code, now):
                used = [target for target in TARGETS if _code_of(policy, target) == code]
                publish(policy.kind, dict.fromkeys(used, row), now)
    return row


def using(code: str, now: datetime) -> list[ServicePolicy]:
    """The policies in force that count in some version of this calendar."""
    return [row for row in in_force(now).values() if any(_code_of(row, target) == code for target in TARGETS)]


def _code_of(policy: ServicePolicy, target: str) -> str:
    calendar: WorkCalendar | None = getattr(policy, target)
    return "" if calendar is None else calendar.code
