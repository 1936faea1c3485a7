"""What every request passes: who calls, how often, with which parameters; and what every answer carries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from ninja.operation import Operation
from ninja.security import HttpBearer

from central.accounts.roles import NOBODY, Actor, Role, actor_of
from central.api import tokens
from central.api.limits import Minutes, Usage, network_of
from central.api.models import Token
from central.api.problems import (
    BAD_TOKEN,
    INVALID,
    NO_SCOPE,
    NO_SUCH_METHOD,
    NO_TOKEN,
    NOT_FOUND,
    TOO_MANY,
    Problem,
    answer,
)
from central.api.scopes import Scope
from central.security.loopback import is_loopback

View = Callable[..., HttpResponse]
MINUTES = Minutes()
CHALLENGE = 'Bearer realm="sigap"'

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the token's owner, or nobody."""

    actor: Actor
    token: Token | None

    def has(self, scope: Scope) -> bool:
        """Whether the token may be used for this."""
        return self.token is not None and scope.value in self.token.scopes

    def sees_as_staff(self, scope: Scope) -> bool:
        """Whether the owner's role decides what is shown; else it is what the public may know."""
        return self.has(scope) and self.actor.role is not Role.PUBLIC


class Bearer(HttpBearer):
    """Lets in a token with this scope. It has been found already, by `guarded`."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller.

        Raises:
            Problem: without a token, or without the scope.
        """
        caller = caller_of(request)
        if caller.token is None:
            raise Problem(NO_TOKEN, "this needs a token", headers={"WWW-Authenticate": CHALLENGE})
        if not caller.has(self.scope):
            challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{self.scope}"'
            detail = f"the token lacks the scope {self.scope}"
            raise Problem(NO_SCOPE, detail, headers={"WWW-Authenticate": challenge}, scope=self.scope.value)
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Not asked: see __call__."""
        raise NotImplementedError


def caller_of(request: HttpRequest) -> Caller:
    """As `guarded` found."""
    caller: Caller = request.caller  # type: ignore[attr-defined]
    return caller


def guarded(run: View) -> View:
    """Around an operation of ninja (`add_decorator` in mode "view")."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    known = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__  # type: ignore[attr-defined]
    }

    @wraps(run)
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        usage: Usage | None = None
        try:
            request.caller, usage = _identified(request)  # type: ignore[attr-defined]
            if usage is not None and usage.is_over:
                retry = {"Retry-After": str(usage.reset_s)}
                raise Problem(TOO_MANY, f"{usage.allowed} requests a minute are allowed", headers=retry)
            _refuse_others(request.GET, known)
            response = run(request, *args, **kwargs)
        except Exception as error:  # its handlers answer every one in the form of a problem
            response = operation.api.on_exception(request, error)
        for name, value in ({} if usage is None else usage.headers).items():
            response.headers[name] = value
        return response

    return guard


def shaped(view: View) -> View:
    """Around a route: HEAD beside GET, a problem where the method is wrong, an ETag, and no sharing of what a token
    was shown."""

    @csrf_exempt  # no cookie gives anybody a right here: the token does
    @wraps(view)
    def shape(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        method = request.method
        request.method = "GET" if method == "HEAD" else method
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = answer(Problem(NOT_FOUND, "nothing has this address; see /api/v1/docs"))
        request.method = method
        if response.status_code == 405:
            allowed = sorted(each.strip() for each in response.headers["Allow"].split(","))
            methods = ", ".join((*allowed, "HEAD") if "GET" in allowed else allowed)
            detail = f"this address answers {methods}"
            response = answer(Problem(NO_SUCH_METHOD, detail, headers={"Allow": methods}))
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ("Authorization",))
        if method in {"GET", "HEAD"} and response.status_code == 200:
            tag = f'"{sha256(response.content).hexdigest()[:32]}"'
            response.headers["ETag"] = tag
            return get_conditional_response(request, etag=tag, response=response)
        return response

    return shape


def _identified(request: HttpRequest) -> tuple[Caller, Usage | None]:
    """Raises Problem for a token that does not count; counts that, too, against the address it came from."""
    now = timezone.now()
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        try:
            token = tokens.find(given.strip(), now)
        except tokens.BadToken as error:
            usage = _of_address(request)
            if usage is not None and usage.is_over:
                return Caller(NOBODY, None), usage
            challenge = f'{CHALLENGE}, error="invalid_token"'
            raise Problem(BAD_TOKEN, str(error), headers={"WWW-Authenticate": challenge}) from error
        return Caller(actor_of(token.owner), token), MINUTES.use(f"token:{token.pk}", token.per_minute, now)
    if scheme:
        detail = f"{scheme[:20]!r} is not known here; send Bearer"
        raise Problem(BAD_TOKEN, detail, headers={"WWW-Authenticate": CHALLENGE})
    return Caller(NOBODY, None), _of_address(request)


def _of_address(request: HttpRequest) -> Usage | None:
    """None for this machine itself: its monitors are not callers."""
    address = request.META.get("REMOTE_ADDR", "")
    if is_loopback(address):
        return None
    return MINUTES.use(f"address:{network_of(address)}", settings.API_PER_MINUTE, timezone.now())


def _refuse_others(given: Iterable[str], known: set[str]) -> None:
    """A filter that is misspelt must not answer as if it had been applied."""
    unknown = sorted(set(given) - known)
    if unknown:
        places = [{"where": f"query.{name[:60]}", "message": "there is no such parameter"} for name in unknown[:20]]
        told = ", ".join(sorted(known)) or "none"
        raise Problem(INVALID, f"unknown parameter {unknown[0][:60]!r}; there are: {told}", errors=places)
