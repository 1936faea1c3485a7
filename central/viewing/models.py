"""A look at a picture, and a reason given for looking at what is not one's work."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from central.boxes.models import Camera
from central.complaints.models import Complaint
from central.incidents.models import Incident


class ViewingIsWrittenOnce(Exception):  # noqa: N818 — a rule by its name
    """Somebody tried to change or delete who looked at what."""


class Viewing(models.Model):
    """One picture on one page that one person opened. Written by `viewing.recording`, dropped by its age."""

    class Page(models.TextChoices):
        WALL = "wall", _("live wall")
        LIST = "list", _("list of complaints")
        INCIDENT = "incident", _("page of an incident")
        COMPLAINT = "complaint", _("page of a complaint")
        FILE = "file", _("opened by its address")
        CAMERA = "camera", _("page of a camera")
        FRESH = "fresh", _("fresh picture of a camera")

    class Subject(models.TextChoices):
        EVIDENCE = "evidence", _("evidence")
        PHOTO = "photo", _("a citizen’s photo")
        STILL = "still", _("picture of a camera")

    time = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    """The name then."""
    role = models.CharField(max_length=10)
    agency = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    subject = models.CharField(max_length=10, choices=Subject, default=Subject.EVIDENCE)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty: a camera was looked at for its own sake."""
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Of a still that somebody asked for; other pictures have theirs in what they belong to."""
    page = models.CharField(max_length=10, choices=Page)
    reason = models.CharField(max_length=300, blank=True)
    """As it was given; empty: it was one's work, and the page says which."""

    class Meta:
        ordering = ["-time", "-pk"]
        indexes = [
            models.Index(fields=["-time", "-id"], name="viewing_time"),
            models.Index(fields=["user", "sha256", "-time"], name="viewing_user_sha256"),
            models.Index(fields=["sha256", "-time"], name="viewing_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} saw {self.sha256[:12]} ({self.page})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Inserts only."""
        if not self._state.adding:
            raise ViewingIsWrittenOnce(f"viewing {self.pk} is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002 — the signature is Django's
        """Never by itself."""
        raise ViewingIsWrittenOnce(f"viewing {self.pk} stays")


class Purpose(models.Model):
    """Why somebody must see what is not the own work, and for how long that counts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Empty: whatever this person may open at all."""
    reason = models.CharField(max_length=300)
    given = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-until"], name="purpose_user_until")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.reason}"
