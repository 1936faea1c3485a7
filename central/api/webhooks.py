"""Webhooks that programs subscribe to: the token's owner has its own, and sees no others."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from central.api.gate import CHALLENGE, Bearer, Caller, caller_of
from central.api.models import Token
from central.api.problems import FULL, NO_SCOPE, Problem, invalid
from central.api.scopes import Scope
from central.hooks.carrier import counts
from central.hooks.guard import LONGEST, checked_target
from central.hooks.models import Subscription
from central.hooks.publishing import ping
from central.hooks.secret import shown_secret
from central.hooks.types import PATTERNS, names_incidents

MOST = 20
"""Of one owner."""

router = Router(auth=Bearer(Scope.WEBHOOKS))

Pattern = Literal[PATTERNS]  # type: ignore[valid-type]
Types = Annotated[list[Pattern], Field(min_length=1, max_length=len(PATTERNS), description="What to be told of")]
Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST,
        description="https://…, not inside the city's networks",
        examples=["https://app.example/hook"],
    ),
]


class NewWebhook(Schema):
    """A subscription to be."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    types: Types


class WebhookChange(Schema):
    """What is left out stays as it is. Any change makes this token the one that the subscription lives by."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    types: Types | None = None
    active: bool | None = None


class Webhook(Schema):
    """A subscription."""

    id: UUID
    url: str
    types: list[str]
    active: bool = Field(description="False: it was stopped, failed for days, or its token counts no longer")
    created: datetime
    last_delivered: datetime | None
    failing_since: datetime | None
    last_error: str = Field(description="Of the last attempt, if it failed")


class WebhookWithSecret(Webhook):
    """Shown when it is made and when its secret is changed, and never again."""

    secret: str = Field(description="whsec_…: what its signatures are made with")


class WebhookList(Schema):
    """All of the owner's."""

    items: list[Webhook]


@router.get("/webhooks", response=WebhookList, summary="Your subscriptions", url_name="webhooks")
def webhooks(request: HttpRequest) -> WebhookList:
    """Those of the token's owner, oldest first."""
    return WebhookList(items=[_shown(each) for each in _own(request)])


@router.post("/webhooks", response={201: WebhookWithSecret}, summary="Subscribe", url_name="webhooks")
def subscribe(request: HttpRequest, new: NewWebhook) -> Status:
    """Events are CloudEvents 1.0, signed as standardwebhooks.com describes. The secret is shown this once."""
    caller = caller_of(request)
    _check_scopes(caller, new.types)
    url = _checked(new.url)
    token = _token_of(caller)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=token.owner_id)
        if Subscription.objects.filter(owner=token.owner_id).count() >= MOST:
            raise Problem(FULL, f"at most {MOST} webhooks of one owner")
        made = Subscription.objects.create(
            owner_id=token.owner_id, token=token, url=url, types=new.types, created=timezone.now()
        )
    return Status(201, _with_secret(made))


@router.get("/webhooks/{uuid:pk}", response=Webhook, summary="One subscription", url_name="webhook")
def webhook(request: HttpRequest, pk: UUID) -> Webhook:
    """With how its deliveries fare."""
    return _shown(_found(request, pk))


@router.patch("/webhooks/{uuid:pk}", response=Webhook, summary="Change a subscription", url_name="webhook")
def change_webhook(request: HttpRequest, pk: UUID, change: WebhookChange) -> Webhook:
    """What waits already is sent to the new address, too."""
    caller, found = caller_of(request), _found(request, pk)
    types = found.types if change.types is None else change.types
    _check_scopes(caller, types)
    found.types, found.token = types, _token_of(caller)
    found.url = found.url if change.url is None else _checked(change.url)
    if change.active is not None:
        found.active = change.active
        found.failing_since = None if change.active else found.failing_since
    found.save(update_fields=["types", "token", "url", "active", "failing_since"])
    return _shown(found)


@router.delete("/webhooks/{uuid:pk}", response={204: None}, summary="Unsubscribe", url_name="webhook")
def unsubscribe(request: HttpRequest, pk: UUID) -> Status:
    """What waits is not sent any more."""
    _found(request, pk).delete()
    return Status(204, None)


@router.post(
    "/webhooks/{uuid:pk}/secret", response=WebhookWithSecret, summary="Take a new secret", url_name="webhook-secret"
)
def change_secret(request: HttpRequest, pk: UUID) -> WebhookWithSecret:
    """The old one counts no longer, also for what waits."""
    found = _found(request, pk)
    found.generation += 1
    found.save(update_fields=["generation"])
    return _with_secret(found)


@router.post("/webhooks/{uuid:pk}/test", response={202: Webhook}, summary="Send a ping", url_name="webhook-test")
def test_webhook(request: HttpRequest, pk: UUID) -> Status:
    """An event of type `id.sigap.ping.v1`; see `last_delivered` and `last_error` for what came of it."""
    found = _found(request, pk)
    ping(found, timezone.now())
    return Status(202, _shown(found))


def _own(request: HttpRequest) -> QuerySet[Subscription]:
    return Subscription.objects.filter(owner=_token_of(caller_of(request)).owner_id).select_related("token__owner")


def _found(request: HttpRequest, pk: UUID) -> Subscription:
    found = _own(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _token_of(caller: Caller) -> Token:
    assert caller.token is not None  # Bearer let it in
    return caller.token


def _checked(url: str) -> str:
    try:
        return checked_target(url)
    except ValueError as error:
        raise invalid("body.url", str(error)) from error


def _check_scopes(caller: Caller, types: list[str]) -> None:
    if names_incidents(types) and not caller.has(Scope.INCIDENTS_READ):
        detail = f"events about incidents need the scope {Scope.INCIDENTS_READ}; subscribe to complaint.* instead"
        challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{Scope.INCIDENTS_READ}"'
        raise Problem(NO_SCOPE, detail, headers={"WWW-Authenticate": challenge}, scope=Scope.INCIDENTS_READ.value)


def _shown(row: Subscription) -> Webhook:
    return Webhook(**_values(row))


def _with_secret(row: Subscription) -> WebhookWithSecret:
    return WebhookWithSecret(**_values(row), secret=shown_secret(row))


def _values(row: Subscription) -> dict[str, object]:
    return {
        "id": row.pk,
        "url": row.url,
        "types": row.types,
        "active": row.active and counts(row, timezone.now()),
        "created": row.created,
        "last_delivered": row.last_delivered,
        "failing_since": row.failing_since,
        "last_error": row.last_error,
    }
