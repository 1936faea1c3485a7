"""Making, finding and revoking tokens."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from central.api.models import DEFAULT_PER_MINUTE, Token
from central.api.scopes import Scope

PREFIX = "sigap_"
"""So that scanners for leaked secrets, and people, know what it is."""
USED_WITHIN = timedelta(minutes=1)


class BadToken(ValueError):  # noqa: N818 — what it is
    """Not a token that counts: unknown, revoked, expired, or its owner may not log in any more."""


@transaction.atomic
def make(
    owner: User,
    name: str,
    scopes: Collection[Scope],
    now: datetime,
    *,
    expires: datetime | None = None,
    per_minute: int = DEFAULT_PER_MINUTE,
) -> str:
    """A new token of this name; an older one of the owner's with this name counts no longer.

    Returns:
        The token, which is kept nowhere.
    """
    Token.objects.filter(owner=owner, name=name, revoked__isnull=True).update(revoked=now)
    token = PREFIX + secrets.token_urlsafe(32)
    Token.objects.create(
        name=name,
        owner=owner,
        digest=_digest(token),
        hint=token[: len(PREFIX) + 4],
        scopes=sorted(scope.value for scope in scopes),
        per_minute=per_minute,
        created=now,
        expires=expires,
    )
    return token


def find(given: str, now: datetime) -> Token:
    """The token, with its owner; notes that it was used.

    Raises:
        BadToken: with the reason.
    """
    found = Token.objects.select_related("owner__membership").filter(digest=_digest(given)).first()
    if found is None or found.revoked is not None:
        raise BadToken("the token is not known here, or was revoked")
    if found.expires is not None and found.expires <= now:
        raise BadToken("the token has expired")
    if not found.owner.is_active:
        raise BadToken("the token's owner may not log in any more")
    # Not at each request: on SQLite every write waits for the one before.
    stale = Q(last_used__isnull=True) | Q(last_used__lte=now - USED_WITHIN)
    if found.last_used is None or found.last_used <= now - USED_WITHIN:
        Token.objects.filter(stale, pk=found.pk).update(last_used=now)
    return found


def revoke(token_id: int, now: datetime) -> bool:
    """Whether it still counted."""
    return bool(Token.objects.filter(pk=token_id, revoked__isnull=True).update(revoked=now))


def subject_of(token: Token) -> str:
    """What the record of settings calls it."""
    return f"{token.owner.get_username()}/{token.name}"


def state_of(token: Token) -> dict[str, Any]:
    """What the record of settings keeps of it: nothing that would let anybody in."""
    return {
        "scopes": token.scopes,
        "per_minute": token.per_minute,
        "expires": None if token.expires is None else token.expires.isoformat(),
        "hint": token.hint,
    }


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
