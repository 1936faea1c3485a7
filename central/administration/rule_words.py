"""Rules for the page and for the record."""

from dataclasses import dataclass
from typing import Any

from central.routing.models import Rule, RuleSet
from central.routing.wording import condition


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as people read it."""

    rule: Rule
    text: str
    also: str
    """Short names of those also informed."""


def in_words(ruleset: RuleSet) -> list[RuleRow]:
    """In order."""
    rows = ruleset.rules.select_related("agency").prefetch_related("areas", "also_inform")
    return [RuleRow(row, _condition(row), ", ".join(agency.short for agency in row.also_inform.all())) for row in rows]


def recorded(ruleset: RuleSet) -> dict[str, Any]:
    """What the audit trail keeps of a version: its rules, by order."""
    rows = ruleset.rules.prefetch_related("areas", "also_inform")
    return {"version": ruleset.version} | {f"rule {row.order}": _plain(row) for row in rows}


def _condition(row: Rule) -> str:
    return condition(row.kind, [area.name for area in row.areas.all()], row.week, row.zone)


def _plain(row: Rule) -> dict[str, Any]:
    plain = {
        "kind": row.kind,
        "areas": [area.code for area in row.areas.all()],
        "week": row.week,
        "zone": row.zone,
        "agency": row.agency_id,
        "also": [agency.code for agency in row.also_inform.all()],
        "active": row.active,
    }
    return {name: value for name, value in plain.items() if value not in ("", [], {}, True)}
