"""Masked stills and clips, sent only to those who may see them."""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor
from central.complaints.access import visible_to
from central.complaints.models import Complaint
from central.desks.access import OFFICERS, READERS, only
from central.desks.publicity import by_tracking
from central.desks.showing import may_open_file
from central.evidence.models import Exhibit
from central.evidence.store import store
from central.viewing.recording import is_recorded

A_DAY_S = 24 * 3600


@require_safe
@only(*READERS)
def of_any_incident(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """For operators and auditors: evidence of every incident, also of those without a complaint."""
    exhibit = Exhibit.objects.filter(sha256=sha256, arrived=True).select_related("episode__incident").first()
    return _to_staff(request, actor, exhibit)


@require_safe
@only(*OFFICERS)
def of_own_complaints(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """For officers: evidence of complaints they may see; anything else does not exist for them."""
    exhibits = Exhibit.objects.filter(sha256=sha256, arrived=True, episode__incident__complaints__in=visible_to(actor))
    return _to_staff(request, actor, exhibits.select_related("episode__incident").first())


@require_safe
def of_public_complaint(request: HttpRequest, tracking: str, sha256: str) -> HttpResponse:
    """For everybody: the masked stills of a public complaint."""
    complaint = by_tracking(tracking)
    exhibit = None if complaint is None else _public_exhibit(complaint, sha256)
    # Shared caches keep it for a day only: a picture may have to be withdrawn.
    return _send(request, exhibit, f"public, max-age={A_DAY_S}, immutable")


def _to_staff(request: HttpRequest, actor: Actor, exhibit: Exhibit | None) -> HttpResponse:
    """The bytes, if the page around them was written down; a look past all pages is written down here."""
    if exhibit is not None and not is_recorded(actor, exhibit.sha256, timezone.now()):
        incident = exhibit.episode.incident
        if not may_open_file(actor, exhibit, incident):
            return redirect(f"{reverse('give-reason')}?{urlencode({'incident': incident.pk, 'next': request.path})}")
    # No longer than a login lasts: the next one at this browser must not find them there.
    return _send(request, exhibit, f"private, max-age={int(settings.LOGIN_LASTS.total_seconds())}, immutable")


def _public_exhibit(complaint: Complaint, sha256: str) -> Exhibit | None:
    exhibits = Exhibit.objects.filter(episode__incident=complaint.incident_id, sha256=sha256, arrived=True)
    return next((exhibit for exhibit in exhibits if exhibit.is_still), None)


def _send(request: HttpRequest, exhibit: Exhibit | None, caching: str) -> HttpResponse:
    if exhibit is None:
        raise Http404
    etag = f'"{exhibit.sha256}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    else:
        response = _bytes(request, exhibit)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = caching
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _bytes(request: HttpRequest, exhibit: Exhibit) -> HttpResponse:
    try:
        with store().open(exhibit.sha256) as file:
            content = file.read()  # at most 768 KiB (contract.evidence.MAX_EVIDENCE_BYTES)
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=exhibit.media_type)
    response.headers["Accept-Ranges"] = "bytes"
    wanted = _range(request.headers.get("Range", ""), len(content))
    if wanted is not None:  # some browsers play no clip from a server that cannot send a part of it
        first, last = wanted
        response.status_code = 206
        response.content = content[first : last + 1]
        response.headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return response


def _range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range; None for everything else, which is then answered in full."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header.strip())
    if match is None or match[0] == "bytes=-":
        return None
    if match[1] == "":
        first, last = max(0, size - int(match[2])), size - 1
    else:
        first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
    return (first, last) if first <= last else None
