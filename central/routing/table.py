"""Areas and the rules in force, kept in memory and read again when they change, in whatever process."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from central.routing.compiling import CompiledRule, Known, KnownAgency, KnownArea, RuleText, ready
from central.routing.geometry import read_geometry
from central.routing.index import AreaIndex, Shape
from central.routing.models import Agency, Area, Rule, RuleSet, Stamp


@dataclass(frozen=True, slots=True)
class Table:
    """What decides."""

    version: int | None
    """Of the rules; None: there are none."""
    rules: tuple[CompiledRule, ...]
    areas: AreaIndex


_held: tuple[UUID, Table] | None = None


def current() -> Table:
    """The rules in force over the areas as they are: one small query while nothing has changed."""
    global _held  # noqa: PLW0603 — the one copy of this process
    stamp = Stamp.objects.values_list("value", flat=True).first()
    if _held is not None and stamp == _held[0]:
        return _held[1]
    table = _loaded()
    # Read after the stamp: if something changes in between, the next look finds another stamp and reads once more.
    _held = None if stamp is None else (stamp, table)
    return table


def area_index() -> AreaIndex:
    """All areas that are in use and drawn, read from the database."""
    drawn = Area.objects.filter(active=True).exclude(polygon={})
    return AreaIndex([Shape(area.code, area.name, area.level, read_geometry(area.polygon)) for area in drawn])


def texts_of(ruleset: RuleSet) -> list[RuleText]:
    """Its rules that are switched on, in order."""
    rows = Rule.objects.filter(ruleset=ruleset, active=True).prefetch_related("areas", "also_inform")
    return [text_of(row) for row in rows]


def text_of(row: Rule) -> RuleText:
    """As it is compiled."""
    return RuleText(
        order=row.order,
        agency=row.agency_id,
        kind=row.kind,
        areas=tuple(area.code for area in row.areas.all()),
        week=row.week,
        zone=row.zone,
        also_inform=tuple(agency.code for agency in row.also_inform.all()),
        note=row.note,
    )


def known() -> Known:
    """What rules may name now."""
    drawn = set(Area.objects.exclude(polygon={}).values_list("code", flat=True))
    areas = Area.objects.values_list("code", "name", "active")
    return Known(
        agencies={one.code: KnownAgency(one.short, one.active) for one in Agency.objects.all()},
        areas={code: KnownArea(name, active, code in drawn) for code, name, active in areas},
        zone=timezone.get_default_timezone_name(),
    )


def _loaded() -> Table:
    ruleset = RuleSet.objects.filter(state=RuleSet.State.ACTIVE).first()
    if ruleset is None:
        return Table(None, (), area_index())
    names = known()
    return Table(ruleset.version, tuple(ready(text, names) for text in texts_of(ruleset)), area_index())
