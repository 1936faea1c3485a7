"""Who may open which page. What an actor may see inside it is the business of `complaints.access`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from central.accounts.authentication import actor_behind
from central.accounts.roles import AGENCY_ROLES, Actor, Role

View = Callable[..., HttpResponse]

OPERATORS = (Role.OPERATOR, Role.ADMIN)
READERS = (*OPERATORS, Role.AUDITOR)
OFFICERS = (*sorted(AGENCY_ROLES), Role.ADMIN)


def only(*roles: Role) -> Callable[[View], View]:
    """Lets these roles in, with the actor as the view's second argument; strangers go to the login page.

    Raises (from the view): PermissionDenied for somebody who is logged in with another role.
    """

    def decorate(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_login(request)
            actor = actor_behind(request)
            if actor.role not in roles:
                raise PermissionDenied
            return view(request, actor, *args, **kwargs)

        return guarded

    return decorate


def home_of(actor: Actor) -> str:
    """The page an actor begins the day with."""
    if actor.role in OPERATORS:
        return resolve_url("wall")
    if actor.role in AGENCY_ROLES:
        return resolve_url("queue")
    if actor.role is Role.AUDITOR:
        return resolve_url("evidence-viewings")
    return resolve_url("start")


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.htmx:  # a part of a page whose session has ended: the whole page must go to the login
        back = request.htmx.current_url_abs_path or resolve_url("start")
        return HttpResponseClientRedirect(f"{resolve_url('login')}?next={back}")
    return redirect_to_login(request.get_full_path())
