"""The page of a citizen's report: what became of it. Whoever has its number may read it: it shows nothing private."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from central.complaints.access import of_incident
from central.desks.publicity import public_code, public_complaints, public_place_of_report, report_by_tracking
from central.desks.story import story_of
from central.feed.reading import latest_id
from central.incidents.models import Incident

State = Incident.State

BEFORE_A_COMPLAINT: Mapping[str, tuple[str, Promise]] = {
    State.CANDIDATE: ("red", gettext_lazy("Waiting for an operator’s check")),
    State.SUPPRESSED: ("grey", gettext_lazy("Known and expected, no complaint is filed now")),
    State.ACTIVE: ("orange", gettext_lazy("Confirmed, the complaint is about to be filed")),
    State.UNKNOWN: ("red", gettext_lazy("Waiting for an operator’s check")),
    State.CLEARING: ("blue", gettext_lazy("The camera no longer sees the problem")),
    State.CLEARED: ("grey", gettext_lazy("Gone by itself")),
    State.CLOSED: ("grey", gettext_lazy("Gone by itself")),
    State.REJECTED: ("grey", gettext_lazy("Checked, and not found")),
}
"""Colour and words while no agency has it yet."""


@require_safe
def reported(request: HttpRequest, tracking: str) -> HttpResponse:
    """Its state, and the complaint of each agency with its history."""
    position = latest_id()
    report = report_by_tracking(tracking)
    if report is None:
        raise Http404
    code = public_code(report)
    if tracking != code:
        return redirect("reported", code)
    standing = report.standing_incident
    complaints = public_complaints().filter(pk__in=of_incident(standing.pk)).order_by("pk")
    stories = [story_of(complaint) for complaint in complaints]
    tone, words = BEFORE_A_COMPLAINT.get(standing.state, ("grey", standing.get_state_display()))
    context = {
        "position": position,
        "report": report,
        "code": code,
        "stories": stories,
        "place": stories[0].place if stories else public_place_of_report(report),
        "tone": tone,
        "words": words,
        "news": request.GET.get("news", ""),
        "said": request.GET.get("said", ""),
        "seen_by_camera": standing.camera_id is not None,
        "may_follow": standing.is_open or any(not story.complaint.has_ended for story in stories),
    }
    return render(request, "desks/reported.html", context)
