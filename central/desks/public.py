"""Pages for everybody: what the city's cameras have filed, and what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from central.desks.cards import public_rows
from central.desks.publicity import by_tracking, public_code, public_complaints, report_by_tracking
from central.desks.story import story_of
from central.feed.reading import latest_id
from central.reports.voices import may_ask_to_reopen

NEWEST = 20


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What Sigap is, the search, and the newest open complaints."""
    context = _newest() | {"position": latest_id()}
    return render(request, "desks/start.html", context)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """From a typed tracking number, of a complaint or of a report, to its page."""
    typed = request.GET.get("tracking", "").strip()[:60]
    if typed and (complaint := by_tracking(typed)) is not None:
        return redirect("public-complaint", public_code(complaint))
    if typed and (report := report_by_tracking(typed)) is not None:
        return redirect("reported", public_code(report))
    context = _newest() | {"position": latest_id(), "typed": typed, "not_found": True}
    return render(request, "desks/start.html", context, status=404)


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
    context = {
        "position": position,
        "complaint": found,
        "code": code,
        "story": story_of(found),
        "may_reopen": may_ask_to_reopen(found, timezone.now()),
        "said": request.GET.get("said", ""),
    }
    return render(request, "desks/public_complaint.html", context)


def _newest() -> dict[str, object]:
    newest = public_complaints().filter(ended__isnull=True).order_by("-opened")
    return {"rows": public_rows(newest[:NEWEST]), "open_count": newest.count()}
