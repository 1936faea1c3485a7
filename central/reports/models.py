"""What a citizen sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.complaints.models import Complaint
from central.incidents.kinds import Kind
from central.incidents.models import Incident

MAX_DESCRIPTION = 4000


class Report(models.Model):
    """One citizen's word about one problem. Rejecting or merging its incident leaves it as it is."""

    class Channel(models.TextChoices):
        OPEN311 = "open311", _("another system (Open311)")
        API = "api", _("another program (API)")
        WEB = "web", _("web page")
        EMAIL = "email", _("e-mail")
        GATEWAY = "gateway", _("short message")

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


class Photo(models.Model):
    """A citizen's photo, drawn anew (see `reports.photos`). It may show people: for the staff only.

    Without a report it is a draft, which whoever holds its token may attach to one; drafts are dropped after a day.
    """

    token = models.CharField(max_length=43, unique=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="photos")
    sha256 = models.CharField(max_length=64, db_index=True)
    """Its bytes are in the evidence store under this name."""
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    received = models.DateTimeField()
    taken = models.DateTimeField(null=True, blank=True)
    """What the telephone says; a telephone can say anything."""
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["received"], condition=Q(report__isnull=True), name="photo_drafts")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"photo {self.sha256[:12]}"


class Voice(models.Model):
    """What a citizen says about a complaint later. For the staff: nobody has read it before it would be public."""

    class Wish(models.TextChoices):
        COMMENT = "comment", _("comment")
        REOPEN = "reopen", _("asks to open it again")

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="voices")
    wish = models.CharField(max_length=8, choices=Wish)
    text = models.CharField(max_length=1000)
    sender = models.CharField(max_length=300)
    """As a report's."""
    time = models.DateTimeField()
    answered = models.DateTimeField(null=True, blank=True)
    """When somebody of the staff dealt with it."""
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["-time"], condition=Q(answered__isnull=True), name="voice_unanswered")]
        ordering = ["time", "pk"]

    def __str__(self) -> str:
        return f"{self.wish} about {self.complaint_id}"


class Allowance(models.Model):
    """How much somebody has used in a span of time; see `reports.limits`."""

    key = models.CharField(max_length=80, primary_key=True)
    since = models.DateTimeField()
    used = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["since"], name="allowance_since")]

    def __str__(self) -> str:
        return f"{self.key}: {self.used}"
