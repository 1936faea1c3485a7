"""Policy, incident and episode."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.boxes.models import Box, Camera
from central.choices import SpokenChoices
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
    reopen_s = models.PositiveIntegerField(default=900)
    """For so long after it was cleared, a new episode brings the same incident back instead of opening another one."""
    join_m = models.PositiveSmallIntegerField(default=100, validators=[MaxValueValidator(1000)])
    """An episode joins an open incident within so many metres; 0: only one of the same place."""
    unknown_after_s = models.PositiveIntegerField(default=3 * 3600)
    """When nobody has seen it for so long, an operator must find out how things stand."""
    asks_in_doubt = models.BooleanField(default=False)
    """What is below the confidence waits for an operator, not only for a better look."""

    class Meta:
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return f"{self.kind}: {self.mode}"


class Incident(SpokenChoices, models.Model):
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
        SUPPRESSED = "suppressed", _("silenced")
        UNKNOWN = "unknown", _("out of sight")
        REJECTED = "rejected", _("rejected")
        MERGED = "merged", _("merged")

    OPEN_STATES = (State.CANDIDATE, State.ACTIVE, State.SUPPRESSED, State.CLEARING, State.UNKNOWN)
    OVER_STATES = (State.CLEARED, State.CLOSED)

    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=200)
    """kind + anchor, see `incidents.anchors`; at most one open incident has it."""
    state = models.CharField(max_length=10, choices=State, default=State.CANDIDATE)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents")
    """The camera that saw it first; none: a citizen told of it before any camera did."""
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
    """Since when nobody sees it any more: an episode was lost, not closed, or its cameras are blind. It stays open
    until somebody looks."""
    sighted = models.DateTimeField(null=True, blank=True)
    """When an operator last found it still there."""
    silenced_until = models.DateTimeField(null=True, blank=True)
    """While it is suppressed: when the silence or permit that hides it ends."""
    ruling = models.CharField(max_length=9, blank=True)
    """Vending only: what permits say of it, `permits.law.Answer`."""
    ruling_reason = models.JSONField(default=dict)
    """`permits.law.Ruling` as JSON."""
    ruling_until = models.DateTimeField(null=True, blank=True)
    """When they say something else."""
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed")
    """The incident that stands for this one too; never one that is itself merged."""
    updated = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state__in=["candidate", "active", "suppressed", "clearing", "unknown"]),
                name="incident_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | (~Q(state="merged") & Q(merged_into=None)),
                name="incident_merged_into_something",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-began"], name="incident_state_began"),
            models.Index(
                fields=["-began", "id", "state"],
                condition=Q(state__in=["candidate", "active", "suppressed", "clearing", "unknown"]),
                name="incident_open_newest",
            ),
            models.Index(
                fields=["-severity", "-began", "id"],
                condition=Q(state__in=["candidate", "active", "suppressed", "clearing", "unknown"]),
                name="incident_open_worst",
            ),
            models.Index(fields=["hold_until"], condition=Q(state="clearing"), name="incident_hold"),
            models.Index(fields=["complaint_due"], condition=Q(complaint_due__isnull=False), name="incident_due"),
            models.Index(fields=["silenced_until"], condition=Q(state="suppressed"), name="incident_silenced"),
            models.Index(fields=["ruling_until"], condition=Q(ruling_until__isnull=False), name="incident_ruling"),
            models.Index(fields=["blind_since"], condition=Q(blind_since__isnull=False), name="incident_blind"),
            models.Index(
                fields=["kind", "lat", "lon"],
                condition=Q(state__in=["candidate", "active", "suppressed", "clearing", "unknown"]),
                name="incident_near",
            ),
            models.Index(fields=["kind", "cleared"], name="incident_kind_cleared"),
            models.Index(fields=["key"], condition=Q(state="merged"), name="incident_merged_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether it holds its key."""
        return self.state in self.OPEN_STATES


class Decision(models.Model):
    """What a person decided about an incident, and why; written once."""

    class Action(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", _("Acknowledged")
        CONFIRM = "confirm", _("Confirmed")
        REJECT = "reject", _("Rejected: not real")
        MERGE = "merge", _("Merged")
        UNMERGE = "unmerge", _("Taken apart again")
        STILL_THERE = "still_there", _("Found still there")
        GONE = "gone", _("Found gone")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="decisions")
    time = models.DateTimeField()
    actor = models.CharField(max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    action = models.CharField(max_length=12, choices=Action)
    reason = models.CharField(max_length=500, blank=True)
    other = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The incident it was merged into or taken out of."""

    class Meta:
        ordering = ["time", "pk"]

    def __str__(self) -> str:
        return f"{self.action} of incident {self.incident_id} by {self.actor}"


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
    within_m = models.FloatField(null=True, blank=True)
    """How precise that is; empty: it is the camera's own place."""
    doubt = models.CharField(max_length=300, blank=True)
    """Of the newest event: why the box, by its own permits, leaves it to a person."""
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
        indexes = [
            models.Index(fields=["camera", "zone", "-seen"], name="episode_camera_zone"),
            models.Index(
                fields=["camera"], condition=Q(kind="camera_fault") & ~Q(phase="closed"), name="episode_open_fault"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.phase})"
