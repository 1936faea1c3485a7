"""Which agency an officer works for, and the logins of the staff. Roles are Django groups, see `accounts.roles`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.routing.models import Agency


class Membership(models.Model):
    """An officer belongs to one agency and sees its complaints."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="members")

    def __str__(self) -> str:
        return f"{self.user} @ {self.agency_id}"


class Login(models.Model):
    """One person in one browser, from the login to its end."""

    class Ending(models.TextChoices):
        LOGOUT = "logout", _("logged out")
        IDLE = "idle", _("nothing was done for too long")
        AGE = "age", _("too long ago")
        EVERYWHERE = "everywhere", _("signed out everywhere")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="logins")
    session_key = models.CharField(max_length=40, unique=True)
    began = models.DateTimeField()
    seen = models.DateTimeField()
    """When something was last done, to the minute."""
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    second_factor = models.BooleanField(default=False)
    """With a code from the telephone, or a backup code."""
    ended = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-began"], name="login_user_began"),
            models.Index(fields=["user"], condition=Q(ended__isnull=True), name="login_standing"),
            models.Index(fields=["began"], name="login_began"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.began:%Y-%m-%d %H:%M}"
