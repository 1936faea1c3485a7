"""A wish for a picture, and what came of it."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from central.boxes.models import Camera
from central.evidence.models import Blob


class Still(models.Model):
    """One picture that somebody asked for. The id is the command's; its bytes are kept a week, as all that no event
    names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="stills")
    asked = models.DateTimeField()
    by = models.CharField(max_length=160)
    until = models.DateTimeField()
    sent = models.DateTimeField(null=True, blank=True)
    """Last time it was put on the wire."""
    answered = models.DateTimeField(null=True, blank=True)
    taken = models.DateTimeField(null=True, blank=True)
    """By the camera's clock."""
    reason = models.CharField(max_length=500, blank=True)
    """Why there is no picture."""
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["until"], condition=Q(answered__isnull=True), name="still_waiting"),
            models.Index(fields=["camera", "-asked"], name="still_of_camera"),
        ]

    def __str__(self) -> str:
        return f"{self.camera} {self.asked:%Y-%m-%d %H:%M:%S}"

    @property
    def has_arrived(self) -> bool:
        """Whether its bytes are here."""
        return bool(self.sha256) and Blob.objects.filter(pk=self.sha256, box_id=self.camera.box_id).exists()

    def is_over(self, now: datetime) -> bool:
        """Whether nobody waits for an answer any more."""
        return self.answered is None and self.until <= now
