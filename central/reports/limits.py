"""How much one citizen may send: by address of the network, by device, by contact. Counted under keyed hashes, so that
nobody can read from the table who wrote."""

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from central.reports.models import Allowance

KEPT_FOR = timedelta(days=2)
SWEPT_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in such a span."""

    name: str
    most: int
    span: timedelta


BY_NETWORK = Limit("network", 300, timedelta(hours=1))
"""Whole quarters reach the net through one address of their telephone company."""
BY_DEVICE = Limit("device", 20, timedelta(hours=1))
BY_CONTACT = Limit("contact", 20, timedelta(days=1))
PHOTOS_BY_DEVICE = Limit("photo", 40, timedelta(hours=1))
PHOTOS_BY_PROGRAM = Limit("program", 2000, timedelta(hours=1))
"""One program speaks for many citizens; its key or token is its name."""
LETTERS_BY_CONTACT = Limit("letter", 6, timedelta(days=1))
"""Letters that somebody else could have caused: to confirm an address, to answer a message."""


class TooMany(Exception):  # noqa: N818 — what it is
    """A limit is reached."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(f"more than {limit.most} by one {limit.name}")
        self.limit = limit


def use(wanted: Iterable[tuple[Limit, str]], now: datetime) -> None:
    """Counts one for each.

    Raises:
        TooMany: one of them is used up; then none is counted.
    """
    with transaction.atomic():
        for limit, who in sorted(wanted, key=lambda pair: pair[0].name):
            _count(limit, who, now)


def _count(limit: Limit, who: str, now: datetime) -> None:
    fresh = Allowance(key=key_of(limit, who), since=now, used=0)
    Allowance.objects.bulk_create([fresh], ignore_conflicts=True)
    found = Allowance.objects.select_for_update().get(pk=fresh.key)
    if found.since <= now - limit.span:
        found.since, found.used = now, 0
    if found.used >= limit.most:
        raise TooMany(limit)
    found.used += 1
    found.save(update_fields=["since", "used"])


def key_of(limit: Limit, who: str) -> str:
    """Name of the limit and a keyed hash."""
    said = f"{limit.name}:{who}".encode()
    return f"{limit.name}:{hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()[:40]}"


def network_of(address: str) -> str:
    """The address itself, or of IPv6 the network a household gets."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def sweep_allowances(now: datetime) -> int:
    """Drops what no limit looks back to; returns how many."""
    stale = Allowance.objects.filter(since__lt=now - KEPT_FOR).order_by("since").values_list("pk", flat=True)
    return Allowance.objects.filter(pk__in=list(stale[:SWEPT_AT_ONCE])).delete()[0]
