"""What a page shows of the pictures to whom: what is their work, what they gave a reason for, and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from django.http import HttpRequest
from django.utils import timezone

from central.accounts.roles import Actor
from central.complaints.access import visible_to
from central.complaints.models import Complaint
from central.desks.cards import ComplaintRow, IncidentCard
from central.desks.pictures import Picture, pictures
from central.evidence.exhibits import of_incident
from central.evidence.models import Exhibit
from central.incidents.models import Incident
from central.reports.models import Photo
from central.stills.models import Still
from central.viewing import duty, purposes
from central.viewing.models import Viewing
from central.viewing.recording import Look, record

Page, Subject = Viewing.Page, Viewing.Subject
JPEG = "image/jpeg"
"""Of citizens' photos, which are drawn anew, and of stills that were asked for."""


def rows_shown(actor: Actor, rows: Sequence[ComplaintRow]) -> list[ComplaintRow]:
    """Rows of a list, those stills withheld that take a reason; what is left is written down."""
    now = timezone.now()
    reasons = _asked_once(actor, now)
    kept, looks = [], []
    for row in rows:
        reason = _why(duty.is_work_on_complaint(actor, row.complaint, now), reasons, row.complaint.incident_id)
        kept.append(row if row.still is None or reason is not None else replace(row, still=None, withheld=True))
        if row.still is not None and reason is not None:
            looks.append(_look(row.still, row.complaint.incident_id, row.complaint.pk, reason))
    record(actor, Page.LIST, looks, now, by_hand=False)
    return kept


def cards_shown(actor: Actor, cards: Sequence[IncidentCard]) -> list[IncidentCard]:
    """Tiles of the wall, in the same way."""
    now = timezone.now()
    reasons = _asked_once(actor, now)
    kept, looks = [], []
    for card in cards:
        reason = _why(duty.is_work_on_incident(actor, card.incident, now), reasons, card.incident.pk)
        kept.append(card if card.still is None or reason is not None else replace(card, still=None, withheld=True))
        if card.still is not None and reason is not None:
            looks.append(_look(card.still, card.incident.pk, None, reason))
    record(actor, Page.WALL, looks, now, by_hand=False)
    return kept


def pictures_shown(
    request: HttpRequest,
    actor: Actor,
    incident: Incident,
    complaint: Complaint | None = None,
    photos: Sequence[Photo] = (),
) -> list[Picture] | None:
    """All of an incident's, for its page or a complaint's; None where this person must give a reason first.

    Args:
        photos: what citizens sent, to be shown beside them or withheld with them.
    """
    now = timezone.now()
    exhibits = of_incident(incident)
    is_work = (
        duty.is_work_on_incident(actor, incident, now)
        if complaint is None
        else duty.is_work_on_complaint(actor, complaint, now)
    )
    reason = _why(is_work, _asked_once(actor, now), incident.pk)
    if reason is None:
        return None
    number = None if complaint is None else complaint.pk
    looks = [_look(exhibit, incident.pk, number, reason) for exhibit in exhibits if exhibit.arrived]
    looks += [Look(photo.sha256, JPEG, incident.pk, number, reason, Subject.PHOTO) for photo in photos]
    page = Page.INCIDENT if complaint is None else Page.COMPLAINT
    record(actor, page, looks, now, by_hand="HX-Request" not in request.headers)
    return pictures(exhibits)


def may_open_file(actor: Actor, file: Exhibit | Photo, incident: Incident) -> bool:
    """Whether this person may have it past all pages; if so, that is written down."""
    now = timezone.now()
    complaints = visible_to(actor).filter(incident=incident)
    is_work = duty.is_work_on_incident(actor, incident, now) or any(
        duty.is_work_on_complaint(actor, complaint, now) for complaint in complaints
    )
    reason = _why(is_work, _asked_once(actor, now), incident.pk)
    if reason is None:
        return False
    look = (
        _look(file, incident.pk, None, reason)
        if isinstance(file, Exhibit)
        else Look(file.sha256, JPEG, incident.pk, reason=reason, subject=Subject.PHOTO)
    )
    record(actor, Page.FILE, [look], now, by_hand=True)
    return True


def may_see_camera(actor: Actor, incident: Incident | None) -> bool:
    """Whether this person may have a picture of now: for the camera's own sake, or as a part of an incident."""
    return _why_camera(actor, incident, timezone.now()) is not None


def still_shown(actor: Actor, still: Still, page: Page, incident: Incident | None = None) -> bool:
    """Whether this person may have a still that was asked for; if so, that is written down."""
    now = timezone.now()
    reason = _why_camera(actor, incident, now)
    if reason is None:
        return False
    number = None if incident is None else incident.pk
    look = Look(still.sha256, JPEG, number, reason=reason, subject=Subject.STILL, camera_id=still.camera_id)
    record(actor, page, [look], now, by_hand=True)
    return True


def _why_camera(actor: Actor, incident: Incident | None, now: datetime) -> str | None:
    if incident is None:
        return "" if duty.is_work_on_camera(actor) else None
    return _why(duty.is_work_on_incident(actor, incident, now), _asked_once(actor, now), incident.pk)


def _look(exhibit: Exhibit, incident_id: int, complaint_id: int | None, reason: str) -> Look:
    return Look(exhibit.sha256, exhibit.media_type, incident_id, complaint_id, reason)


def _asked_once(actor: Actor, now: datetime) -> Callable[[], Mapping[int | None, str]]:
    """For whom everything is work, nobody asks the database for reasons."""
    return cache(lambda: purposes.standing(actor, now))


def _why(is_work: bool, reasons: Callable[[], Mapping[int | None, str]], incident_id: int) -> str | None:
    """Empty for work, the reason that was given, or None: neither."""
    return "" if is_work else (purposes.reason_for(reasons(), incident_id) or None)
