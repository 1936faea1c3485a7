"""Between the two steps of a login: the password was right, and nobody is logged in yet."""

from datetime import datetime, timedelta

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from central.accounts.logins import SECOND_FACTOR

KEY = "pending_login"
LASTS = timedelta(minutes=10)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin(request: HttpRequest, user: User, destination: str, now: datetime) -> None:
    """Remembers who gave the right password, and the page that was asked for; the session gets a new key."""
    request.session.cycle_key()
    request.session[KEY] = {
        "user": user.pk,
        "began": now.timestamp(),
        "destination": destination,
        "password": user.get_session_auth_hash(),
    }


def user_of(request: HttpRequest, now: datetime) -> User | None:
    """Who gave it; None once that is too long ago, or the account or its password has changed since."""
    kept = request.session.get(KEY)
    if kept is None or now.timestamp() - kept["began"] > LASTS.total_seconds():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["password"], user.get_session_auth_hash()):
        return None
    return user


def complete(request: HttpRequest, user: User) -> str:
    """Logs in, and gives the page that was asked for, or nothing."""
    destination: str = request.session.pop(KEY)["destination"]
    request.session[SECOND_FACTOR] = True
    login(request, user, backend=BACKEND)
    return destination
