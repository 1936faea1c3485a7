"""Tokens, and the answers that are given again when the same is asked twice."""

from django.conf import settings
from django.db import models
from django.db.models import Q

DEFAULT_PER_MINUTE = 600


class Token(models.Model):
    """A program's key. It acts as its owner, within its scopes. Only its hash is kept: it is shown once."""

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256, hex. A token is 256 random bits, which needs no slow hash."""
    hint = models.CharField(max_length=12)
    """How it begins, so that people can tell tokens apart."""
    scopes = models.JSONField(default=list)
    """Values of `api.scopes.Scope`."""
    per_minute = models.PositiveIntegerField(default=DEFAULT_PER_MINUTE)
    created = models.DateTimeField()
    expires = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)
    """To the minute."""
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(revoked__isnull=True), name="api_token_one_of_a_name"
            ),
            models.CheckConstraint(condition=Q(per_minute__gt=0), name="api_token_may_something"),
        ]
        ordering = ["owner", "name", "-created"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class StoredAnswer(models.Model):
    """What was answered to a request that carried an Idempotency-Key; written in the request's own transaction."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    """SHA-256 of method, address and body: another request must not take this answer for its own."""
    claim = models.UUIDField()
    """Of the request that was first."""
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["created"], name="api_answer_created")]

    def __str__(self) -> str:
        return f"{self.token_id}: {self.key}"
