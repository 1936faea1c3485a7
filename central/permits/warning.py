"""Permits that are about to expire: those who answer for vending are written to in good time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from central.incidents.kinds import Kind
from central.outbox.models import Channel, Contact
from central.outbox.posting import Post, post
from central.permits.models import Permit
from central.routing.models import Rule, RuleSet

AHEAD_DAYS = (30, 7, 1)
EVENT_TYPE = "id.sigap.permit.expiring.v1"


def expiring(now: datetime) -> QuerySet[Permit]:
    """Those whose last day is near, the nearest first; a day more for whichever time zone they are in."""
    today = now.date()
    return Permit.objects.filter(valid_to__range=(today - timedelta(days=1), today + timedelta(days=AHEAD_DAYS[0] + 1)))


def ending_soon() -> list[str]:
    """A sentence where there are any, for the settings' index."""
    count = expiring(timezone.now()).count()
    about = {"n": count, "days": AHEAD_DAYS[0]}
    said = ngettext("%(n)d permit ends within %(days)d days.", "%(n)d permits end within %(days)d days.", count)
    return [said % about] if count else []


def warn(now: datetime) -> int:
    """Writes what is due, each warning once to each contact; returns how many permits it looked at."""
    found = list(expiring(now))
    contacts = list(_contacts()) if found else []
    post((letter for permit in found for letter in _letters(permit, contacts, now)), now)
    return len(found)


def _contacts() -> QuerySet[Contact]:
    """Of the city, and of the agencies that vending goes to."""
    in_force = Rule.objects.filter(ruleset__state=RuleSet.State.ACTIVE, active=True)
    agencies = in_force.filter(Q(kind=Kind.VENDING) | Q(kind="")).values("agency")
    return Contact.objects.filter(Q(agency__in=agencies) | Q(agency__isnull=True), active=True).order_by("pk")


def _letters(permit: Permit, contacts: list[Contact], now: datetime) -> Iterator[Post]:
    left = permit.days_left(now)
    step = min((days for days in AHEAD_DAYS if 0 <= left <= days), default=None)
    if step is None:
        return
    for contact in contacts:
        content = _email(permit, left) if contact.channel == Channel.EMAIL else _event(permit, left, step, now)
        key = f"permit:{permit.pk}:{permit.valid_to}:{step}:{contact.pk}"
        yield Post(key, contact.channel, contact.address, content)


def _email(permit: Permit, left: int) -> dict[str, Any]:
    with translation.override(settings.LANGUAGE_CODE):
        about = {"sk": permit.sk, "name": permit.name, "day": date_format(permit.valid_to, "j M Y"), "n": left}
        until = ngettext("%(n)d day left", "%(n)d days left", left) % about
        subject = _("Vending permit %(sk)s (%(name)s) ends on %(day)s") % about
        what = _("From the day after, selling there is reported as illegal, without anybody changing anything.")
        return {"subject": subject, "text": "\n".join((f"{subject}: {until}.", "", what, "", link(permit), ""))}


def _event(permit: Permit, left: int, step: int, now: datetime) -> dict[str, Any]:
    """CloudEvents 1.0, JSON."""
    return {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, f"sigap:permit:{permit.pk}:{permit.valid_to}:{step}")),
        "source": "/central",
        "type": EVENT_TYPE,
        "subject": permit.sk,
        "time": now.astimezone(UTC).isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "sk": permit.sk,
            "name": permit.name,
            "valid_to": permit.valid_to.isoformat(),
            "days_left": left,
            "url": link(permit),
        },
    }


def link(permit: Permit) -> str:
    """The administrators' page of it."""
    return f"{settings.PAGES_URL}/atur/izin/{permit.pk}/"
