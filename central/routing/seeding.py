"""First contents of a new database: agencies, rules and policies."""

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from central.incidents.models import Policy
from central.routing.models import Agency, Rule

SEED = Path(__file__).with_name("seed_jakarta.yaml")


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
    return added
