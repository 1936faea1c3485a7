"""Incident kinds as people here call them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contract.kinds import IncidentKind


class Kind(models.TextChoices):
    """The wire's closed list with its translations."""

    JAM = IncidentKind.JAM.value, _("traffic jam")
    FLOOD = IncidentKind.FLOOD.value, _("flooding")
    VENDING = IncidentKind.VENDING.value, _("illegal vending")
    PARKING = IncidentKind.PARKING.value, _("illegal parking")
    CAMERA_FAULT = IncidentKind.CAMERA_FAULT.value, _("camera fault")
