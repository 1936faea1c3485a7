"""Reasons that people give before they look at what is not their work."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from central.accounts.roles import Actor, Role
from central.incidents.models import Incident
from central.viewing.models import Purpose

HOLDS = timedelta(hours=1)
SHORTEST = 10
"""Characters: a reason is a sentence, not a keystroke."""
MAY_FOR_ALL = frozenset({Role.ADMIN})
"""Who may give one reason for everything that is open to them; all others give it for one incident."""


def declare(actor: Actor, reason: str, incident: Incident | None, now: datetime) -> Purpose:
    """Holds for an hour.

    Raises:
        ValueError: too short, or for everything where only one incident is allowed.
    """
    reason = " ".join(reason.split())[:300]
    if len(reason) < SHORTEST:
        raise ValueError(f"a reason has at least {SHORTEST} characters")
    if incident is None and actor.role not in MAY_FOR_ALL:
        raise ValueError(f"role {actor.role} gives a reason for one incident")
    return Purpose.objects.create(user=actor.user, incident=incident, reason=reason, given=now, until=now + HOLDS)


def standing(actor: Actor, now: datetime) -> Mapping[int | None, str]:
    """By incident, None for all: the reasons of this person that hold now, the newest of each."""
    held = Purpose.objects.filter(user=actor.user, until__gt=now).order_by("given")
    return dict(held.values_list("incident", "reason"))


def reason_for(purposes: Mapping[int | None, str], incident_id: int) -> str:
    """The one for this incident, else the one for all; empty when there is none."""
    return purposes.get(incident_id) or purposes.get(None, "")
