"""What citizens sent, for the staff: their photos, and what they say about complaints."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from central.accounts.roles import Actor, Role
from central.complaints.access import visible_to
from central.desks.access import OFFICERS, OPERATORS, only
from central.desks.cards import where_is
from central.desks.reporting import photo_response
from central.desks.showing import may_open_file
from central.feed.reading import latest_id
from central.incidents.models import Incident
from central.reports import voices
from central.reports.models import Photo, Report
from central.viewing.recording import is_recorded

PAGE = 50


@require_safe
@only(*OPERATORS)
def listed(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """What nobody has dealt with yet, wishes to open again first."""
    position = latest_id()
    page = Paginator(voices.unanswered(), PAGE).get_page(request.GET.get("page"))
    rows = [(voice, where_is(voice.complaint)) for voice in page]
    return render(request, "desks/voices.html", {"page": page, "rows": rows, "position": position})


@require_POST
@only(*OPERATORS)
def answered(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """An operator dealt with it."""
    if voices.answer(pk, actor, timezone.now()) is None:
        raise Http404
    messages.success(request, _("Marked as dealt with."))
    return redirect("voices")


@require_safe
@only(*OPERATORS)
def photo_for_operator(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A photo of any report."""
    return _sent(request, actor, _photos().filter(pk=pk).first())


@require_safe
@only(*OFFICERS)
def photo_for_officer(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A photo of a report about what one of the officer's complaints is about; others do not exist."""
    complaints = visible_to(actor).values("incident")
    theirs = Q(report__incident__in=complaints) | Q(report__incident__merged_into__in=complaints)
    return _sent(request, actor, _photos().filter(theirs, pk=pk).first())


def reports_of(incident: Incident) -> Sequence[Report]:
    """What citizens told of it, oldest first, with their photos."""
    family = Q(incident=incident) | Q(incident__merged_into=incident)
    return Report.objects.filter(family).prefetch_related("photos").order_by("received", "pk")


def photos_for(actor: Actor, reports: Sequence[Report]) -> list[Photo]:
    """Those that a page may show: none to auditors, for nobody has masked them."""
    if actor.role is Role.AUDITOR:
        return []
    return [photo for report in reports for photo in report.photos.all()]


def _photos() -> QuerySet[Photo]:
    return Photo.objects.filter(report__isnull=False).select_related("report__incident__merged_into")


def _sent(request: HttpRequest, actor: Actor, photo: Photo | None) -> HttpResponse:
    """The bytes, if the page around them was written down; a look past all pages is written down here."""
    if photo is None or photo.report is None:
        raise Http404
    if not is_recorded(actor, photo.sha256, timezone.now()):
        incident = photo.report.standing_incident
        if not may_open_file(actor, photo, incident):
            return redirect(f"{reverse('give-reason')}?{urlencode({'incident': incident.pk, 'next': request.path})}")
    return photo_response(photo)
