"""Beginning to follow, confirming and stopping. An address that anybody could have typed is asked first."""

import secrets
from datetime import datetime

from django.db import transaction

from central.following.letters import confirmation
from central.following.models import EMAIL, Follower
from central.incidents.models import Incident
from central.outbox.posting import post
from central.reports.limits import LETTERS_BY_CONTACT, use

State = Follower.State


@transaction.atomic
def follow(
    incident: Incident, address: str, now: datetime, *, via: str = EMAIL, is_known: bool = False, asks: bool = True
) -> Follower:
    """`is_known`: the address is certainly that of whoever asks, so nothing need be confirmed. `asks`: by a letter of
    its own; else the caller puts the link into another one. Asked twice is asked once; who stopped may begin again.

    Raises:
        central.reports.limits.TooMany: this address was written to too often today.
    """
    standing = incident.merged_into or incident
    address = address.strip().lower() if via == EMAIL else address.strip()
    fresh = Follower(
        incident=standing, via=via, address=address, token=secrets.token_urlsafe(32), asked=now, changed=now
    )
    Follower.objects.bulk_create([fresh], ignore_conflicts=True)
    follower = Follower.objects.select_for_update().get(incident=standing, via=via, address=address)
    if follower.state == State.FOLLOWING:
        return follower
    if is_known:
        return _moved(follower, State.FOLLOWING, now)
    if follower.token == fresh.token or follower.state == State.STOPPED:
        _moved(follower, State.ASKED, now)
        if asks:
            use([(LETTERS_BY_CONTACT, f"{via}:{address}")], now)
            post([confirmation(follower, now)], now)
    return follower


@transaction.atomic
def confirm(token: str, now: datetime) -> Follower | None:
    """None: there is no such follower."""
    return _decided(token, State.FOLLOWING, now)


@transaction.atomic
def stop(token: str, now: datetime) -> Follower | None:
    """None: there is no such follower."""
    return _decided(token, State.STOPPED, now)


def by_token(token: str) -> Follower | None:
    """The one this link was written to."""
    return Follower.objects.select_related("incident__merged_into").filter(token=token).first()


def _decided(token: str, state: State, now: datetime) -> Follower | None:
    follower = Follower.objects.select_for_update(of=("self",)).filter(token=token).first()
    return None if follower is None else _moved(follower, state, now)


def _moved(follower: Follower, state: State, now: datetime) -> Follower:
    if follower.state != state:
        follower.state, follower.changed = state, now
        follower.save(update_fields=["state", "changed"])
    return follower
