"""What a citizen sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from central.incidents.kinds import Kind
from central.incidents.models import Incident

MAX_DESCRIPTION = 4000


class Report(models.Model):
    """One citizen's word about one problem. Rejecting or merging its incident leaves it as it is."""

    class Channel(models.TextChoices):
        OPEN311 = "open311", _("another system (Open311)")
        API = "api", _("another program (API)")

    tracking = models.CharField(max_length=12, unique=True)
    """As a complaint's: cannot be guessed."""
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    first = models.BooleanField()
    """It opened its incident; whoever confirmed that one has read this report."""
    kind = models.CharField(max_length=12, choices=Kind)
    description = models.CharField(max_length=MAX_DESCRIPTION, blank=True)
    address = models.CharField(max_length=300, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    channel = models.CharField(max_length=10, choices=Channel)
    sender = models.CharField(max_length=300)
    """Who sent it, as finely as is known (see `reports.taking.Sent`); never public."""
    contact = models.JSONField(default=dict, blank=True)
    """What the citizen gave of name, email and phone; never public."""
    attributes = models.JSONField(default=dict, blank=True)
    """What else was asked of this kind, by its code; see `open311.attributes`."""
    media_url = models.CharField(max_length=500, blank=True)
    """A picture that lies elsewhere. Never fetched from here, never public: only operators are shown the link."""
    received = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    """How often the same sender sent the same thing."""
    last_received = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-received"], name="report_received"),
            models.Index(fields=["sender", "kind", "-received"], name="report_sender"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} report {self.pk}"

    @property
    def standing_incident(self) -> Incident:
        """Its incident, or the one that one was merged into."""
        return self.incident.merged_into or self.incident

    @property
    def was_read(self) -> bool:
        """Whether an operator has read its words and found them true: before that they are nobody else's to read."""
        return self.first and self.incident.confirmed is not None
