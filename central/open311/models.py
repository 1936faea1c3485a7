"""Who may report by Open311."""

from django.db import models
from django.db.models import Q


class ApiKey(models.Model):
    """One system's key. Only its hash is kept: the key is shown once, when it is made."""

    label = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256, hex. A key is 256 random bits, which needs no slow hash."""
    created = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)
    per_minute = models.PositiveIntegerField(default=600)
    minute = models.DateTimeField(null=True, blank=True)
    """The minute `used` counts."""
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(per_minute__gt=0), name="api_key_may_something")]

    def __str__(self) -> str:
        return self.label
