"""Pages for everybody: what the city's cameras have filed, and what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from central.complaints.models import Complaint
from central.desks.cards import public_rows
from central.desks.publicity import by_tracking, public_code, public_complaints, public_place, public_target
from central.desks.sentences import sentence, when_filed
from central.desks.words import STEPS, measures_of
from central.evidence.exhibits import of_incident
from central.feed.reading import latest_id

NEWEST = 20
WITHIN_THE_AGENCY = ("reassign", "estimate", "decline_estimate")
"""Steps that concern nobody else: a time that the head has not promised is no promise."""


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What Sigap is, the search, and the newest open complaints."""
    context = _newest() | {"position": latest_id()}
    return render(request, "desks/start.html", context)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """From a typed tracking number to its page."""
    typed = request.GET.get("tracking", "").strip()[:60]
    complaint = by_tracking(typed) if typed else None
    if complaint is None:
        context = _newest() | {"position": latest_id(), "typed": typed, "not_found": True}
        return render(request, "desks/start.html", context, status=404)
    return redirect("public-complaint", public_code(complaint))


@require_safe
def complaint(request: HttpRequest, tracking: str) -> HttpResponse:
    """One complaint: what, where, since when, and every step since."""
    position = latest_id()
    found = by_tracking(tracking)
    if found is None:
        raise Http404
    code = public_code(found)
    if tracking != code:
        return redirect("public-complaint", code)
    stills = [exhibit for exhibit in of_incident(found.incident) if exhibit.arrived and exhibit.is_still]
    history = list(found.history.exclude(action__in=WITHIN_THE_AGENCY))
    measures = when_filed(history)
    context = {
        "position": position,
        "complaint": found,
        "code": code,
        "place": public_place(found),
        "stills": stills,
        "steps": _steps(found),
        "merged_into": public_code(found.merged_into) if found.merged_into is not None else "",
        "history": history,
        "target": public_target(found),
        "sentence": sentence(found.kind, measures, ""),
        "measures": measures_of(measures),
    }
    return render(request, "desks/public_complaint.html", context)


def _newest() -> dict[str, object]:
    newest = public_complaints().filter(ended__isnull=True).order_by("-opened")
    return {"rows": public_rows(newest[:NEWEST]), "open_count": newest.count()}


def _steps(found: Complaint) -> list[tuple[str, str]]:
    """Label and standing (`past`, `now`, `ahead`) of each step; none when it ended on another way."""
    if found.state not in STEPS:
        return []
    reached = STEPS.index(found.state)
    return [
        (step.label, "past" if i < reached or found.has_ended else "now" if i == reached else "ahead")
        for i, step in enumerate(STEPS)
    ]
