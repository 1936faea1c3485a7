"""Whom to write to, and what is on its way."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, validate_email
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.outbox.addresses import checked_url
from central.routing.models import Agency


class Channel(models.TextChoices):
    """How something leaves."""

    EMAIL = "email", _("e-mail")
    WEBHOOK = "webhook", _("webhook")
    CRM = "crm", _("another system (Open311)")
    HOOK = "hook", _("subscribed webhook")


FOR_PEOPLE = (Channel.EMAIL, Channel.WEBHOOK)
"""Those by which contacts are reminded."""


class Contact(models.Model):
    """Somebody who is reminded: officers from level 1, the head of an agency from 2, the city's own desk (no agency) as
    a rule from 3."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts")
    """Empty: the city; hears of every agency's complaints."""
    channel = models.CharField(max_length=8, choices=[(each.value, each.label) for each in FOR_PEOPLE])
    address = models.CharField(max_length=300)
    level = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    """Hears of escalation from this level on."""
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "address"], name="contact_once"),
            models.UniqueConstraint(fields=["address"], condition=Q(agency__isnull=True), name="contact_of_city_once"),
        ]
        ordering = ["agency", "level", "address"]

    def __str__(self) -> str:
        return f"{self.agency_id or 'city'}: {self.address}"

    def clean(self) -> None:
        """An address nothing can be delivered to is refused here, not by the relay."""
        if self.channel == Channel.EMAIL:
            validate_email(self.address)
            return
        try:
            checked_url(self.address)
        except ValueError as error:
            raise ValidationError({"address": str(error)}) from error


class Outgoing(models.Model):
    """One message to one address."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DEAD = "dead", _("undeliverable")

    key = models.CharField(max_length=200, unique=True)
    """Idempotency key: whatever happens twice, the message is written once; the receiver is told it, too."""
    channel = models.CharField(max_length=8, choices=Channel)
    address = models.CharField(max_length=300)
    content = models.JSONField()
    """E-mail: {"subject", "text"} and further "headers", by name; webhook: the body."""
    created = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    next_attempt = models.DateTimeField()
    """While somebody delivers it: when it counts as abandoned."""
    attempts = models.PositiveIntegerField(default=0)
    finished = models.DateTimeField(null=True, blank=True)
    """When it was sent or given up."""
    error = models.CharField(max_length=300, blank=True)
    """Of the last attempt that failed."""

    class Meta:
        verbose_name_plural = "outgoing"
        indexes = [
            models.Index(fields=["next_attempt"], condition=Q(state="waiting"), name="outgoing_waiting"),
            models.Index(fields=["state", "-finished"], name="outgoing_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.address} ({self.state})"
