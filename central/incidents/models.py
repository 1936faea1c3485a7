"""Policy, incident and episode."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.boxes.models import Box, Camera
from central.incidents.kinds import Kind
from contract.kinds import Closing, Phase

SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]
SEVERITY = [MinValueValidator(1), MaxValueValidator(4)]


class Policy(models.Model):
    """What happens with incidents of one kind: when they count, when they become a complaint, when they are over."""

    class Mode(models.TextChoices):
        AUTO = "auto", _("automatic")
        REVIEW = "review", _("an operator confirms")

    kind = models.CharField(max_length=12, choices=Kind, primary_key=True)
    mode = models.CharField(max_length=6, choices=Mode, default=Mode.AUTO)
    min_confidence = models.FloatField(default=0.5, validators=SHARE)
    min_severity = models.PositiveSmallIntegerField(default=1, validators=SEVERITY)
    active_for_s = models.PositiveIntegerField(default=60)
    """A complaint opens when the incident has been active for so long."""
    hold_s = models.PositiveIntegerField(default=600)
    """After the last episode closed, so long without a new one and the incident is cleared."""

    class Meta:
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return f"{self.kind}: {self.mode}"


class Incident(models.Model):
    """The real-world thing: the episodes that belong together, under one key.

    All its times but `updated` are times of the looks that decided (event time), so that a message that comes late
    or twice changes nothing.
    """

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        ACTIVE = "active", _("active")
        CLEARING = "clearing", _("clearing")
        CLEARED = "cleared", _("cleared")
        CLOSED = "closed", _("closed")

    OPEN_STATES = (State.CANDIDATE, State.ACTIVE, State.CLEARING)

    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=200)
    """kind + anchor, see `incidents.anchors`; at most one open incident has it."""
    state = models.CharField(max_length=10, choices=State, default=State.CANDIDATE)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="incidents")
    """The camera that saw it first."""
    zone = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=120, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    severity = models.PositiveSmallIntegerField()
    """The worst so far, 1 to 4."""
    confidence = models.FloatField()
    """The highest so far."""
    reason = models.CharField(max_length=500)
    """The box's latest sentence."""
    measures = models.JSONField(default=dict)
    """Of the latest event; keys and units as contract.events.Measures."""
    began = models.DateTimeField()
    active_since = models.DateTimeField(null=True, blank=True)
    confirmed = models.DateTimeField(null=True, blank=True)
    """When an operator confirmed it (policies in review mode, or below the policy's confidence)."""
    confirmed_by = models.CharField(max_length=150, blank=True)
    clearing_since = models.DateTimeField(null=True, blank=True)
    hold_until = models.DateTimeField(null=True, blank=True)
    cleared = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    complaint_due = models.DateTimeField(null=True, blank=True)
    """When its complaint opens; empty before it counts and after it was opened."""
    complaint_opened = models.DateTimeField(null=True, blank=True)
    blind_since = models.DateTimeField(null=True, blank=True)
    """Since when nobody sees it any more (an episode was lost, not closed); it stays open until somebody looks."""
    updated = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=["candidate", "active", "clearing"]), name="incident_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["state", "-began"], name="incident_state_began"),
            models.Index(fields=["hold_until"], condition=Q(state="clearing"), name="incident_hold"),
            models.Index(fields=["complaint_due"], condition=Q(complaint_due__isnull=False), name="incident_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether it holds its key."""
        return self.state in self.OPEN_STATES


class Episode(models.Model):
    """One continuous problem of one kind in one zone of one camera, as the box sees it. The id is the box's."""

    class Phase(models.TextChoices):
        CONFIRMED = Phase.CONFIRMED.value, _("confirmed")
        CLEARING = Phase.CLEARING.value, _("clearing")
        CLOSED = Phase.CLOSED.value, _("closed")

    class Closing(models.TextChoices):
        CLEARED = Closing.CLEARED.value, _("seen to be gone")
        LOST = Closing.LOST.value, _("lost from sight")

    id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="episodes")
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="+")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="episodes")
    kind = models.CharField(max_length=12, choices=Kind)
    zone = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=120, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    epoch = models.CharField(max_length=16)
    last_seq = models.BigIntegerField()
    phase = models.CharField(max_length=10, choices=Phase)
    closing = models.CharField(max_length=8, choices=Closing, blank=True)
    began = models.DateTimeField()
    seen = models.DateTimeField()
    """Time of the look behind the newest event."""
    qualified = models.DateTimeField(null=True, blank=True)
    """Earliest look that met the policy's confidence and severity."""
    severity = models.PositiveSmallIntegerField()
    worst_severity = models.PositiveSmallIntegerField()
    confidence = models.FloatField()
    """The highest so far."""
    reason = models.CharField(max_length=500)
    measures = models.JSONField(default=dict)
    model_hashes = models.JSONField(default=dict)
    """Name of model → sha256, of the newest event."""
    config = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["camera", "zone", "-seen"], name="episode_camera_zone")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.phase})"
