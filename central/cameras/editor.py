"""The editor of one camera: what it looks for, drawn on its masked still; administrators change, operators read."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from central.accounts.roles import Actor, Role
from central.boxes.desired.checking import DoesNotHold, checked
from central.boxes.desired.drift import drift_of
from central.boxes.desired.saying import fault_in_words
from central.boxes.desired.versions import Overtaken, decide, go_back, in_force, mark_of, newest
from central.boxes.models import Camera, DesiredVersion, Zone
from central.cameras.boxes import STANDING_WORDS
from central.cameras.fields import all_kinds
from central.cameras.fitting import NoFit, clicked, fitted, stored_grid
from central.cameras.stills import newest_of, why_not
from central.cameras.words import script_words
from central.desks.access import OPERATORS, only
from central.desks.showing import Page, still_shown
from central.desks.templatetags.desks import moment
from central.security.headers import content_security_policy
from central.stills.models import Still
from central.tiles import origin

VERSIONS = 30
DIRECTIONS = ("utara", "selatan", "timur", "barat", "dua-arah")
"""As they are written in places: words of the city's addresses, whatever language the page is in."""


@require_safe
@only(*OPERATORS)
def editor(request: HttpRequest, actor: Actor, camera: int) -> HttpResponse:
    """The page; all that it draws is in it, so that it opens without a second question."""
    found = _camera(camera)
    versions = list(DesiredVersion.objects.filter(box_id=found.box_id).select_related("camera")[:VERSIONS])
    drift = _drift(found)
    known = Zone.objects.exclude(place="").values_list("place", flat=True).distinct()[:500]
    still = newest_of(found)
    if still is not None and not still_shown(actor, still, Page.CAMERA):
        still = None
    places = {tuple(place.partition(":")[::2]) for place in known}
    context = {
        "camera": found,
        "may_edit": actor.role == Role.ADMIN,
        "data": _data(found, still, may_edit=actor.role == Role.ADMIN),
        "versions": versions,
        "drift": drift,
        "standing": STANDING_WORDS[drift.standing],
        "segments": sorted({segment for segment, _direction in places}),
        "directions": sorted({direction for _segment, direction in places} | set(DIRECTIONS)),
        "tiles_credit": settings.TILES_CREDIT if settings.TILES else "",
    }
    response = render(request, "cameras/editor.html", context)
    response.headers["Content-Security-Policy"] = content_security_policy(origin(settings.TILES))
    return response


@require_POST
@only(Role.ADMIN)
def fit(request: HttpRequest, _actor: Actor, camera: int) -> HttpResponse:
    """A ground plane through the points clicked so far; nothing is kept."""
    _camera(camera)
    try:
        return JsonResponse(fitted(_body(request)))
    except (NoFit, ValueError) as error:
        return JsonResponse({"reason": str(error)}, status=422)


@require_POST
@only(Role.ADMIN)
def save(request: HttpRequest, actor: Actor, camera: int) -> HttpResponse:
    """A new version for the box, unless something in it does not hold or somebody was quicker."""
    found = _camera(camera)
    try:
        body = _body(request)
        holds = checked(body.get("settings"), found)
        version = decide(found, holds, actor, timezone.now(), why=str(body.get("why", "")), seen=body.get("seen"))
    except DoesNotHold as error:
        faults = [{"place": fault.place, "text": fault_in_words(fault)} for fault in error.faults]
        return JsonResponse({"faults": faults}, status=422)
    except Overtaken as error:
        return JsonResponse({"reason": str(error)}, status=409)
    except ValueError as error:
        return JsonResponse({"reason": str(error)}, status=400)
    return JsonResponse({"version": version.number, "seen": mark_of(found)})


@require_POST
@only(Role.ADMIN)
def undo(request: HttpRequest, actor: Actor, camera: int) -> HttpResponse:
    """Back to an earlier version of this camera; 0 is its box's own file."""
    found = _camera(camera)
    number = request.POST.get("number", "")
    try:
        version = go_back(found, int(number), actor, timezone.now())
    except (ValueError, DesiredVersion.DoesNotExist):
        messages.error(request, _("There is no such version of this box."))
    else:
        messages.success(
            request, _("Version %(number)s was made; the box is told at once.") % {"number": version.number}
        )
    return redirect("camera", camera)


@require_safe
@only(*OPERATORS)
def standing(_request: HttpRequest, _actor: Actor, camera: int) -> HttpResponse:
    """How the box stands to the newest version, for a page that waits for it."""
    return JsonResponse(_standing(_camera(camera)))


def _camera(pk: int) -> Camera:
    return get_object_or_404(Camera.objects.select_related("box"), pk=pk)


def _body(request: HttpRequest) -> dict[str, Any]:
    """Raises ValueError where it is not a JSON object."""
    body = json.loads(request.body)
    if not isinstance(body, dict):
        raise ValueError("a JSON object is expected")  # noqa: TRY004 — told to the client as what it is
    return body


def _drift(camera: Camera) -> Any:
    return drift_of(camera.box, newest(camera.box_id), list(camera.box.cameras.all()))


def _standing(camera: Camera) -> dict[str, Any]:
    drift = _drift(camera)
    word, tone = STANDING_WORDS[drift.standing]
    here = f"cameras.{camera.code}."
    return {
        "standing": drift.standing.value,
        "word": str(word),
        "tone": tone,
        "wanted": drift.wanted,
        "running": drift.running,
        "faults": [
            {"place": fault["place"].removeprefix(here), "text": fault_in_words(fault)} for fault in drift.faults
        ],
    }


def _data(camera: Camera, still: Still | None, *, may_edit: bool) -> dict[str, Any]:
    settings_now = in_force(camera)
    calibration = settings_now.get("calibration")
    return {
        "mayEdit": may_edit,
        "settings": settings_now,
        "known": camera.settings is not None or bool(settings_now),
        "seen": mark_of(camera),
        "purpose": camera.purpose,
        "location": None if camera.lat is None else [camera.lat, camera.lon],
        "kinds": all_kinds(),
        "clicked": clicked(calibration),
        "grid": stored_grid(calibration),
        "still": None
        if still is None
        else {"picture": reverse("still-picture", args=[still.pk]), "taken": str(moment(still.taken))},
        "whyNoStill": why_not(camera),
        "standing": _standing(camera),
        "tiles": settings.TILES,
        "at": {
            "fit": reverse("camera-fit", args=[camera.pk]),
            "save": reverse("camera-save", args=[camera.pk]),
            "standing": reverse("camera-standing", args=[camera.pk]),
            "still": reverse("ask-still", args=[camera.pk]),
        },
        "words": script_words(),
    }
