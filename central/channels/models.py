"""Who may hand messages in, and which were handed in already."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from central.outbox.addresses import checked_url
from central.reports.models import Report


class Gateway(models.Model):
    """A system that speaks SMS, WhatsApp or the like for citizens; see docs/gateways.md."""

    name = models.CharField(max_length=20, primary_key=True, validators=[RegexValidator(r"^[a-z][a-z0-9-]*\Z")])
    """`sms`, `whatsapp`, …; in its address here, and what its citizens' messages are told apart by."""
    address = models.CharField(max_length=300)
    """Where it takes what goes to citizens."""
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.name} → {self.address}"

    def clean(self) -> None:
        """An address nothing can be delivered to is refused here."""
        if self.name == "email":
            raise ValidationError({"name": "e-mail needs no gateway"})
        try:
            checked_url(self.address)
        except ValueError as error:
            raise ValidationError({"address": str(error)}) from error


class Received(models.Model):
    """A message that was taken: whoever hands it in again changes nothing."""

    key = models.CharField(max_length=80, primary_key=True)
    time = models.DateTimeField()
    report = models.ForeignKey(Report, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """What became of it; empty: a question, or something that was not understood."""

    class Meta:
        indexes = [models.Index(fields=["time"], name="received_time")]

    def __str__(self) -> str:
        return self.key
