"""Why somebody looks at pictures that are not the own work, and the record of all looks for auditors."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from central.accounts.roles import STAFF_ROLES, Actor, Role
from central.complaints.access import visible_to
from central.desks.access import READERS, home_of, only
from central.incidents.models import Incident
from central.viewing import purposes
from central.viewing.finding import Question, in_pieces
from central.viewing.models import Viewing

AUDITORS = (Role.AUDITOR, Role.ADMIN)
PAGE = 50
PIECE = 2000
COLUMNS = (
    "time",
    "user",
    "role",
    "agency",
    "sha256",
    "media_type",
    "incident",
    "complaint",
    "page",
    "reason",
    "subject",
    "camera",
)


@dataclass(frozen=True, slots=True)
class ViewingRow:
    """One look with its words."""

    viewing: Viewing
    reason: str


class QuestionForm(forms.Form):
    """What the record is asked."""

    who = forms.CharField(label=gettext_lazy("Who"), required=False, max_length=150)
    case = forms.CharField(label=gettext_lazy("Complaint, or # and an incident"), required=False, max_length=40)
    sha256 = forms.RegexField(r"^[0-9a-fA-F]{4,64}$", label=gettext_lazy("Picture (sha256)"), required=False)
    first = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    given_reasons_only = forms.BooleanField(label=gettext_lazy("Only what took a reason"), required=False)

    def question(self) -> Question:
        """Of a valid form."""
        return Question(**self.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
@only(*STAFF_ROLES)
def give_reason(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Asks why, writes it down, and leads back to the pictures."""
    asked = request.POST if request.method == "POST" else request.GET
    incident = _incident(actor, asked.get("incident", ""))
    back = asked.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = home_of(actor)
    wrong = ""
    if request.method == "POST":
        try:
            purposes.declare(actor, request.POST.get("reason", ""), incident, timezone.now())
        except ValueError:
            wrong = _("Please write a sentence that says what you need the pictures for.")
        else:
            return redirect(back)
    context = {
        "incident_id": "" if incident is None else incident.pk,
        "reason_next": back,
        "reason_typed": request.POST.get("reason", ""),
        "reason_wrong": wrong,
    }
    return render(request, "desks/reason.html", context, status=400 if wrong else 200)


@require_safe
@only(*AUDITORS)
def viewings(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Every look at a picture, newest first."""
    form = QuestionForm(request.GET or None)
    question = form.question() if form.is_valid() else Question()
    page = Paginator(question.found(), PAGE).get_page(request.GET.get("page"))
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    context = {
        "form": form,
        "page": page,
        "rows": [ViewingRow(each, reason_of(each)) for each in page],
        "query": f"{urlencode(asked)}&" if asked else "",
    }
    return render(request, "desks/viewings.html", context)


@require_safe
@only(*AUDITORS)
def export(request: HttpRequest, _actor: Actor) -> StreamingHttpResponse:
    """The same as CSV, however long, a piece at a time."""
    form = QuestionForm(request.GET or None)
    question = form.question() if form.is_valid() else Question()
    response = StreamingHttpResponse(_lines(question, get_language()), content_type="text/csv; charset=utf-8")
    name = f"sigap-evidence-{timezone.localtime():%Y%m%d-%H%M}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def reason_of(viewing: Viewing) -> str:
    """What was given, else what the page says by itself."""
    if viewing.reason:
        return viewing.reason
    if viewing.complaint is not None:
        return _("Working on complaint %(number)s") % {"number": viewing.complaint.number}
    if viewing.incident_id is None and viewing.camera is not None:
        return _("Looking after camera %(camera)s") % {"camera": viewing.camera.title}
    if viewing.page == Viewing.Page.WALL:
        return _("Watching the live wall")
    return _("Working on incident #%(number)s") % {"number": viewing.incident_id}


def _incident(actor: Actor, number: str) -> Incident | None:
    """The one asked for; none asked for is everything that is open to this person, which not all may ask for."""
    if not number and actor.role in purposes.MAY_FOR_ALL:
        return None
    found = Incident.objects.filter(pk=int(number) if number.isdecimal() and len(number) < 19 else None)
    if actor.role not in READERS:
        found = found.filter(complaints__in=visible_to(actor))
    incident = found.first()
    if incident is None:
        raise Http404
    return incident


async def _lines(question: Question, language: str) -> AsyncIterator[str]:
    yield _csv([COLUMNS])
    pieces = in_pieces(question.found(), PIECE)
    while (piece := await sync_to_async(next)(pieces, None)) is not None:
        with override(language):
            lines = _csv([_cells(each) for each in piece])
        yield lines


def _cells(viewing: Viewing) -> tuple[str, ...]:
    cells = (
        viewing.time.isoformat(),
        viewing.actor,
        viewing.role,
        viewing.agency,
        viewing.sha256,
        viewing.media_type,
        "" if viewing.incident_id is None else str(viewing.incident_id),
        viewing.complaint.number if viewing.complaint is not None else "",
        viewing.page,
        reason_of(viewing),
        viewing.subject,
        "" if viewing.camera is None else str(viewing.camera),
    )
    return tuple(_harmless(cell) for cell in cells)


def _harmless(cell: str) -> str:
    """A spreadsheet must not take what somebody typed for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _csv(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
