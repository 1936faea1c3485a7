"""Which agency an officer works for. Roles are Django groups, see `accounts.roles`."""

from django.conf import settings
from django.db import models

from central.routing.models import Agency


class Membership(models.Model):
    """An officer belongs to one agency and sees its complaints."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="members")

    def __str__(self) -> str:
        return f"{self.user} @ {self.agency_id}"
