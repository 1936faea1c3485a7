"""Idempotency-Key: who is not sure whether a request arrived sends it again, and gets the first one's answer.

The answer is written in the transaction of what was done, so that there is never one without the other. Of two
requests at once with one key the second waits for the first one's transaction to end.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest

from central.api.models import StoredAnswer, Token
from central.api.problems import CONFLICT, Problem, invalid

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT = timedelta(days=2)
AT_ONCE = 5000

Answer = tuple[int, dict[str, Any]]
"""Status and JSON body."""


def once(request: HttpRequest, token: Token, now: datetime, do: Callable[[], Answer]) -> tuple[Answer, bool]:
    """Does it, or gives the answer of the time it was done; with whether it was done before.

    Raises:
        Problem: the key was used for something else, or cannot be one.
    """
    key = request.headers.get(HEADER)
    if key is None:
        with transaction.atomic():
            return do(), False
    if not 0 < len(key) <= LONGEST or not key.isprintable() or not key.isascii():
        raise invalid(f"header.{HEADER}", f"1 to {LONGEST} printable ASCII characters")
    claim, fingerprint = uuid4(), _fingerprint(request)
    with transaction.atomic():
        row = StoredAnswer(token=token, key=key, fingerprint=fingerprint, claim=claim, created=now)
        StoredAnswer.objects.bulk_create([row], ignore_conflicts=True)
        kept = StoredAnswer.objects.get(token=token, key=key)
        if kept.fingerprint != fingerprint:
            raise Problem(CONFLICT, f"the key {key!r} came with another request before", key=key)
        if kept.claim != claim:
            return (kept.status, kept.body), True
        kept.status, kept.body = do()
        kept.save(update_fields=["status", "body"])
        return (kept.status, kept.body), False


def forget(now: datetime) -> None:
    """A bounded piece of what nobody will ask again."""
    old = StoredAnswer.objects.filter(created__lt=now - KEPT).order_by("created").values_list("pk", flat=True)
    StoredAnswer.objects.filter(pk__in=list(old[:AT_ONCE])).delete()


def _fingerprint(request: HttpRequest) -> str:
    said = b"\n".join((str(request.method).encode(), request.get_full_path().encode(), request.body))
    return sha256(said).hexdigest()
