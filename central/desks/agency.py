"""The agency's desk: the queue of its complaints."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor
from central.desks.access import OFFICERS, only
from central.desks.listing import AGENCYS_QUEUE, listed


@require_safe
@only(*OFFICERS)
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open complaints, what is due first on top and what is not due now at the end; ended ones newest first."""
    return listed(request, actor, AGENCYS_QUEUE)
