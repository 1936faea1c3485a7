"""One action on the chosen rows of a list, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from central.accounts.roles import Actor
from central.complaints.bulk import act_on_all, undo
from central.complaints.refusal import Refused
from central.complaints.transitions import TRANSITIONS, Transition
from central.desks.access import OFFICERS, OPERATORS, only

NOTE_LENGTH = 2000


def bulk_actions(actor: Actor) -> list[Transition]:
    """What the actor may do to many at once, if their states allow it."""
    return [each for each in TRANSITIONS.values() if each.in_bulk and actor.role in each.roles]


@require_POST
@only(*OPERATORS)
def by_operator(request: HttpRequest, actor: Actor) -> HttpResponse:
    """On the operators' list."""
    return _act(request, actor, "operator", "operator-complaints")


@require_POST
@only(*OFFICERS)
def by_officer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """On the agency's queue."""
    return _act(request, actor, "agency", "queue")


@require_POST
@only(*OPERATORS)
def undo_by_operator(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Back to how the complaints were."""
    return _undo(request, actor, pk, "operator-complaints")


@require_POST
@only(*OFFICERS)
def undo_by_officer(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Back to how the complaints were."""
    return _undo(request, actor, pk, "queue")


def _act(request: HttpRequest, actor: Actor, desk: str, back: str) -> HttpResponse:
    numbers, action = request.POST.getlist("number"), request.POST.get("action", "")
    try:
        done = act_on_all(numbers, action, actor, timezone.now(), note=request.POST.get("note", "")[:NOTE_LENGTH])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        count = len(done.steps)
        said = ngettext("%(n)d complaint was changed.", "%(n)d complaints were changed.", count) % {"n": count}
        way_back = format_html(
            '<button form="undo" formaction="{}">{}</button>', reverse(f"{desk}-undo", args=[done.pk]), _("Undo")
        )
        messages.success(request, format_html("{} {}", said, way_back))
    return redirect(back)


def _undo(request: HttpRequest, actor: Actor, pk: UUID, back: str) -> HttpResponse:
    try:
        undo(pk, actor, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back."))
    return redirect(back)
