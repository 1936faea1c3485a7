"""From the change feed to the outbox.

A change is written in the transaction that makes it, so nothing that happened is missing in the feed; but on PostgreSQL
a lower id may become visible after a higher one. So the feed is read again from where everything older than SETTLED has
been seen, and the outbox's unique keys make that harmless, also across restarts and several relays.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from central.accounts.roles import Actor, Role, actor_of
from central.api.items import complaint_item, incident_items
from central.api.scopes import Scope
from central.complaints.access import incidents_visible_to, visible_to
from central.desks.publicity import public_complaints
from central.feed.models import Change
from central.feed.reading import latest_id
from central.hooks.carrier import counts
from central.hooks.models import Position, Subscription
from central.hooks.types import PING, matches, type_of
from central.outbox.models import Channel
from central.outbox.posting import Post, post

SETTLED = timedelta(minutes=2)
"""No transaction that writes changes takes longer."""
AT_ONCE = 500
NAME = "hooks"


class Publisher:
    """Call it regularly; of several one publishes at a time."""

    def __init__(self) -> None:
        self._given: set[int] = set()

    def __call__(self, now: datetime) -> int:
        """Posts what is new. Returns how many events."""
        subscriptions = _subscriptions(now)
        if not subscriptions:
            return 0
        position, _made = Position.objects.get_or_create(pk=NAME, defaults={"floor": latest_id()})
        fresh = self._fresh(position.floor, min(each.created for each, _actor in subscriptions))
        settled = position.floor if len(fresh) == AT_ONCE else _settled(position.floor, now)
        # On SQLite a transaction is a write, and this is asked every second.
        if not fresh and settled == position.floor:
            return 0
        with transaction.atomic():
            if not Position.objects.select_for_update(skip_locked=True).filter(pk=NAME).exists():
                return 0  # another relay does it
            posts = list(_posts(Change.objects.filter(id__in=fresh).order_by("id"), subscriptions))
            post(posts, now)
            Position.objects.filter(pk=NAME, floor__lt=settled).update(floor=settled)
        self._given.update(fresh)
        self._given = {each for each in self._given if each > settled}
        return len(posts)

    def _fresh(self, floor: int, since: datetime) -> list[int]:
        """Changes that were not looked at yet; none from before anybody subscribed."""
        found = Change.objects.filter(id__gt=floor, time__gte=since, topic__in=("complaint", "incident"))
        waiting = found.exclude(what__in=("updated", "reminded")).order_by("id").values_list("id", flat=True)
        return [each for each in waiting if each not in self._given][:AT_ONCE]


def _settled(floor: int, now: datetime) -> int:
    """Up to here nothing new becomes visible."""
    old = Change.objects.filter(id__gt=floor, time__lt=now - SETTLED).aggregate(top=Max("id"))["top"]
    return floor if old is None else int(old)


def ping(subscription: Subscription, now: datetime) -> None:
    """An event that says nothing, so that a subscriber can try the way."""
    event = envelope(f"{subscription.pk} {now.isoformat()}", PING, str(subscription.pk), now, {"hello": "world"})
    post([_post(subscription, f"ping:{now.timestamp():.6f}", event)], now)


def envelope(unique: str, event_type: str, subject: str, time: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """CloudEvents 1.0, JSON."""
    return {
        "specversion": "1.0",
        "id": str(uuid5(NAMESPACE_URL, f"sigap:event:{unique}")),
        "source": "/central",
        "type": f"id.sigap.{event_type}.v1",
        "subject": subject,
        "time": time.astimezone(UTC).isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


def _subscriptions(now: datetime) -> list[tuple[Subscription, Actor]]:
    active = Subscription.objects.filter(active=True).select_related("token__owner__membership")
    return [(each, actor_of(each.token.owner)) for each in active if counts(each, now)]


def _posts(changes: Sequence[Change] | Any, subscriptions: Sequence[tuple[Subscription, Actor]]) -> Iterator[Post]:
    for change in changes if subscriptions else ():
        event_type = type_of(change.topic, change.what)
        if event_type is None:
            continue
        for subscription, actor in subscriptions:
            if change.time < subscription.created or not matches(subscription.types, event_type):
                continue
            told = _told(change, subscription, actor)
            if told is not None:
                event = envelope(str(change.pk), event_type, *told[:1], change.time, told[1])
                yield _post(subscription, str(change.pk), event)


def _told(change: Change, subscription: Subscription, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """Subject and data, as the subscriber may know them now; None when it may not."""
    scopes = subscription.token.scopes
    if change.topic == Change.Topic.INCIDENT:
        incident = incidents_visible_to(actor).filter(pk=change.ref).first()
        if incident is None or Scope.INCIDENTS_READ not in scopes:
            return None
        return str(incident.pk), incident_items([incident], actor)[0].model_dump(mode="json")
    as_staff = Scope.COMPLAINTS_READ in scopes and actor.role is not Role.PUBLIC
    seen = visible_to(actor) if as_staff else public_complaints()
    complaint = seen.select_related("agency", "assignee", "incident__camera").filter(pk=change.ref).first()
    if complaint is None:
        return None
    item = complaint_item(complaint, lambda path: f"{settings.PAGES_URL}{path}", as_staff=as_staff)
    return complaint.number, item.model_dump(mode="json")


def _post(subscription: Subscription, unique: str, event: dict[str, Any]) -> Post:
    content = {"subscription": str(subscription.pk), "event": event}
    return Post(f"hook:{subscription.pk}:{unique}", Channel.HOOK, subscription.url, content)
