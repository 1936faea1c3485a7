"""The operators' desk: the live wall, incidents, and what could not be read."""

from collections.abc import Callable, Collection
from datetime import datetime
from operator import attrgetter

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from central.accounts.roles import Actor
from central.boxes.models import Box, Camera
from central.complaints import deciding
from central.complaints.access import of_incident as of_incident_complaints
from central.complaints.models import Complaint
from central.complaints.refusal import Refused
from central.desks import troubles
from central.desks.access import OPERATORS, READERS, only
from central.desks.cards import card_incidents, complaint_places, incident_cards, where_is
from central.desks.listing import OPERATORS_LIST, listed
from central.desks.sentences import is_going_on, sentence
from central.desks.showing import cards_shown, pictures_shown
from central.desks.voices import photos_for, reports_of
from central.desks.words import measures_of
from central.feed.reading import latest_id
from central.incidents.deciding import NotPossible, acknowledge, confirm, found_still_there
from central.incidents.models import Decision, Episode, Incident
from central.incidents.policies import kinds_that_ask, waiting_for_a_person
from central.intake.models import Quarantined

ON_THE_WALL = 36
BOXES = 12
ENDED = 8
PAGE = 50


@require_safe
@only(*OPERATORS)
def wall(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every open incident, newest first, and what is broken."""
    # The feed's position first: what changes while the page is made is then sent again rather than missed.
    context = {"position": latest_id()} | _incidents(actor) | _troubles(timezone.now()) | _ended()
    return render(request, "desks/wall.html", context)


@require_safe
@only(*READERS)
def complaints(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All complaints, newest first."""
    return listed(request, actor, OPERATORS_LIST)


@require_safe
@only(*READERS)
def incident(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One incident, with or without a complaint."""
    position = latest_id()
    found = get_object_or_404(Incident.objects.select_related("camera__box"), pk=pk)
    may_decide = actor.role in OPERATORS
    reports = reports_of(found)
    photos = photos_for(actor, reports)
    pictures = pictures_shown(request, actor, found, photos=photos)
    family = Q(incident=found) | Q(incident__merged_into=found)
    context = {
        "position": position,
        "incident": found,
        "place": where_is(found),
        "pictures": pictures,
        "sentence": sentence(found.kind, found.measures if is_going_on(found) else {}, found.reason),
        "measures": measures_of(found.measures),
        "complaints": of_incident_complaints(found.pk).select_related("agency"),
        "reports": reports,
        "photos_shown": bool(photos) and pictures is not None,
        "episodes": Episode.objects.filter(family).select_related("camera").order_by("began"),
        "may_acknowledge": may_decide and found.is_open and not found.decisions.exists(),
        "may_confirm": may_decide and found.state in {Incident.State.CANDIDATE, Incident.State.SUPPRESSED},
        "decisions": found.decisions.select_related("other"),
        "absorbed": found.absorbed.order_by("pk"),
        "is_open": may_decide and found.is_open,
        "is_unknown": may_decide and found.state == Incident.State.UNKNOWN,
        "is_merged": may_decide and found.state == Incident.State.MERGED,
        "evidence_route": "operator-evidence",
    }
    return render(request, "desks/incident.html", context)


@require_POST
@only(*OPERATORS)
def confirm_incident(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """An operator says that a candidate is real."""
    found = get_object_or_404(Incident, pk=pk)
    try:
        confirm(found.pk, actor, timezone.now())
    except NotPossible:
        messages.warning(request, _("This incident was no longer waiting for a confirmation."))
    else:
        messages.success(request, _("Confirmed: it now counts as a real incident."))
    return _back(request, pk)


@require_POST
@only(*OPERATORS)
def acknowledge_incident(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """An operator has seen that it is there."""
    found = get_object_or_404(Incident, pk=pk)
    try:
        acknowledge(found.pk, actor, timezone.now())
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
    return _back(request, pk)


@require_POST
@only(*OPERATORS)
def decide_incident(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Not real, the same as another one, two after all, still there, gone."""
    found = get_object_or_404(Incident, pk=pk)
    reason, now = request.POST.get("reason", ""), timezone.now()
    other = request.POST.get("into", "").strip().lstrip("#")
    decisions: dict[str, Callable[[], Incident]] = {
        "reject": lambda: deciding.reject(found.pk, actor, reason, now),
        "merge": lambda: deciding.merge(found.pk, int(other) if other.isdecimal() else 0, actor, reason, now),
        "unmerge": lambda: deciding.unmerge(found.pk, actor, reason, now),
        "still_there": lambda: found_still_there(found.pk, actor, now, reason),
        "gone": lambda: deciding.found_gone(found.pk, actor, now, reason),
    }
    decision = decisions.get(request.POST.get("decision", ""))
    if decision is None:
        raise Http404
    try:
        after = decision()
    except (NotPossible, Refused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("This incident is now “%(state)s”.") % {"state": after.get_state_display()})
    return redirect("incident", pk)


@require_safe
@only(*OPERATORS)
def quarantine(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Messages that could not be read, verified or applied, with the reason."""
    position = latest_id()
    page = Paginator(Quarantined.objects.order_by("-last", "-pk"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "position": position}
    return render(request, "desks/quarantine.html", context)


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the tile on the wall where it was pressed on the wall, else to the incident's own page."""
    if request.POST.get("from") == "wall":
        return redirect(f"{reverse('wall')}#to-incident-{pk}")
    return redirect("incident", pk)


def _incidents(actor: Actor) -> dict[str, object]:
    standing = Incident.objects.filter(state__in=Incident.OPEN_STATES)
    asking = kinds_that_ask()
    shown = card_incidents(standing).order_by("-began", "pk")[:ON_THE_WALL]
    cards = cards_shown(actor, incident_cards(list(shown), asking))
    return {"cards": cards, "some_withheld": any(card.withheld for card in cards)} | _counts(standing, asking)


def _counts(standing: QuerySet[Incident], asking: Collection[str]) -> dict[str, int]:
    """Questions about what is open, each of which an index answers alone: never one about everything there ever was."""
    decided = Decision.objects.filter(incident=OuterRef("pk"))
    incidents = standing.aggregate(
        open_incidents=Count("pk"), out_of_sight=Count("pk", filter=Q(state=Incident.State.UNKNOWN))
    )
    complaints = Complaint.objects.filter(ended__isnull=True).aggregate(
        open_complaints=Count("pk"), waiting_complaints=Count("pk", filter=Q(state=Complaint.State.WAITING))
    )
    return (incidents | complaints) | {
        "new_incidents": standing.filter(~Exists(decided)).exclude(state=Incident.State.SUPPRESSED).count(),
        "to_confirm": Incident.objects.filter(waiting_for_a_person(asking)).count(),
    }


def _troubles(now: datetime) -> dict[str, object]:
    boxes = list(Box.objects.only("site", "state", "heartbeat", "interval_s").order_by("pk"))
    shown = sorted(boxes, key=attrgetter("state"))[:BOXES]  # "offline" sorts first
    cameras = Camera.objects.filter(listed=True).only("box", "code", "name", "state").order_by("pk")
    prefetch_related_objects(shown, Prefetch("cameras", cameras))
    return {"troubles": troubles.current(now, boxes), "boxes": shown, "box_count": len(boxes)}


def _ended() -> dict[str, object]:
    complaints = Complaint.objects.filter(ended__isnull=False).only(
        "number", "kind", "state", "ended", "place", "lat", "lon", "incident_id"
    )
    ended = list(complaints.order_by("-ended")[:ENDED])
    return {"ended": list(zip(ended, complaint_places(ended), strict=True))}
