"""The report card's pages: a mark for each agency, and behind every mark the list it comes from."""

from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor
from central.complaints.access import visible_to
from central.complaints.models import Complaint
from central.complaints.report_card import LEAST, PERIOD, Marks, missed, report
from central.desks.access import OFFICERS, READERS, only
from central.desks.cards import complaint_rows
from central.desks.showing import rows_shown
from central.routing.models import Agency

PAGE = 50
STAFF = tuple(dict.fromkeys((*READERS, *OFFICERS)))


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One agency's line."""

    agency: Agency
    marks: Marks
    tone: str


@require_safe
@only(*STAFF)
def report_card(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All agencies for operators, the own one for an agency's people."""
    agencies = Agency.objects.in_bulk()
    marks = report(_theirs(actor), timezone.now())
    context = {
        "rows": [ReportRow(agencies[each.agency], each, tone_of(each)) for each in marks],
        "days": PERIOD.days,
        "least": LEAST,
        "red_from": settings.RED_FROM,
    }
    return render(request, "desks/report_card.html", context)


@require_safe
@only(*STAFF)
def behind_the_mark(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The complaints an agency missed a deadline with, those waiting longest first."""
    agency = Agency.objects.filter(pk=code).first()
    if agency is None or actor.agency not in {None, code}:
        raise Http404
    late = missed(_theirs(actor).filter(agency=agency), timezone.now())
    listed = late.select_related("agency").order_by(F("next_due").asc(nulls_last=True), "-ended")
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    desk = "operator" if actor.role in READERS else "agency"
    context = {
        "agency": agency,
        "page": page,
        "rows": rows_shown(actor, complaint_rows(list(page))),
        "route": f"{desk}-complaint",
        "evidence_route": f"{desk}-evidence",
    }
    return render(request, "desks/behind_the_mark.html", context)


def tone_of(marks: Marks) -> str:
    """red from RED_FROM on, amber from half of it; grey while there are too few to tell."""
    if not marks.says_something:
        return "grey"
    if marks.share >= settings.RED_FROM:
        return "red"
    return "amber" if marks.share >= settings.RED_FROM / 2 else "green"


def _theirs(actor: Actor) -> QuerySet[Complaint]:
    seen = visible_to(actor)
    return seen if actor.agency is None else seen.filter(agency=actor.agency)
