"""A silence: looks it covers do not count."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from central.boxes.models import Camera
from central.incidents.kinds import Kind
from central.silences.areas import check_ring


class Silence(models.Model):
    """What it names must match, what it leaves empty matches everything; it must name something."""

    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, null=True, blank=True, related_name="silences")
    zone = models.CharField(max_length=40, blank=True)
    """Of the camera."""
    area = models.JSONField(default=list, blank=True, validators=[check_ring])
    """Corners [lon, lat]; see `silences.areas`."""
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    reason = models.CharField(max_length=300)
    created = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_early_by = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["-begins", "-pk"]
        indexes = [models.Index(fields=["ends"], name="silence_ends")]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="silence_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(reason=""), name="silence_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"silence {self.pk}: {self.kind or '*'} {self.camera or ''}{f'/{self.zone}' if self.zone else ''}"

    def clean(self) -> None:
        """What the fields together must fulfil."""
        if not (self.kind or self.camera_id or self.area):
            raise ValidationError(_("A silence names a kind, a camera or an area: it cannot hide everything."))
        if self.zone and self.camera_id is None:
            raise ValidationError(_("A zone is that of a camera: choose the camera too."))
        if self.begins and self.ends and self.ends <= self.begins:
            raise ValidationError(_("A silence ends after it begins."))

    def covers(self, moment: datetime) -> bool:
        """Whether it holds then."""
        return self.begins <= moment < self.ends
