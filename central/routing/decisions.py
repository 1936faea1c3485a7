"""Which agency answers for an incident, and why: the trace is kept with the complaint."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from central.routing.compiling import CompiledRule
from central.routing.index import Place
from central.routing.models import Agency
from central.routing.table import Table, current


class NoDesk(LookupError):  # noqa: N818 — names what is missing
    """No rule matches and no default desk exists."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What rules may ask about."""

    kind: str
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The agency, those also informed, and the trace as JSON."""

    agency: Agency
    also_inform: tuple[Agency, ...]
    trace: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the rules say, before anybody asks the database who the agencies are."""

    areas: tuple[Place, ...]
    candidates: tuple[CompiledRule, ...]
    """Rules that match, in order; the first whose agency is active decides."""
    refusals: Mapping[int, str]
    """Order of each rule about the kind that does not match → `area` or `time`."""
    other_kinds: int
    """How many rules were about something else."""


def decide(subject: Subject) -> Decision:
    """Asks the rules in force in their order; the first that matches decides, else the default desk with a warning.

    Raises:
        NoDesk: nothing matches and there is no default desk.
    """
    table = current()
    choice = choose(table, subject)
    wanted = {code for rule in choice.candidates for code in (rule.agency, *rule.also_inform)}
    agencies = {one.code: one for one in Agency.objects.filter(pk__in=wanted, active=True)} if wanted else {}
    rule = deciding(choice, agencies)
    if rule is not None:
        also = tuple(agencies[code] for code in rule.also_inform if code in agencies)
        return Decision(
            agencies[rule.agency],
            also,
            _trace(subject, table, choice, rule=rule, agency=agencies[rule.agency], also=also),
        )
    desk = Agency.objects.filter(is_default_desk=True, active=True).first()
    if desk is None:
        raise NoDesk(
            f"no rule matches {subject.kind} and no agency is the default desk; run `sigap-central manage seed`, or "
            "mark one agency as the default desk"
        )
    warning = f"no rule matches {subject.kind}: sent to the default desk"
    return Decision(desk, (), _trace(subject, table, choice, rule=None, agency=desk, also=()) | {"warning": warning})


def choose(table: Table, subject: Subject) -> Choice:
    """Pure."""
    areas = table.areas.at(subject.lon, subject.lat)
    codes = {area.code for area in areas}
    candidates, refusals, other_kinds = [], {}, 0
    for rule in table.rules:
        if rule.kind not in {"", subject.kind}:
            other_kinds += 1
        elif rule.areas and rule.areas.isdisjoint(codes):
            refusals[rule.order] = "area"
        elif not rule.holds_at(subject.time):
            refusals[rule.order] = "time"
        else:
            candidates.append(rule)
    return Choice(areas, tuple(candidates), refusals, other_kinds)


def deciding(choice: Choice, active_agencies: Collection[str]) -> CompiledRule | None:
    """The rule that decides; None: the default desk."""
    return next((rule for rule in choice.candidates if rule.agency in active_agencies), None)


def _trace(
    subject: Subject,
    table: Table,
    choice: Choice,
    *,
    rule: CompiledRule | None,
    agency: Agency,
    also: Sequence[Agency],
) -> dict[str, Any]:
    """Rules about other kinds are only counted: a city has a hundred of them, and a complaint for each thousand."""
    return {
        "kind": subject.kind,
        "place": subject.place,
        "version": table.version,
        "areas": [
            {"code": area.code, "name": area.name, "level": area.level} | ({"near": True} if area.near else {})
            for area in choice.areas
        ],
        "rules": [_looked_at(one, rule, choice) for one in _up_to(rule, table, subject.kind)],
        "other_kinds": choice.other_kinds,
        "agency": agency.code,
        "also_inform": [other.code for other in also],
    }


def _up_to(rule: CompiledRule | None, table: Table, kind: str) -> list[CompiledRule]:
    """The rules about the kind that were asked: those up to the deciding one."""
    return [one for one in table.rules if one.kind in {"", kind} and (rule is None or one.order <= rule.order)]


def _looked_at(one: CompiledRule, deciding_rule: CompiledRule | None, choice: Choice) -> dict[str, Any]:
    told = {"rule": one.order, "note": one.note, "matched": one is deciding_rule}
    if one is not deciding_rule:
        return told | {"why_not": choice.refusals.get(one.order, "agency")}
    names = {area.code: area.name for area in choice.areas}
    where = [names[code] for code in sorted(one.areas & names.keys())]
    return told | {"why_not": "", "kind": one.kind, "areas": where, "week": dict(one.written_week)}
