"""Logins of the staff: when they began, when they end by themselves, and how all of a person's are ended at once."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from central.accounts.models import Login
from central.security.clients import client_address

BEGAN, SEEN, SECOND_FACTOR = "login_began", "login_seen", "login_second_factor"
"""In the session, as seconds since 1970; looked at with every request, so not in a table of their own."""
TOUCH_EVERY = timedelta(minutes=1)
KEPT_FOR = timedelta(days=400)


def listen() -> None:
    """Django's own signals, so that no way in is forgotten."""
    user_logged_in.connect(_began, dispatch_uid="staff login began")
    user_logged_out.connect(_logged_out, dispatch_uid="staff login ended")


def standing(user: User) -> QuerySet[Login]:
    """Those of a person that have not ended, newest first."""
    return Login.objects.filter(user=user, ended__isnull=True).order_by("-began")


def run_out(session: SessionBase, now: datetime) -> Login.Ending | None:
    """Why this session has run out; None while it has not. One of unknown age has."""
    began, seen = _moment(session, BEGAN), _moment(session, SEEN)
    if began is None or seen is None or now - began >= settings.LOGIN_LASTS:
        return Login.Ending.AGE
    return Login.Ending.IDLE if now - seen >= settings.LOGIN_RESTS else None


def touch(session: SessionBase, now: datetime) -> None:
    """Somebody did something: written down once a minute."""
    seen = _moment(session, SEEN)
    if seen is not None and now - seen < TOUCH_EVERY:
        return
    session[SEEN] = now.timestamp()
    Login.objects.filter(session_key=session.session_key).update(seen=now)


def end(session_key: str | None, how: Login.Ending, now: datetime) -> None:
    """Writes down that it ended; the session itself is the caller's to end."""
    Login.objects.filter(session_key=session_key, ended__isnull=True).update(ended=now, ending=how)


def end_all(user: User, now: datetime, *, but: str | None = None) -> int:
    """Ends every session of a person at once, except the one with this key; returns how many."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ending = standing(user).exclude(session_key=but)
    keys = list(ending.values_list("session_key", flat=True))
    for key in keys:
        store(key).delete()
    ending.filter(session_key__in=keys).update(ended=now, ending=Login.Ending.EVERYWHERE)
    return len(keys)


def moved(old_key: str | None, new_key: str | None) -> None:
    """The same login under a new session key."""
    Login.objects.filter(session_key=old_key).update(session_key=new_key)


def forget(now: datetime, at_once: int) -> None:
    """Drops what is no longer needed to find out who was in."""
    old = Login.objects.filter(began__lt=now - KEPT_FOR).order_by("began").values_list("pk", flat=True)
    Login.objects.filter(pk__in=list(old[:at_once])).delete()


def _began(sender: Any, request: HttpRequest, user: User, **_more: Any) -> None:  # noqa: ARG001 — a signal's
    now = timezone.now()
    session = request.session
    if session.session_key is None:
        session.create()
    session[BEGAN] = session[SEEN] = now.timestamp()
    Login.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": user,
            "began": now,
            "seen": now,
            "address": client_address(request),
            "browser": request.headers.get("User-Agent", "")[:200],
            "second_factor": bool(session.get(SECOND_FACTOR)),
            "ended": None,
            "ending": "",
        },
    )


def _logged_out(sender: Any, request: HttpRequest, user: User | None, **_more: Any) -> None:  # noqa: ARG001
    if user is not None:
        end(request.session.session_key, Login.Ending.LOGOUT, timezone.now())


def _moment(session: SessionBase, name: str) -> datetime | None:
    value = session.get(name)
    return None if value is None else datetime.fromtimestamp(value, UTC)
