"""Webhooks, signed as standardwebhooks.com describes: receivers find ready libraries for it.

Headers `webhook-id` (the same at every attempt: the receiver's idempotency key), `webhook-timestamp` (seconds) and
`webhook-signature: v1,BASE64` of HMAC-SHA256 over `id.timestamp.body`. Every receiver has a key of its own, made from
the centre's secret and the address, so that none can speak for the centre to another.
"""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException

from django.utils import timezone

from central.outbox.addresses import checked_url
from central.outbox.carriers import Message, NotNow, Undeliverable
from central.outbox.opener import TIMEOUT_S, opener

TRY_AGAIN = frozenset({408, 409, 425, 429})
"""Of the 4xx those that speak of the moment, not of the message."""


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Posts JSON."""

    secret: str = field(repr=False)
    clock: Callable[[], datetime] = timezone.now

    def deliver(self, message: Message) -> None:
        """Any 2xx counts as taken; redirects are not followed.

        Raises:
            Undeliverable: the receiver refuses it (4xx), or the address is not one to send to.
            NotNow: it cannot be reached, is busy or broken.
        """
        body = json.dumps(message.content, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Sigap"}
        headers |= signed(receiver_key(self.secret, message.address), str(message.id), self.clock(), body)
        try:
            request = urllib.request.Request(checked_url(message.address), body, headers, method="POST")  # noqa: S310 — checked
        except ValueError as error:
            raise Undeliverable(str(error)) from error
        try:
            _OPENER.open(request, timeout=TIMEOUT_S).close()
        except urllib.error.HTTPError as error:
            error.close()
            final = 300 <= error.code < 500 and error.code not in TRY_AGAIN
            raise (Undeliverable if final else NotNow)(f"HTTP {error.code} {error.reason}") from error
        except (OSError, HTTPException) as error:
            raise NotNow(str(error)) from error


def receiver_key(secret: str, address: str) -> bytes:
    """The receiver's own key, 32 bytes."""
    return hmac.digest(secret.encode(), f"sigap webhook {address}".encode(), hashlib.sha256)


def shown(key: bytes) -> str:
    """As receivers' libraries take it."""
    return f"whsec_{base64.b64encode(key).decode()}"


def signed(key: bytes, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers."""
    timestamp = str(int(now.timestamp()))
    signature = hmac.digest(key, b".".join((message_id.encode(), timestamp.encode(), body)), hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


_OPENER = opener()
