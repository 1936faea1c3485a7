"""Which agency works in which CRM, and what was sent there."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.complaints.models import Complaint
from central.forwarding.meaning import faults_of_rules
from central.incidents.kinds import Kind
from central.outbox.addresses import checked_url
from central.routing.models import Agency

KEY_NAME = RegexValidator(r"^SIGAP_CRM_[A-Z0-9_]{1,40}$", "the name of a variable that begins with SIGAP_CRM_")


class Crm(models.Model):
    """Where an agency's complaints are sent on to."""

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, primary_key=True, related_name="crm")
    endpoint = models.CharField(max_length=300)
    """Without the slash at its end: …/open311/v2."""
    jurisdiction = models.CharField(max_length=100, blank=True)
    key_name = models.CharField(max_length=60, blank=True, validators=[KEY_NAME])
    """Environment variable with the api_key (or, with _FILE behind it, the file that holds it): no key is kept here."""
    services = models.JSONField(default=dict)
    """Kind → its service_code there; kinds that are not named are not sent."""
    notes = models.JSONField(default=list, blank=True)
    """Rules of this CRM's own before ours, see `forwarding.meaning`: [status, regular expression, meaning]."""
    poll_s = models.PositiveIntegerField(default=300, validators=[MinValueValidator(10)])
    """It is asked how things stand this often."""
    active = models.BooleanField(default=True)
    polled = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    """Of the last time it was asked."""

    class Meta:
        verbose_name = "CRM"

    def __str__(self) -> str:
        return f"{self.agency_id} → {self.endpoint}"

    def clean(self) -> None:
        """Refuses here what could only fail later."""
        try:
            checked_url(self.endpoint)
        except ValueError as error:
            raise ValidationError({"endpoint": str(error)}) from error
        if unknown := set(self.services) - set(Kind.values):
            raise ValidationError({"services": f"no such kind: {', '.join(sorted(unknown))}"})
        if faults := list(faults_of_rules(self.notes)):
            raise ValidationError({"notes": faults})


class Forwarded(models.Model):
    """One request there for one complaint here. A complaint that comes back unsolved is sent once more."""

    class State(models.TextChoices):
        WAITING = "waiting", _("on its way")
        FOLLOWED = "followed", _("followed")
        CLOSED = "closed", _("closed there")
        UNCLEAR = "unclear", _("an operator must read it")
        LEFT = "left", _("no longer that agency’s")

    LIVE = (State.WAITING, State.FOLLOWED)

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="forwarded")
    crm = models.ForeignKey(Crm, on_delete=models.PROTECT, related_name="forwarded")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tried = models.DateTimeField(null=True, blank=True)
    """When it was first sent: an answer may have been lost on the way."""
    token = models.CharField(max_length=200, blank=True)
    """Of a CRM that gives the id later."""
    request_id = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, blank=True)
    status_notes = models.TextField(blank=True)
    """As the CRM last told them."""
    changed = models.DateTimeField()
    """When we last learned something new."""

    class Meta:
        verbose_name_plural = "forwarded"
        constraints = [models.UniqueConstraint(fields=["complaint", "crm", "round"], name="forwarded_once_a_round")]
        indexes = [
            models.Index(fields=["crm", "changed"], condition=Q(state="followed"), name="forwarded_followed"),
            models.Index(fields=["-changed"], condition=Q(state="unclear"), name="forwarded_unclear"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} at {self.crm_id}, {self.round}"
