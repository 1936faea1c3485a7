"""Two sides of evidence: `Blob` is bytes that arrived, `Exhibit` is a signed statement that names them.

Either may come first. A blob that no exhibit names is unclaimed: no page shows it, and it is dropped after a while.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.boxes.models import Box, Camera
from central.incidents.models import Episode
from contract.kinds import EvidenceRole


class Blob(models.Model):
    """Bytes in the evidence store, under their sha256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=20)
    """From the bytes themselves."""
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="+")
    arrived = models.DateTimeField()
    claimed = models.DateTimeField(null=True, blank=True)
    """When a signed manifest first named it."""

    class Meta:
        indexes = [
            models.Index(fields=["box", "arrived"], condition=Q(claimed__isnull=True), name="blob_unclaimed"),
            models.Index(fields=["box", "-arrived"], name="blob_box_arrived"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class ExhibitManager(models.Manager["Exhibit"]):
    """Says of each exhibit whether its bytes have arrived: asked, not stored, because either side may commit first."""

    def get_queryset(self) -> models.QuerySet["Exhibit"]:
        """Adds `arrived`."""
        blob = Blob.objects.filter(sha256=models.OuterRef("sha256"))
        return super().get_queryset().annotate(arrived=models.Exists(blob))


class Exhibit(models.Model):
    """A masked still or clip of one episode, as its box signed for it."""

    class Role(models.TextChoices):
        OPENED = EvidenceRole.OPENED.value, _("at the beginning")
        WORST = EvidenceRole.WORST.value, _("at the worst moment")
        CLOSED = EvidenceRole.CLOSED.value, _("at the end")
        ASKED = EvidenceRole.ASKED.value, _("when the camera looked again")

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="exhibits")
    sha256 = models.CharField(max_length=64, db_index=True)
    role = models.CharField(max_length=8, choices=Role)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="+")
    time = models.DateTimeField()
    manifest = models.JSONField()
    """As signed, with models and configuration."""
    signature = models.CharField(max_length=128)

    objects = ExhibitManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "sha256", "role"], name="exhibit_once")]
        ordering = ["time", "id"]

    def __str__(self) -> str:
        return f"{self.role} {self.media_type} {self.sha256[:12]}"

    @property
    def is_still(self) -> bool:
        """A picture rather than a clip."""
        return self.media_type == "image/jpeg"
