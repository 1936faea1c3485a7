"""First contents of a new database: agencies, areas, rules, policies, and what complaints are promised."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from central.incidents.models import Policy
from central.routing import rulesets
from central.routing.area_import import import_areas, read_areas
from central.routing.compiling import RuleText
from central.routing.models import Agency, Area, RuleSet
from central.service.models import ServicePolicy, WorkCalendar

SEEDS = Path(__file__).with_name("seeds")
CITIES = ("jakarta", "pangkalpinang")
AUTHOR = "sigap-central manage seed"
FROM_THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""The first promise holds for whatever was opened before it, too."""


def is_seeded() -> bool:
    """Whether there is somebody to route to and a policy for something."""
    return Agency.objects.exists() and Policy.objects.exists()


def seed_of(city: str) -> Path:
    """The file of one of CITIES."""
    return SEEDS / f"{city}.yaml"


@transaction.atomic
def seed(path: Path | None = None) -> int:
    """Adds the rows of the file (Jakarta's) that do not exist yet, and changes none that do; returns how many it added.
    Rules are a whole: where there are any, the file's are left out.

    Raises:
        central.routing.compiling.RulesDoNotCompile: the file's rules, with every fault.
        central.routing.area_import.NotImported: the file's areas, with every fault.
    """
    wanted = _read(path or seed_of(CITIES[0]))
    added = 0
    for row in wanted.get("agencies", []):
        if row.get("is_default_desk") and Agency.objects.filter(is_default_desk=True).exists():
            row |= {"is_default_desk": False}
        added += Agency.objects.get_or_create(code=row["code"], defaults=row)[1]
    added += _seed_areas(wanted["areas"]) if "areas" in wanted else 0
    added += _seed_rules(wanted.get("rules", []))
    for row in wanted.get("policies", []):
        added += Policy.objects.get_or_create(kind=row["kind"], defaults=row)[1]
    return added + _seed_service(wanted.get("calendars", []), wanted.get("service", []))


def _read(path: Path) -> dict[str, Any]:
    """Of a file that is written `with` another one, the lists of both."""
    wanted: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "areas" in wanted:
        wanted["areas"] = path.with_name(wanted["areas"])
    return _read(path.with_name(wanted.pop("with"))) | wanted if "with" in wanted else wanted


def _seed_areas(path: Path) -> int:
    rows = read_areas(path.read_bytes())
    there = set(Area.objects.values_list("code", flat=True))
    missing = [row for row in rows if row["code"] not in there]
    return import_areas(missing, timezone.now()).added


def _seed_rules(rows: Sequence[Mapping[str, Any]]) -> int:
    if not rows or RuleSet.objects.exists():
        return 0
    texts = [
        RuleText(
            order=row["order"],
            agency=row["agency"],
            kind=row.get("kind", ""),
            areas=tuple(row.get("areas", ())),
            week=row.get("week", {}),
            zone=row.get("zone", ""),
            also_inform=tuple(row.get("also_inform", ())),
            note=row.get("note", ""),
        )
        for row in rows
    ]
    rulesets.install(texts, AUTHOR, timezone.now())
    return len(texts)


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
