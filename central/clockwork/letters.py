"""What a reminder says: to people in the city's language, to machines as a CloudEvent."""

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from central.clock.policy import Step, Target
from central.complaints.models import Complaint

EVENT_TYPE = "id.sigap.complaint.reminder.v1"


def email(complaint: Complaint, step: Step) -> dict[str, Any]:
    """Subject and text, in the language of LANGUAGE_CODE."""
    with translation.override(settings.LANGUAGE_CODE):
        about = {
            "number": complaint.number,
            "kind": complaint.get_kind_display(),
            "place": complaint.place or "–",
            "agency": complaint.agency.name,
            "state": complaint.get_state_display(),
            "due": moment_in_words(_due(complaint, step)),
            "opened": moment_in_words(complaint.opened),
            "link": link(complaint),
        }
        text = "\n".join(
            (
                _subject(step) % about,
                "",
                _("Problem: %(kind)s, %(place)s") % about,
                _("Filed: %(opened)s") % about,
                _("Agency in charge: %(agency)s") % about,
                _("State: %(state)s") % about,
                _("Due: %(due)s") % about,
                "",
                about["link"],
                "",
            )
        )
        return {"subject": _subject(step) % about, "text": text}


def event(complaint: Complaint, step: Step, moment: datetime) -> dict[str, Any]:
    """CloudEvents 1.0, JSON; times in UTC."""
    return {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, f"sigap:{complaint.number}:{step.of}:{step.percent}:{moment.isoformat()}")),
        "source": "/central",
        "type": EVENT_TYPE,
        "subject": complaint.number,
        "time": moment.astimezone(UTC).isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "number": complaint.number,
            "kind": complaint.kind,
            "agency": complaint.agency_id,
            "state": complaint.state,
            "deadline": step.of,
            "percent": step.percent,
            "level": step.level,
            "due": _due(complaint, step).astimezone(UTC).isoformat(),
            "opened": complaint.opened.astimezone(UTC).isoformat(),
            "url": link(complaint),
        },
    }


def link(complaint: Complaint) -> str:
    """The agency's page of it."""
    return f"{settings.PAGES_URL}/agency/complaints/{complaint.number}/"


def _subject(step: Step) -> str:
    if step.of is Target.FIRST_RESPONSE:
        if step.percent < 100:
            return _("Complaint %(number)s (%(kind)s): first response due %(due)s")
        return _("Complaint %(number)s (%(kind)s): first response overdue since %(due)s")
    if step.percent < 100:
        return _("Complaint %(number)s (%(kind)s): due %(due)s")
    return _("Complaint %(number)s (%(kind)s): overdue since %(due)s")


def _due(complaint: Complaint, step: Step) -> datetime:
    due = complaint.first_response_due if step.of is Target.FIRST_RESPONSE else complaint.completion_due
    if due is None:
        raise ValueError(
            f"complaint {complaint.number} has a reminder and no deadline; run: sigap-central manage reckon"
        )
    return due


def moment_in_words(when: datetime) -> str:
    """In the city's zone, with it."""
    local = timezone.localtime(when)
    return f"{date_format(local, 'j M Y')} {date_format(local, 'H.i')} {local:%Z}"
