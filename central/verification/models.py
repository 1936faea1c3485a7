"""Questions put to cameras, and what they answered."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.complaints.models import Complaint
from central.incidents.models import Episode
from contract.kinds import Sight


class Question(models.Model):
    """One camera, asked whether one complaint's problem is still there. The id is the command's."""

    class Sight(models.TextChoices):
        PRESENT = Sight.PRESENT.value, _("still there")
        GONE = Sight.GONE.value, _("gone")
        UNKNOWN = Sight.UNKNOWN.value, _("cannot tell")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="questions")
    claimed = models.DateTimeField()
    """When the agency said that it is done: questions of one claim belong together."""
    attempt = models.PositiveSmallIntegerField()
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    """What is asked about: its box, camera, kind and zone."""
    asked = models.DateTimeField()
    until = models.DateTimeField()
    sent = models.DateTimeField(null=True, blank=True)
    """Last time it was put on the wire."""
    answered = models.DateTimeField(null=True, blank=True)
    sight = models.CharField(max_length=8, choices=Sight, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    measures = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "claimed", "attempt", "episode"], name="question_once")
        ]
        indexes = [models.Index(fields=["until"], condition=Q(answered__isnull=True), name="question_waiting")]

    def __str__(self) -> str:
        return f"{self.complaint} {self.claimed:%Y-%m-%d %H:%M} {self.attempt}"
