"""The agency's desk: the queue of its complaints."""

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor
from central.complaints.access import visible_to
from central.desks.access import OFFICERS, only
from central.desks.bulk import bulk_actions
from central.desks.cards import complaint_rows
from central.feed.reading import latest_id
from central.routing.models import Agency

PAGE = 50


@require_safe
@only(*OFFICERS)
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open complaints, what is due first on top and what is not due now at the end; ended ones newest first."""
    shown = request.GET.get("show", "open")
    mine = visible_to(actor).select_related("agency", "incident__camera")
    standing = mine.filter(ended__isnull=True)
    listed = (
        mine.filter(ended__isnull=False).order_by("-ended", "-pk")
        if shown == "ended"
        else standing.order_by(F("next_due").asc(nulls_last=True), "opened", "pk")
    )
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    context = {
        "position": latest_id(),
        "agency": Agency.objects.filter(pk=actor.agency).first(),
        "page": page,
        "rows": complaint_rows(list(page)),
        "shown": shown,
        "open_count": standing.count(),
        "bulk_actions": bulk_actions(actor) if shown != "ended" else [],
    }
    return render(request, "desks/queue.html", context)
