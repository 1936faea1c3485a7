"""Who follows what."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.incidents.models import Incident

EMAIL = "email"


class Follower(models.Model):
    """One address that wants to know what becomes of one incident. Deleted some time after that is over."""

    class State(models.TextChoices):
        ASKED = "asked", _("not yet confirmed")
        FOLLOWING = "following", _("following")
        STOPPED = "stopped", _("stopped")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="followers")
    via = models.CharField(max_length=40, default=EMAIL)
    """`email`, or the name of a gateway (see `channels.models`)."""
    address = models.CharField(max_length=254)
    token = models.CharField(max_length=43, unique=True)
    """In the links of its letters: whoever has it may confirm and stop."""
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    asked = models.DateTimeField()
    changed = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "via", "address"], name="follower_once")]
        indexes = [
            models.Index(fields=["incident"], condition=Q(state="following"), name="follower_following"),
            models.Index(fields=["changed"], name="follower_changed"),
        ]

    def __str__(self) -> str:
        return f"follower {self.pk} of incident {self.incident_id}"
