"""The streams, and what each listener may learn from them."""

from dataclasses import replace

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from central.accounts.roles import AGENCY_ROLES, Actor, Role, actor_of
from central.complaints.access import of_incident, visible_to
from central.complaints.models import Complaint
from central.desks.access import READERS
from central.desks.live.hub import Signal
from central.desks.live.stream import Filter, event_stream
from central.desks.publicity import by_tracking, report_by_tracking
from central.feed.models import Change
from central.reports.models import Report


@require_safe
async def operator(request: HttpRequest) -> HttpResponseBase:
    """Everything, for operators and auditors."""
    actor = await _actor(request)
    return event_stream(request, lambda signal: signal) if actor.role in READERS else _refused(actor)


@require_safe
async def agency(request: HttpRequest) -> HttpResponseBase:
    """For officers: that some complaint changed, not which one."""
    actor = await _actor(request)
    if actor.role not in {*AGENCY_ROLES, Role.ADMIN}:
        return _refused(actor)
    return event_stream(request, _some_complaint)


@require_safe
async def agency_complaint(request: HttpRequest, number: str) -> HttpResponseBase:
    """For officers: one complaint they may see."""
    actor = await _actor(request)
    complaint = await visible_to(actor).filter(number=number).afirst()
    return _refused(actor) if complaint is None else event_stream(request, _only(complaint))


@require_safe
async def public_list(request: HttpRequest) -> HttpResponseBase:
    """For everybody: that some complaint changed."""
    return event_stream(request, _some_complaint)


@require_safe
async def public_complaint(request: HttpRequest, tracking: str) -> HttpResponseBase:
    """For everybody: that this complaint changed."""
    complaint = await sync_to_async(by_tracking)(tracking)
    return HttpResponse(status=404) if complaint is None else event_stream(request, _only(complaint))


@require_safe
async def reported(request: HttpRequest, tracking: str) -> HttpResponseBase:
    """For everybody: that something changed about what this report tells of."""
    report = await sync_to_async(report_by_tracking)(tracking)
    if report is None:
        return HttpResponse(status=404)
    return event_stream(request, await sync_to_async(_about)(report))


async def _actor(request: HttpRequest) -> Actor:
    return await sync_to_async(lambda: actor_of(request.user))()


def _refused(actor: Actor) -> HttpResponse:
    # No redirect to the login page: an EventSource would only see an answer that is not a stream.
    return HttpResponse(status=404 if actor.role in AGENCY_ROLES else 403)


def _some_complaint(signal: Signal) -> Signal | None:
    return replace(signal, ref="", what="") if signal.topic == Change.Topic.COMPLAINT else None


def _only(complaint: Complaint) -> Filter:
    watched = {
        (Change.Topic.COMPLAINT.value, str(complaint.pk)),
        (Change.Topic.INCIDENT.value, str(complaint.incident_id)),
    }

    def wanted(signal: Signal) -> Signal | None:
        return replace(signal, ref="", what="") if (signal.topic, signal.ref) in watched else None

    return wanted


def _about(report: Report) -> Filter:
    """Its incident and that one's complaints. A complaint filed while the stream lasts might be one of them: it is
    watched too, and the page asks once too often rather than once too little."""
    complaint, incident = Change.Topic.COMPLAINT.value, Change.Topic.INCIDENT.value
    standing = report.standing_incident
    watched = {(incident, str(pk)) for pk in (report.incident_id, standing.pk)}
    watched |= {(complaint, str(pk)) for pk in of_incident(standing.pk).values_list("pk", flat=True)}

    def wanted(signal: Signal) -> Signal | None:
        if signal.topic == complaint and signal.what == "opened":
            watched.add((complaint, signal.ref))
        return replace(signal, topic="report", ref="", what="") if (signal.topic, signal.ref) in watched else None

    return wanted
