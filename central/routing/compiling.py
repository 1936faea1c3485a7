"""Rules as they are written, and checked before they may decide anything. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from central.clock.hours import MINUTES_A_DAY, Hours, Week, read_week
from central.incidents.kinds import Kind


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule as somebody wrote it. Empty matches everything."""

    order: int
    agency: str
    kind: str = ""
    areas: tuple[str, ...] = ()
    week: Mapping[str, Sequence[str]] = field(default_factory=dict)
    zone: str = ""
    also_inform: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class KnownAgency:
    """What a rule must know of one."""

    short: str
    active: bool


@dataclass(frozen=True, slots=True)
class KnownArea:
    """What a rule must know of one."""

    name: str
    active: bool
    drawn: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What rules may name, by code."""

    agencies: Mapping[str, KnownAgency]
    areas: Mapping[str, KnownArea]
    zone: str
    """The city's."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a set of rules cannot be put into force, and what to do."""

    rule: int | None
    """Its order; None: the whole set."""
    text: str

    def __str__(self) -> str:
        return self.text if self.rule is None else f"{_('Rule')} {self.rule}: {self.text}"


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """Ready to be asked."""

    order: int
    kind: str
    areas: frozenset[str]
    area_names: tuple[str, ...]
    week: Week | None
    """None: always."""
    zone: ZoneInfo
    agency: str
    also_inform: tuple[str, ...]
    note: str
    written_week: Mapping[str, Sequence[str]]

    def holds_at(self, time: datetime | None) -> bool:
        """Whether its hours cover the time; without a time, only a rule without hours holds."""
        if self.week is None:
            return True
        if time is None:
            return False
        local = time.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return any(hours.start <= minute < hours.end for hours in self.week[local.weekday()])


class RulesDoNotCompile(ValueError):  # noqa: N818 — what happened
    """With every fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


def compiled(rules: Iterable[RuleText], known: Known) -> tuple[CompiledRule, ...]:
    """In their order.

    Raises:
        RulesDoNotCompile: with all faults, not only the first.
    """
    in_order = sorted(rules, key=lambda rule: rule.order)
    faults = [] if in_order else [Fault(None, _("There is no rule: everything would go to the default desk."))]
    above: list[CompiledRule] = []
    for rule in in_order:
        wrong = [Fault(rule.order, text) for text in _faults_of(rule, known)]
        if not wrong:
            one = ready(rule, known)
            wrong = [Fault(rule.order, text) for text in _unreachable(one, above)]
            above.append(one)
        faults += wrong
    if faults:
        raise RulesDoNotCompile(faults)
    return tuple(above)


def ready(rule: RuleText, known: Known) -> CompiledRule:
    """Without another look: for rules that are in force, whatever was switched off since."""
    return CompiledRule(
        order=rule.order,
        kind=rule.kind,
        areas=frozenset(rule.areas),
        area_names=tuple(known.areas[code].name for code in rule.areas),
        week=read_week(rule.week) if rule.week else None,
        zone=ZoneInfo(rule.zone or known.zone),
        agency=rule.agency,
        also_inform=rule.also_inform,
        note=rule.note,
        written_week=rule.week,
    )


def _faults_of(rule: RuleText, known: Known) -> list[str]:
    return [*_agency_faults(rule, known), *_area_faults(rule, known), *_other_faults(rule, known)]


def _agency_faults(rule: RuleText, known: Known) -> Iterable[str]:
    for code in (rule.agency, *rule.also_inform):
        agency = known.agencies.get(code)
        if agency is None:
            yield _("there is no agency “%(code)s”: add it first, or choose another one.") % {"code": code}
        elif not agency.active:
            yield _("agency %(name)s is switched off: switch it on, or choose another one.") % {"name": agency.short}
    if rule.agency in rule.also_inform:
        yield _("the agency in charge need not be informed as well: take it out of “also informed”.")


def _area_faults(rule: RuleText, known: Known) -> Iterable[str]:
    for code in rule.areas:
        area = known.areas.get(code)
        if area is None:
            yield _("there is no area “%(code)s”: import it first, or choose another one.") % {"code": code}
        elif not area.active:
            yield _("area %(name)s is switched off: switch it on, or choose another one.") % {"name": area.name}
        elif not area.drawn:
            yield _("area %(name)s has no polygon, so no place lies in it: import its polygon.") % {"name": area.name}


def _other_faults(rule: RuleText, known: Known) -> Iterable[str]:
    if rule.kind and rule.kind not in Kind.values:
        yield _("there is no kind “%(kind)s”; kinds are %(kinds)s.") % {
            "kind": rule.kind,
            "kinds": ", ".join(Kind.values),
        }
    try:
        if rule.week:
            read_week(rule.week)
    except (ValueError, TypeError, AttributeError) as error:
        yield _("the hours cannot be read: %(why)s") % {"why": error}
    try:
        ZoneInfo(rule.zone or known.zone)
    except (ValueError, OSError, LookupError):
        yield _("there is no time zone “%(zone)s”; here: Asia/Jakarta, Asia/Makassar or Asia/Jayapura.") % {
            "zone": rule.zone
        }


def _unreachable(rule: CompiledRule, earlier: Sequence[CompiledRule]) -> Iterable[str]:
    for before in earlier:
        if _covers(before, rule):
            yield _("it can never decide: rule %(order)d takes all of it before. Move it up, or remove it.") % {
                "order": before.order
            }
            return


def _covers(wide: CompiledRule, narrow: CompiledRule) -> bool:
    """Whether whatever the narrow one matches, the wide one matches too, as far as the written rules tell."""
    return (
        wide.kind in {"", narrow.kind}
        and (not wide.areas or (bool(narrow.areas) and narrow.areas <= wide.areas))
        and _covers_hours(wide, narrow)
    )


def _covers_hours(wide: CompiledRule, narrow: CompiledRule) -> bool:
    if wide.week is None:
        return True
    if narrow.week is None:
        return all(_minutes(day) == set(range(MINUTES_A_DAY)) for day in wide.week)
    if wide.zone != narrow.zone:
        return False
    return all(_minutes(inner) <= _minutes(outer) for inner, outer in zip(narrow.week, wide.week, strict=True))


def _minutes(day: Sequence[Hours]) -> set[int]:
    return {minute for hours in day for minute in range(hours.start, hours.end)}
