"""Changing agencies and contacts, with their record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from central.accounts.roles import Actor
from central.administration.recording import snapshot, write_down
from central.outbox.models import Contact
from central.routing.models import Agency


@transaction.atomic
def save_agency(
    agency: Agency, before: Mapping[str, Any] | None, actor: Actor, now: datetime, *, action: str = ""
) -> None:
    """A new default desk takes the place of the one there was."""
    if agency.is_default_desk:
        for other in Agency.objects.select_for_update().filter(is_default_desk=True).exclude(pk=agency.pk):
            stood = snapshot(other)
            other.is_default_desk = False
            other.save()
            write_down(
                actor, now, topic="agency", subject=other.pk, action="change", before=stood, after=snapshot(other)
            )
    agency.save()
    done = action or ("add" if before is None else "change")
    write_down(actor, now, topic="agency", subject=agency.pk, action=done, before=before, after=snapshot(agency))


@transaction.atomic
def save_contact(
    contact: Contact, before: Mapping[str, Any] | None, actor: Actor, now: datetime, *, action: str = ""
) -> None:
    """Somebody who is told, or no longer."""
    contact.save()
    done = action or ("add" if before is None else "change")
    subject = contact.agency_id or "city"
    write_down(actor, now, topic="contact", subject=subject, action=done, before=before, after=snapshot(contact))
