"""The audit trail of settings."""

from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AuditIsAppendOnly(Exception):  # noqa: N818 — a rule by its name
    """Somebody tried to change or delete what was recorded."""


class AuditEntry(models.Model):
    """One change of one setting: who, when, before and after. Written by `administration.recording`."""

    time = models.DateTimeField()
    actor = models.CharField(max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Empty: a command on the server."""
    topic = models.CharField(max_length=24)
    """What kind of setting, see `administration.words.TOPICS`."""
    subject = models.CharField(max_length=120)
    """Which one: a code, a name."""
    action = models.CharField(max_length=24)
    """What was done, see `administration.words.ACTIONS`."""
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    """Fields and their values; empty: it did not exist."""
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    """Empty: it exists no more."""

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-time", "-pk"]
        indexes = [
            models.Index(fields=["-time", "-id"], name="audit_time"),
            models.Index(fields=["topic", "subject", "-time"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.topic} {self.subject} by {self.actor}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Inserts only."""
        if not self._state.adding:
            raise AuditIsAppendOnly(f"audit entry {self.pk} is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002 — the signature is Django's
        """Never."""
        raise AuditIsAppendOnly(f"audit entry {self.pk} stays")
