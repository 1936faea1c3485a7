"""Box, camera and zone. Identity and key are the centre's; everything else is what the box last said."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contract.kinds import BoxState, CameraState, ZoneKind

SILENT_AFTER_INTERVALS = 3
DEFAULT_INTERVAL_S = 10.0


class Box(models.Model):
    """An edge computer beside a cluster of cameras, known since its enrolment."""

    class State(models.TextChoices):
        ONLINE = BoxState.ONLINE.value, _("online")
        OFFLINE = BoxState.OFFLINE.value, _("offline")

    id = models.CharField(max_length=40, primary_key=True)
    site = models.CharField(max_length=300, blank=True)
    public_key = models.CharField(max_length=64)
    """Base64 of the Ed25519 key that signs this box's evidence."""
    enrolled = models.DateTimeField()
    key_renewed = models.DateTimeField(null=True, blank=True)

    state = models.CharField(max_length=8, choices=State, default=State.OFFLINE)
    state_since = models.DateTimeField(null=True, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    """When the last heartbeat reached the centre (centre's clock)."""
    interval_s = models.FloatField(default=DEFAULT_INTERVAL_S)
    clock_offset_s = models.FloatField(null=True, blank=True)
    """Box's clock minus the centre's at the last heartbeat."""
    epoch = models.CharField(max_length=16, blank=True)
    last_seq = models.BigIntegerField(null=True, blank=True)
    acked_seq = models.BigIntegerField(null=True, blank=True)
    outbox_age_s = models.FloatField(null=True, blank=True)
    config = models.CharField(max_length=300, blank=True)
    software = models.CharField(max_length=300, blank=True)
    model_hashes = models.JSONField(default=dict, blank=True)
    """Name of model → sha256."""
    reported = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "boxes"
        indexes = [models.Index(fields=["heartbeat"], condition=Q(state="online"), name="box_online_heartbeat")]

    def __str__(self) -> str:
        return self.id

    def is_silent(self, now: datetime) -> bool:
        """Whether three heartbeats are missing."""
        if self.heartbeat is None:
            return True
        return now - self.heartbeat > timedelta(seconds=SILENT_AFTER_INTERVALS * self.interval_s)


class Camera(models.Model):
    """A fixed view. `code` is its id on the wire, unique within its box."""

    class State(models.TextChoices):
        STREAMING = CameraState.STREAMING.value, _("streaming")
        STALLED = CameraState.STALLED.value, _("stalled")
        FAULTY = CameraState.FAULTY.value, _("faulty")
        DISABLED = CameraState.DISABLED.value, _("disabled")
        UNKNOWN = "unknown", _("unknown")

    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="cameras")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=300, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    listed = models.BooleanField(default=True)
    """False once the box's info no longer names it; its past stays."""
    state = models.CharField(max_length=10, choices=State, default=State.UNKNOWN)
    since = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "code"], name="camera_code_in_box")]

    def __str__(self) -> str:
        return f"{self.box_id}/{self.code}"

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.name or self.code


class Zone(models.Model):
    """A polygon in a camera's view, points in 0–1 of width and height."""

    class Kind(models.TextChoices):
        ROADWAY = ZoneKind.ROADWAY.value, _("roadway")
        NO_VENDING = ZoneKind.NO_VENDING.value, _("no vending")
        NO_PARKING = ZoneKind.NO_PARKING.value, _("no parking")
        WATER_GAUGE = ZoneKind.WATER_GAUGE.value, _("water gauge")
        IGNORE = ZoneKind.IGNORE.value, _("ignored")

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="zones")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind)
    place = models.CharField(max_length=120, blank=True)
    points = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["camera", "code"], name="zone_code_in_camera")]

    def __str__(self) -> str:
        return f"{self.camera_id}/{self.code}"
