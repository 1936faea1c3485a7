"""How often somebody may try a login: by name and address, and by address alone."""

from datetime import datetime, timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest

ADDRESS_FACTOR = 10
"""One address may fail so many times as often as one name from it: a whole city hall may share an address, but one
password tried on a list of names is noticed."""


class LoginThrottle(AxesDatabaseHandler):
    """django-axes with a second, wider limit for an address; never a name alone, or anybody could lock anybody out."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """In units of AXES_FAILURE_LIMIT."""
        of_name, of_address = (
            attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(of_name, of_address // ADDRESS_FACTOR)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """A good login forgives its own name only: whoever has one login cannot guess on at others with it."""
        of_name, _of_address = self.filter_user_attempts(request, credentials)
        return of_name.delete()[0]


def locked_for(address: str | None, name: str, now: datetime) -> timedelta:
    """How long until this name may try again from this address."""
    cool_off: timedelta = settings.AXES_COOLOFF_TIME
    recent = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=now - cool_off)
    of_name = recent.filter(username=name).aggregate(last=Max("attempt_time"))["last"]
    last = of_name or recent.aggregate(last=Max("attempt_time"))["last"] or now
    return last + cool_off - now
