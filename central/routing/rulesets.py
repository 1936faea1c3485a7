"""Versions of the rules: drafted, put into force, kept, and brought back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from central.routing.compiling import CompiledRule, RuleText, compiled
from central.routing.models import Rule, RuleSet, Stamp
from central.routing.table import known, texts_of

State = RuleSet.State
STEP = 10
"""Between the orders of rules, so that one can be put between two by hand."""


class NotADraft(ValueError):  # noqa: N818 — what is wrong
    """Only a draft may be changed; the text is for the administrator."""


def active() -> RuleSet | None:
    """The version in force."""
    return RuleSet.objects.filter(state=State.ACTIVE).first()


def draft() -> RuleSet | None:
    """The version being written, if there is one."""
    return RuleSet.objects.filter(state=State.DRAFT).first()


@transaction.atomic
def begin_draft(author: str, now: datetime, *, like: RuleSet | None = None, note: str = "") -> RuleSet:
    """A copy of `like`, else of the version in force, that may be changed. The draft there is, if there is one.

    Raises:
        NotADraft: there is a draft already and a certain version was to be copied.
    """
    existing = RuleSet.objects.select_for_update().filter(state=State.DRAFT).first()
    if existing is not None:
        if like is None:
            return existing
        raise NotADraft(_("There is a draft already: put it into force or discard it first."))
    source = like or active()
    made = _new(author, now, note)
    for row in Rule.objects.filter(ruleset=source).prefetch_related("areas", "also_inform") if source else ():
        _copy(row, made)
    return made


@transaction.atomic
def write(texts: Sequence[RuleText], author: str, now: datetime, *, note: str = "") -> RuleSet:
    """A draft out of plain text, in place of the one there is."""
    RuleSet.objects.filter(state=State.DRAFT).delete()
    made = _new(author, now, note)
    for text in texts:
        row = Rule.objects.create(
            ruleset=made,
            order=text.order,
            kind=text.kind,
            week=dict(text.week),
            zone=text.zone,
            agency_id=text.agency,
            note=text.note,
        )
        row.areas.set(text.areas)
        row.also_inform.set(text.also_inform)
    return made


@transaction.atomic
def activate(version: int, author: str, now: datetime) -> RuleSet:
    """Puts the draft into force; the version before it is kept.

    Raises:
        NotADraft: it is in force, or was.
        central.routing.compiling.RulesDoNotCompile: with every fault.
    """
    ruleset = locked_draft(version)
    check(ruleset)
    return _put_into_force(ruleset, author, now)


@transaction.atomic
def install(texts: Sequence[RuleText], author: str, now: datetime) -> RuleSet:
    """Puts plain text into force; it may name what does not exist, so it is compiled before it is written.

    Raises:
        central.routing.compiling.RulesDoNotCompile: with every fault.
    """
    compiled(texts, known())
    return _put_into_force(write(texts, author, now), author, now)


def check(ruleset: RuleSet) -> tuple[CompiledRule, ...]:
    """Compiles it as it stands.

    Raises:
        central.routing.compiling.RulesDoNotCompile: with every fault.
    """
    return compiled(texts_of(ruleset), known())


@transaction.atomic
def go_back_to(version: int, author: str, now: datetime) -> RuleSet:
    """Puts a copy of an earlier version into force, under a number of its own: what was decided when stays readable.

    Raises:
        NotADraft: there is a draft, which would be lost.
        central.routing.compiling.RulesDoNotCompile: its agencies or areas are no longer what they were.
        RuleSet.DoesNotExist: no such version.
    """
    earlier = RuleSet.objects.get(version=version)
    note = _("as version %(version)d") % {"version": version}
    copy = begin_draft(author, now, like=earlier, note=note)
    return activate(copy.version, author, now)


@transaction.atomic
def discard(version: int) -> None:
    """The draft is gone.

    Raises:
        NotADraft: it is in force, or was.
    """
    locked_draft(version).delete()


@transaction.atomic
def move(rule: Rule, up: bool) -> bool:
    """Changes places with its neighbour; whether there was one.

    Raises:
        NotADraft: its version may not be changed.
    """
    ruleset = locked_draft(rule.ruleset.version)
    rows = list(ruleset.rules.all())
    at = next(number for number, row in enumerate(rows) if row.pk == rule.pk)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(rows):
        return False
    rows[at], rows[other] = rows[other], rows[at]
    _number(rows)
    return True


def place_last(ruleset: RuleSet) -> int:
    """The order of a rule that comes after all others."""
    return (ruleset.rules.aggregate(last=Max("order"))["last"] or 0) + STEP


def locked_draft(version: int) -> RuleSet:
    """For a change, in a transaction.

    Raises:
        NotADraft: it is in force, or was, or there is none of that number.
    """
    ruleset = RuleSet.objects.select_for_update().filter(version=version).first()
    if ruleset is None or ruleset.state != State.DRAFT:
        raise NotADraft(_("Version %(version)d is no draft: it stays as it is.") % {"version": version})
    return ruleset


def _put_into_force(ruleset: RuleSet, author: str, now: datetime) -> RuleSet:
    RuleSet.objects.filter(state=State.ACTIVE).update(state=State.RETIRED)
    ruleset.state, ruleset.activated, ruleset.activated_by = State.ACTIVE, now, author
    ruleset.save()
    Stamp.renew()
    return ruleset


def _new(author: str, now: datetime, note: str) -> RuleSet:
    last = RuleSet.objects.aggregate(last=Max("version"))["last"] or 0
    return RuleSet.objects.create(version=last + 1, note=note, created=now, created_by=author)


def _copy(row: Rule, into: RuleSet) -> None:
    plain = {field.attname: getattr(row, field.attname) for field in Rule._meta.concrete_fields if field.name != "id"}
    made = Rule.objects.create(**plain | {"ruleset_id": into.pk})
    made.areas.set(row.areas.all())
    made.also_inform.set(row.also_inform.all())


def _number(rows: Sequence[Rule]) -> None:
    """10, 20, 30 …, first beyond all orders there are: the constraint is checked row by row."""
    beyond = max(row.order for row in rows) + STEP
    for offset in (beyond, 0):
        for number, row in enumerate(rows):
            row.order = offset + STEP * (number + 1)
            row.save(update_fields=["order"])
