"""A fresh masked still: asked for, waited for, shown."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from central.accounts.roles import Actor
from central.boxes.models import Box, Camera
from central.desks.access import OPERATORS, only
from central.desks.showing import Page, may_see_camera, still_shown
from central.desks.templatetags.desks import moment
from central.evidence.store import store
from central.incidents.models import Incident
from central.stills.asking import ask_for
from central.stills.models import Still
from central.viewing.recording import is_recorded


@require_POST
@only(*OPERATORS)
def ask(request: HttpRequest, actor: Actor, camera: int) -> HttpResponse:
    """A new wish: its address, to wait at. 409 says why there cannot be a picture now.

    With `incident` in the query it is a look at that incident, and takes a reason where its other pictures do.
    """
    found = get_object_or_404(Camera.objects.select_related("box"), pk=camera)
    incident = _incident(request, found)
    if reason := why_not(found) or _reason_wanted(actor, incident):
        return JsonResponse({"reason": reason}, status=409)
    still = ask_for(found, actor, timezone.now())
    about = "" if incident is None else f"?incident={incident.pk}"
    return JsonResponse({"at": f"{reverse('still', args=[still.pk])}{about}"}, status=202)


@require_safe
@only(*OPERATORS)
def progress(request: HttpRequest, actor: Actor, still: str) -> HttpResponse:
    """Where a wish stands: `step` is asked, sent, coming, here or failed. Told that it is here, somebody looks."""
    wish = get_object_or_404(Still.objects.select_related("camera__box"), pk=still)
    if wish.has_arrived:
        incident = _incident(request, wish.camera)
        if not still_shown(actor, wish, Page.FRESH, incident):
            return JsonResponse({"step": "failed", "reason": _reason_wanted(actor, incident)})
        address = reverse("still-picture", args=[wish.pk])
        taken = str(moment(wish.taken))
        return JsonResponse({"step": "here", "picture": address, "taken": taken})
    if wish.answered is not None and not wish.sha256:
        return JsonResponse({"step": "failed", "reason": wish.reason})
    if wish.is_over(timezone.now()):
        reason = why_not(wish.camera) or _("The box did not answer in time. Try again, or look at the box.")
        return JsonResponse({"step": "failed", "reason": reason})
    step = "coming" if wish.answered is not None else "sent" if wish.sent is not None else "asked"
    return JsonResponse({"step": step})


@require_safe
@only(*OPERATORS)
def picture(_request: HttpRequest, actor: Actor, still: str) -> HttpResponse:
    """The bytes, masked by the box, if a page told of them; a look past all pages is written down here."""
    wish = get_object_or_404(Still.objects.select_related("camera"), pk=still)
    if not wish.has_arrived:
        raise Http404
    if not is_recorded(actor, wish.sha256, timezone.now()) and not still_shown(actor, wish, Page.FILE):
        raise PermissionDenied
    try:
        with store().open(wish.sha256) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="image/jpeg")
    # No longer than a login lasts: the next one at this browser must not find it there.
    lasts_s = int(settings.LOGIN_LASTS.total_seconds())
    response.headers["Cache-Control"] = f"private, max-age={lasts_s}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _incident(request: HttpRequest, camera: Camera) -> Incident | None:
    """The one whose page asks; none for the camera's own page."""
    number = request.GET.get("incident", "")
    if not number:
        return None
    if not number.isdecimal() or len(number) > 18:
        raise Http404
    return get_object_or_404(Incident, pk=int(number), camera=camera)


def _reason_wanted(actor: Actor, incident: Incident | None) -> str:
    """What to do first; empty where this person may look."""
    if may_see_camera(actor, incident):
        return ""
    return _("Say first why you look: the page of incident #%(number)s asks for it.") % {
        "number": "" if incident is None else incident.pk
    }


def why_not(camera: Camera) -> str:
    """Why no picture can be had of a camera now, for people; empty where it can be tried."""
    box = camera.box
    if box.state == Box.State.OFFLINE or box.is_silent(timezone.now()):
        return _("Box %(box)s is offline: no picture can be fetched until it is back.") % {"box": box.pk}
    if not camera.listed:
        return _("Box %(box)s no longer has this camera.") % {"box": box.pk}
    if camera.state == Camera.State.DISABLED:
        return _("This camera is switched off in its box’s file.")
    return ""


def newest_of(camera: Camera) -> Still | None:
    """The last one that is here."""
    recent = Still.objects.filter(camera=camera).exclude(sha256="").select_related("camera").order_by("-asked")[:5]
    return next((still for still in recent if still.has_arrived), None)
