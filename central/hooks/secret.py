"""A subscription's secret: made from the centre's own, so that there is none to steal from the database."""

from django.conf import settings

from central.hooks.models import Subscription
from central.outbox.webhook import receiver_key, shown


def key_of(subscription: Subscription) -> bytes:
    """32 bytes; another one after each change of generation."""
    return receiver_key(settings.WEBHOOK_SECRET, f"subscription {subscription.pk} {subscription.generation}")


def shown_secret(subscription: Subscription) -> str:
    """whsec_…, as receivers' libraries take it."""
    return shown(key_of(subscription))
