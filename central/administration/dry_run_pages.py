"""Settings: what a draft of the rules would have changed."""

import csv
from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor, Role
from central.desks.access import only
from central.incidents.kinds import Kind
from central.routing import rulesets
from central.routing.compiling import RulesDoNotCompile
from central.routing.dry_run import MOST, Comparison, compare, summary
from central.routing.models import Agency, RuleSet
from central.routing.table import Table, current

DAYS = (7, 30, 90)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run."""


@require_safe
@only(Role.ADMIN)
def dry_run(request: HttpRequest, _actor: Actor, version: int) -> HttpResponse:
    """Counts, and the newest incidents that would have gone elsewhere."""
    comparisons = _comparisons(request, version)
    if comparisons is None:
        return redirect("rule-set", version)
    told = summary(comparisons)
    names = dict(Agency.objects.values_list("code", "short"))
    context = {
        "ruleset": RuleSet.objects.get(version=version),
        "told": told,
        "moves": [(names.get(a, "–"), names.get(b, "–"), count) for (a, b), count in told.moves.most_common()],
        "examples": [(each, Kind(each.subject.kind).label) for each in told.examples],
        "names": names,
        "days": _days(request),
        "choices": DAYS,
        "cut": told.looked_at >= MOST,
        "most": MOST,
    }
    return render(request, "administration/dry_run.html", context)


@require_safe
@only(Role.ADMIN)
def dry_run_csv(request: HttpRequest, _actor: Actor, version: int) -> HttpResponse | StreamingHttpResponse:
    """Every incident that would have gone elsewhere, as it is found."""
    comparisons = _comparisons(request, version)
    if comparisons is None:
        return redirect("rule-set", version)
    response = StreamingHttpResponse(_lines(comparisons), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rules-v{version}.csv"'
    return response


def _comparisons(request: HttpRequest, version: int) -> Iterator[Comparison] | None:
    """None: the version does not compile, which its own page says."""
    found = get_object_or_404(RuleSet, version=version)
    try:
        rules = rulesets.check(found)
    except RulesDoNotCompile:
        return None
    now = current()
    return compare(now, Table(version, rules, now.areas), timezone.now() - timedelta(days=_days(request)))


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return next((days for days in DAYS if str(days) == asked), DAYS[1])


def _lines(comparisons: Iterator[Comparison]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(
        ["incident", "kind", "place", "opened", "agency_now", "agency_then", "rule_now", "rule_then"]
    )
    for each in comparisons:
        if each.differs:
            opened = each.subject.time.isoformat() if each.subject.time else ""
            before, after = each.before, each.after
            row = [each.incident, each.subject.kind, each.subject.place, opened, before.agency, after.agency]
            yield writer.writerow([_harmless(cell) for cell in [*row, before.rule or "", after.rule or ""]])


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


class _Echo:
    """What is written is handed on at once."""

    @staticmethod
    def write(line: str) -> str:
        return line
