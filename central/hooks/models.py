"""Who subscribed to what, and how far the change feed was read."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from central.api.models import Token


class Subscription(models.Model):
    """One address that is told. It acts as its token's owner, and ends with its token."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="subscriptions")
    """Once it counts no longer nothing is sent; another token of the owner's may take the subscription over."""
    url = models.CharField(max_length=300)
    types = models.JSONField()
    """Patterns, see `hooks.types`."""
    active = models.BooleanField(default=True)
    generation = models.PositiveIntegerField(default=1)
    """Of its secret, which is made from it and kept nowhere."""
    created = models.DateTimeField()
    last_delivered = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["created"]
        indexes = [models.Index(fields=["owner", "created"], name="subscription_owner")]

    def __str__(self) -> str:
        return f"{self.owner} → {self.url}"


class Position(models.Model):
    """How far the change feed was published. Its row is the lock: of several relays one publishes."""

    name = models.CharField(max_length=20, primary_key=True)
    floor = models.BigIntegerField()
    """No change up to this id comes any more."""

    def __str__(self) -> str:
        return f"{self.name}: {self.floor}"
