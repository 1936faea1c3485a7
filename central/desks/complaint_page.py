"""The complaint page of the staff: one page for operators and officers, with what each may do."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from central.accounts.roles import Actor
from central.complaints.access import visible_to
from central.complaints.models import Complaint
from central.complaints.transitions import TRANSITIONS, Transition
from central.complaints.workflow import Refused, act, offered
from central.desks.access import OFFICERS, OPERATORS, READERS, only
from central.desks.cards import where_is
from central.desks.due import facts_of
from central.desks.fields import fields_of
from central.desks.publicity import public_code
from central.desks.sentences import is_going_on, sentence, when_filed
from central.desks.showing import pictures_shown
from central.desks.voices import photos_for, reports_of
from central.desks.why import why
from central.desks.words import measures_of
from central.feed.reading import latest_id
from central.routing.models import Agency

NOTE_LENGTH = 2000
FIELD_LENGTH = 150


@require_safe
@only(*READERS)
def for_operator(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """With everything around the complaint: incident, routing, camera and box."""
    return _page(request, actor, number, desk="operator")


@require_safe
@only(*OFFICERS)
def for_officer(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """The same for complaints of the officer's agency; others do not exist."""
    return _page(request, actor, number, desk="agency")


@require_POST
@only(*OPERATORS)
def act_as_operator(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One step of the workflow."""
    return _act(request, actor, number, desk="operator")


@require_POST
@only(*OFFICERS)
def act_as_officer(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """One step of the workflow."""
    return _act(request, actor, number, desk="agency")


def _page(request: HttpRequest, actor: Actor, number: str, *, desk: str) -> HttpResponse:
    position = latest_id()
    complaint = get_object_or_404(
        visible_to(actor)
        .select_related("agency", "assignee", "merged_into", "service", "incident__camera__box")
        .prefetch_related("also_inform"),
        number=number,
    )
    incident = complaint.incident
    history = list(complaint.history.select_related("user"))
    filed = when_filed(history)
    reports = reports_of(incident)
    photos = photos_for(actor, reports)
    pictures = pictures_shown(request, actor, incident, complaint, photos)
    context = {
        "position": position,
        "desk": desk,
        "actor": actor,
        "complaint": complaint,
        "code": public_code(complaint),
        "incident": incident,
        "place": where_is(complaint),
        "pictures": pictures,
        "sentence": sentence(complaint.kind, filed, incident.reason),
        "measures": measures_of(incident.measures if is_going_on(incident) else filed),
        "history": history,
        "times": facts_of(complaint, timezone.now()),
        "actions": (actions := offered(complaint, actor)),
        "fields": fields_of(complaint, {action.asks for action in actions}),
        "evidence_route": f"{desk}-evidence",
        "photo_route": f"{desk}-photo",
        "reports": reports,
        "photos_shown": bool(photos) and pictures is not None,
        "voices": complaint.voices.all(),
        "why": why(complaint.decision, dict(Agency.objects.values_list("code", "short"))),
        "note_length": NOTE_LENGTH,
    }
    return render(request, "desks/complaint.html", context)


def _act(request: HttpRequest, actor: Actor, number: str, *, desk: str) -> HttpResponse:
    complaint = get_object_or_404(visible_to(actor), number=number)
    action = request.POST.get("action", "")
    if action not in TRANSITIONS:
        raise Http404
    try:
        after = act(
            complaint.pk,
            action,
            actor,
            timezone.now(),
            note=request.POST.get("note", "")[:NOTE_LENGTH],
            expected=request.POST.get("expected", complaint.state),
            inputs=_inputs(request, TRANSITIONS[action]),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(complaint, after))
    return redirect(f"{desk}-complaint", number)


def _inputs(request: HttpRequest, transition: Transition) -> dict[str, str]:
    name = transition.asks
    return {name: request.POST.get(name, "")[:FIELD_LENGTH].strip()} if name else {}


def _said(before: Complaint, after: Complaint) -> str:
    if before.state == after.state:
        return _("Written down.")
    return _("Complaint %(number)s is now “%(state)s”.") % {
        "number": after.number,
        "state": after.get_state_display(),
    }
