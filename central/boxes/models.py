"""Box, camera and zone. Identity and key are the centre's; everything else is what the box last said."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.choices import SpokenChoices
from contract.kinds import BoxState, CameraState, ZoneKind

SILENT_AFTER_INTERVALS = 3
DEFAULT_INTERVAL_S = 10.0


class Box(SpokenChoices, models.Model):
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
    desired = models.PositiveIntegerField(null=True, blank=True)
    """Number of the version it runs; None: its own file alone."""
    refused = models.JSONField(default=dict, blank=True)
    """As `contract.desired.Refusal`: what it would not take, and why; empty: nothing."""
    certificate_until = models.DateTimeField(null=True, blank=True)

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


class Camera(SpokenChoices, models.Model):
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
    purpose = models.JSONField(null=True, blank=True)
    """What its box lets it serve; None: everything."""
    settings = models.JSONField(null=True, blank=True)
    """What it is looked at for, in force, as its box said; see `contract.settings.camera.CameraSettings`."""
    digest = models.CharField(max_length=40, blank=True)
    """Of `settings`, by the box."""

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


class DesiredVersion(models.Model):
    """What the centre wants of one box, whole, from one decision to the next. Written once; the newest counts."""

    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    """`cameras` and `models` as in `contract.desired.Desired`; permits are put in when it is sent."""
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, null=True, blank=True, related_name="versions")
    """Which one it was about; empty: the whole box."""
    made = models.DateTimeField()
    by = models.CharField(max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(max_length=300, blank=True)
    restores = models.PositiveIntegerField(null=True, blank=True)
    """Number of the version that an undo went back to."""
    sent = models.DateTimeField(null=True, blank=True)
    """Last time it was published; empty: it is due."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "number"], name="desired_number_in_box")]
        indexes = [models.Index(fields=["box"], condition=Q(sent__isnull=True), name="desired_due")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.box_id} {self.number}"
