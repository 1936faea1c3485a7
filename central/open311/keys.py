"""API keys: made once, checked by their hash, counted by the minute."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from central.open311.models import ApiKey

DEFAULT_PER_MINUTE = 600


class NoKey(Exception):  # noqa: N818 — what is missing
    """No such key, or one that was revoked."""


class TooMany(Exception):  # noqa: N818 — what it is
    """The key was used up for this minute."""


def make(label: str, now: datetime, per_minute: int = DEFAULT_PER_MINUTE) -> str:
    """A new key for a label; an older one of that label counts no longer. Returns the key, which is kept nowhere."""
    key = secrets.token_urlsafe(32)
    values = {"digest": _digest(key), "created": now, "revoked": None, "per_minute": per_minute, "used": 0}
    ApiKey.objects.update_or_create(label=label, defaults=values)
    return key


def revoke(label: str, now: datetime) -> bool:
    """Whether there was one to revoke."""
    return bool(ApiKey.objects.filter(label=label, revoked__isnull=True).update(revoked=now))


def use(key: str, now: datetime) -> ApiKey:
    """The key, counted once.

    Raises:
        NoKey: unknown or revoked.
        TooMany: its minute is used up.
    """
    minute = now.replace(second=0, microsecond=0)
    with transaction.atomic():
        found = ApiKey.objects.select_for_update().filter(digest=_digest(key), revoked__isnull=True).first()
        if found is None:
            raise NoKey
        found.used = found.used + 1 if found.minute == minute else 1
        found.minute = minute
        if found.used > found.per_minute:
            raise TooMany
        found.save(update_fields=["used", "minute"])
    return found


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()
