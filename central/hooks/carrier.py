"""Delivering an event to a subscriber."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException

from django.utils import timezone

from central.hooks.guard import Forbidden, checked_target, guarded_opener
from central.hooks.models import Subscription
from central.hooks.secret import key_of
from central.outbox.carriers import Message, NotNow, Undeliverable
from central.outbox.webhook import TRY_AGAIN, signed

TIMEOUT_S = 10.0
"""Half of a contact's: whoever subscribes must not keep the others waiting."""
GIVE_UP_AFTER = timedelta(days=5)
"""An address at which nothing has arrived for so long is told nothing more."""
GONE = 410


class Hooks:
    """Posts signed CloudEvents, as `outbox.webhook` does for contacts, with each subscription's own secret."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock
        self._opener = guarded_opener()

    def deliver(self, message: Message) -> None:
        """Any 2xx counts as taken; redirects are not followed.

        Raises:
            Undeliverable: the subscription has ended, or its address refuses this (4xx).
            NotNow: it cannot be reached, is busy or broken.
        """
        now = self._clock()
        found = Subscription.objects.select_related("token__owner").filter(pk=message.content["subscription"]).first()
        if found is None or not found.active or not counts(found, now):
            raise Undeliverable("the subscription has ended")
        body = json.dumps(message.content["event"], ensure_ascii=False, separators=(",", ":")).encode()
        try:
            self._post(found, message, now, body)
        except (Undeliverable, NotNow) as failure:
            self._failed(found, now, str(failure))
            raise
        Subscription.objects.filter(pk=found.pk).update(last_delivered=now, failing_since=None, last_error="")

    def _post(self, subscription: Subscription, message: Message, now: datetime, body: bytes) -> None:
        headers = {"Content-Type": "application/cloudevents+json; charset=utf-8", "User-Agent": "Sigap"}
        headers |= signed(key_of(subscription), str(message.id), now, body)
        try:
            address = checked_target(subscription.url)
            request = urllib.request.Request(address, body, headers, method="POST")  # noqa: S310 — checked
            self._opener.open(request, timeout=TIMEOUT_S).close()
        except urllib.error.HTTPError as error:
            error.close()
            final = 300 <= error.code < 500 and error.code not in TRY_AGAIN
            if error.code == GONE:
                Subscription.objects.filter(pk=subscription.pk).update(active=False)
            raise (Undeliverable if final else NotNow)(f"HTTP {error.code} {error.reason}") from error
        except (Forbidden, OSError, HTTPException) as error:
            inside = isinstance(getattr(error, "reason", error), Forbidden)
            raise (Undeliverable if inside else NotNow)(str(error)) from error
        except ValueError as error:  # the name cannot be found, for the moment or for ever
            raise NotNow(str(error)) from error

    @staticmethod
    def _failed(subscription: Subscription, now: datetime, reason: str) -> None:
        since = subscription.failing_since or now
        changes: dict[str, object] = {"failing_since": since, "last_error": reason[:300]}
        if now - since >= GIVE_UP_AFTER:
            changes["active"] = False
        Subscription.objects.filter(pk=subscription.pk).update(**changes)


def counts(subscription: Subscription, now: datetime) -> bool:
    """Whether its token, and its owner's login, still do."""
    token = subscription.token
    expired = token.expires is not None and token.expires <= now
    return token.revoked is None and not expired and token.owner.is_active
