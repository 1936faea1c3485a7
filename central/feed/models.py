"""The change feed: one row for each change a live page may want to show, written in the change's own transaction."""

from datetime import datetime

from django.db import models


class Change(models.Model):
    """Ids grow, but on PostgreSQL a lower id may become visible after a higher one: read through `feed.reading`."""

    class Topic(models.TextChoices):
        INCIDENT = "incident"
        COMPLAINT = "complaint"
        BOX = "box"
        CAMERA = "camera"
        QUARANTINE = "quarantine"

    time = models.DateTimeField()
    topic = models.CharField(max_length=12, choices=Topic)
    ref = models.CharField(max_length=90)
    """Primary key of the thing, as text; a camera is `box/camera`."""
    what = models.CharField(max_length=24)
    """One word: opened, updated, active, clearing, cleared, state, …"""

    class Meta:
        indexes = [models.Index(fields=["time"], name="change_time")]

    def __str__(self) -> str:
        return f"{self.id}: {self.topic} {self.ref} {self.what}"


def record(topic: Change.Topic, ref: object, what: str, at: datetime) -> None:
    """Adds one change; call it inside the transaction that makes it."""
    Change.objects.create(time=at, topic=topic, ref=str(ref), what=what)
