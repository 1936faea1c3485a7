"""Who asks: Django's answer, unless the login has run out."""

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from central.accounts import logins
from central.accounts.roles import Actor, Role, actor_of

WATCHERS = frozenset({Role.OPERATOR})
"""Their wall is looked at, not clicked: what it fetches by itself keeps their login awake."""


class StaffAuthentication(AuthenticationMiddleware):
    """Asked only when a page wants to know, so that answers for everybody stay the same for everybody."""

    def process_request(self, request: HttpRequest) -> None:
        """Sets `request.user` and `request.auser`."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _current(request))
        request.auser = sync_to_async(lambda: _current(request))


def actor_behind(request: HttpRequest) -> Actor:
    """The actor who asks: looked up once for each request."""
    return _actor_behind(request, request.user)


def _actor_behind(request: HttpRequest, user: User | AnonymousUser) -> Actor:
    known = getattr(request, "_actor_of_user", None)
    if known is None or known[0] != user.pk:  # somebody may log in or out meanwhile
        known = (user.pk, actor_of(user))
        request._actor_of_user = known
    return known[1]


def _current(request: HttpRequest) -> User | AnonymousUser:
    if not hasattr(request, "_current_user"):
        request._current_user = _found(request)
    return request._current_user


def _found(request: HttpRequest) -> User | AnonymousUser:
    user = get_user(request)
    if not user.is_authenticated:
        return user
    now = timezone.now()
    why = logins.run_out(request.session, now)
    if why is not None:
        logins.end(request.session.session_key, why, now)
        request.user = user  # for those who listen to the logout
        logout(request)
        return AnonymousUser()
    if _is_done_by_hand(request) or _actor_behind(request, user).role in WATCHERS:
        logins.touch(request.session, now)
    return user


def _is_done_by_hand(request: HttpRequest) -> bool:
    """Not a page that refreshes itself, nor a stream that comes again."""
    by_itself = request.method == "GET" and "HX-Request" in request.headers
    return not by_itself and "text/event-stream" not in request.headers.get("Accept", "")
