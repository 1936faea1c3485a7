"""What followers are told, in the city's language. No letter names who else reported, or what."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.clockwork.letters import moment_in_words
from central.complaints.models import Complaint, History
from central.complaints.numbers import grouped
from central.desks.publicity import public_place, public_target
from central.desks.words import HAPPENED
from central.following.models import EMAIL, Follower
from central.incidents.models import Incident
from central.outbox.models import Channel
from central.outbox.posting import Post

PREFIX = "citizen:"
"""Of the keys of everything that goes to citizens: `reports.retention` forgets their addresses by it."""

_FILED = gettext_lazy("The complaint was filed with the agency in charge")


def confirmation(follower: Follower, now: datetime) -> Post:
    """Asks whether this address wants to follow."""
    with translation.override(settings.LANGUAGE_CODE):
        kind = capfirst(follower.incident.get_kind_display())
        subject = _("Follow this report? %(kind)s") % {"kind": kind}
        lines = (
            _("Somebody, we hope you, wants to follow this report at this address: %(kind)s.") % {"kind": kind},
            _("Please confirm here; until then we write no more:"),
            link(follower),
            "",
            _("It was not you? Then you need not do anything."),
        )
        return _post(follower, f"confirm:{follower.pk}:{now:%Y%m%dT%H%M%S}", subject, lines)


def news(follower: Follower, complaint: Complaint, row: History, about: str) -> Post:
    """A complaint's new state. `about` tells this occasion from others: the same is never sent twice to an address."""
    with translation.override(settings.LANGUAGE_CODE):
        state = str(Complaint.State(row.after).label)
        subject = _("%(kind)s, %(number)s: %(state)s") % {
            "kind": capfirst(complaint.get_kind_display()),
            "number": complaint.number,
            "state": state,
        }
        place, target = public_place(complaint).name, public_target(complaint)
        lines = [
            f"{_FILED if row.action == 'open' else HAPPENED.get(row.action, row.action)}.",
            "",
            _("State: %(state)s") % {"state": state},
            _("Agency in charge: %(agency)s") % {"agency": complaint.agency.name},
        ]
        if place:
            lines.append(_("Place: %(place)s") % {"place": place})
        if target is not None:
            lines.append(_("To be completed by: %(moment)s") % {"moment": moment_in_words(target)})
        lines += ["", settings.PAGES_URL + reverse("public-complaint", args=[grouped(complaint.tracking)])]
        return _post(follower, about, subject, lines)


def not_real(follower: Follower, incident: Incident, about: str) -> Post:
    """An operator looked and found nothing."""
    with translation.override(settings.LANGUAGE_CODE):
        kind = capfirst(incident.get_kind_display())
        subject = _("%(kind)s: not found") % {"kind": kind}
        lines = (
            _("An operator of the city checked this report and could not find the problem, so no complaint was filed."),
            _("If it is there after all, please report it again with a photo:"),
            settings.PAGES_URL + reverse("report-form"),
        )
        return _post(follower, about, subject, lines)


def link(follower: Follower) -> str:
    """Where it is confirmed and stopped."""
    return settings.PAGES_URL + reverse("following", args=[follower.token])


def digest_of(follower: Follower) -> str:
    """Of the address: keys must not keep addresses longer than the messages."""
    return hashlib.sha256(f"{follower.via}:{follower.address}".encode()).hexdigest()[:24]


def _post(follower: Follower, about: str, subject: str, lines: Any) -> Post:
    key = f"{PREFIX}{about}:{digest_of(follower)}"
    if follower.via == EMAIL:
        text = "\n".join((*lines, "", "-- ", _("Stop these letters: %(link)s") % {"link": link(follower)}, ""))
        headers = {"List-Unsubscribe": f"<{link(follower)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return Post(key, Channel.EMAIL, follower.address, {"subject": subject, "text": text, "headers": headers})
    from central.channels.speaking import message  # noqa: PLC0415 — channels listen to citizens, and follow for them

    return message(follower.via, follower.address, "\n".join((subject, *lines)).strip(), key)
