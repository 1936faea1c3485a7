"""First contents of a new database: agencies, rules, policies, and what complaints are promised."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from central.incidents.models import Policy
from central.routing.models import Agency, Rule
from central.service.models import ServicePolicy, WorkCalendar

SEED = Path(__file__).with_name("seed_jakarta.yaml")
FROM_THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""The first promise holds for whatever was opened before it, too."""


def is_seeded() -> bool:
    """Whether there is somebody to route to and a policy for something."""
    return Agency.objects.exists() and Policy.objects.exists()


@transaction.atomic
def seed(path: Path = SEED) -> int:
    """Adds the rows of the file that do not exist yet, and changes none that do; returns how many it added."""
    wanted: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    added = 0
    for row in wanted["agencies"]:
        added += Agency.objects.get_or_create(code=row["code"], defaults=row)[1]
    for row in wanted["rules"]:
        also = row.pop("also_inform", [])
        row["agency_id"] = row.pop("agency")
        rule, new = Rule.objects.get_or_create(order=row["order"], defaults=row)
        if new:
            rule.also_inform.set(also)
        added += new
    for row in wanted["policies"]:
        added += Policy.objects.get_or_create(kind=row["kind"], defaults=row)[1]
    return added + _seed_service(wanted.get("calendars", []), wanted.get("service", []))


def _seed_service(calendars: list[dict[str, Any]], promises: list[dict[str, Any]]) -> int:
    """A code or kind that has a version already is left as it is."""
    added = 0
    for row in calendars:
        if not WorkCalendar.objects.filter(code=row["code"]).exists():
            WorkCalendar.objects.create(**{"zone": timezone.get_default_timezone_name()} | row)
            added += 1
    for row in promises:
        if not ServicePolicy.objects.filter(kind=row["kind"]).exists():
            for target in ("first_response_calendar", "completion_calendar"):
                if target in row:
                    row[target] = WorkCalendar.objects.filter(code=row[target]).latest("version")
            ServicePolicy.objects.create(**{"valid_from": FROM_THE_BEGINNING} | row)
            added += 1
    return added
