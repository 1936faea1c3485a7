"""Following by e-mail, and what citizens say about a complaint."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from central.complaints.access import of_incident
from central.desks.citizens import count, sender_of, with_device
from central.desks.publicity import by_tracking, public_code, public_complaints, report_by_tracking
from central.following import joining
from central.following.models import Follower
from central.reports.limits import TooMany
from central.reports.models import Report, Voice
from central.reports.voices import NotNow, say
from central.security.origin import from_here


@require_POST
@from_here
@with_device
def follow(request: HttpRequest, tracking: str) -> HttpResponse:
    """Writes to an address, which then confirms that it wants to follow this complaint or report."""
    found = by_tracking(tracking) or report_by_tracking(tracking)
    if found is None:
        raise Http404
    route = "reported" if isinstance(found, Report) else "public-complaint"
    back = reverse(route, args=[public_code(found)])
    email = request.POST.get("email", "").strip()[:254]
    try:
        validate_email(email)
        count(request, timezone.now())
        joining.follow(found.incident, email, timezone.now())
    except ValidationError:
        return redirect(f"{back}?said=wrong-email#follow")
    except TooMany:
        return redirect(f"{back}?said=too-many#follow")
    # The same whether that address follows already: it is nobody else's business.
    return redirect(f"{back}?said=follow#follow")


@require_POST
@from_here
@with_device
def say_something(request: HttpRequest, tracking: str) -> HttpResponse:
    """A comment, or that it is not solved."""
    complaint = by_tracking(tracking)
    if complaint is None:
        raise Http404
    wish = request.POST.get("wish", "")
    if wish not in Voice.Wish.values:
        raise Http404
    said, now = wish, timezone.now()
    try:
        count(request, now)
        say(complaint, wish, request.POST.get("text", ""), sender_of(request), now)
    except TooMany:
        said = "too-many"
    except NotNow:
        said = "nothing" if not request.POST.get("text", "").strip() else "not-now"
    return redirect(f"{reverse('public-complaint', args=[public_code(complaint)])}?said={said}#say")


@csrf_exempt  # mail programs stop for their users with a POST of their own (RFC 8058); the token is the right
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def following(request: HttpRequest, token: str) -> HttpResponse:
    """What a letter's link leads to: confirm, or stop. Opening it changes nothing, for machines open links too."""
    follower = joining.by_token(token)
    if follower is None:
        raise Http404
    if request.method == "POST":
        decide = joining.confirm if request.POST.get("decision") == "confirm" else joining.stop
        decide(token, timezone.now())
        return redirect("following", token)
    standing = follower.incident.merged_into or follower.incident
    complaints = public_complaints().filter(pk__in=of_incident(standing.pk)).order_by("pk")
    context = {
        "incident": standing,
        "is_asked": follower.state == Follower.State.ASKED,
        "is_following": follower.state == Follower.State.FOLLOWING,
        "codes": [(public_code(each), each.number) for each in complaints],
    }
    return render(request, "desks/following.html", context)
