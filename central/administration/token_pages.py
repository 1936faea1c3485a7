"""Programs' tokens for the API: made and shown once, looked over, revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from central.accounts import people
from central.accounts.roles import Actor, Role
from central.administration.recording import write_down
from central.administration.token_forms import SCOPE_WORDS, TokenForm
from central.api import tokens
from central.api.models import Token
from central.api.scopes import Scope
from central.desks.access import only

PAGE = 50


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token, with whether it counts now."""

    token: Token
    scopes: Sequence[str]
    tone: str
    state: Promise

    @property
    def counts(self) -> bool:
        """Whether revoking it would change anything."""
        return self.token.revoked is None


@require_safe
@only(Role.ADMIN)
def api_tokens(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Those that count first; `q` narrows down by program or owner."""
    typed = request.GET.get("q", "").strip()[:150]
    found = _all().order_by(F("revoked").desc(nulls_first=True), "owner__username", "name")
    if typed:
        found = found.filter(Q(name__icontains=typed) | Q(owner__username__icontains=typed))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "page": page,
        "rows": [_row(token, now) for token in page],
        "typed": typed,
        "query": f"{urlencode({'q': typed})}&" if typed else "",
    }
    return render(request, "administration/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(Role.ADMIN)
@never_cache
def new_api_token(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Makes one and shows it: this is the only time."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        status = 400 if form.is_bound else 200
        return render(request, "administration/new_token.html", {"form": form}, status=status)
    now, given = timezone.now(), form.cleaned_data
    with transaction.atomic():
        secret = tokens.make(
            given["owner"],
            given["name"],
            form.scopes_given(),
            now,
            expires=form.expires(now),
            per_minute=given["per_minute"],
        )
        made = Token.objects.get(owner=given["owner"], name=given["name"], revoked__isnull=True)
        _record(actor, now, made, "add", after=tokens.state_of(made))
    return render(request, "administration/token_made.html", {"token": made, "secret": secret})


@require_http_methods(["GET", "HEAD", "POST"])
@only(Role.ADMIN)
def api_token(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One token; posted to, it counts no longer."""
    token = get_object_or_404(_all(), pk=pk)
    now = timezone.now()
    if request.method == "POST":
        with transaction.atomic():
            if tokens.revoke(pk, now):
                _record(actor, now, token, "revoke", before=tokens.state_of(token))
        messages.success(request, _("Revoked: whoever calls with it is refused from now on."))
        return redirect("api-token", pk)
    context = {
        "row": _row(token, now),
        "role": str(people.role_of(token.owner) or Role.PUBLIC),
        "subject": tokens.subject_of(token),
    }
    return render(request, "administration/token.html", context)


def _all() -> QuerySet[Token]:
    return Token.objects.select_related("owner__membership__agency").annotate(
        hooks=Count("subscriptions", filter=Q(subscriptions__active=True))
    )


def _row(token: Token, now: datetime) -> TokenRow:
    words = [str(SCOPE_WORDS[Scope(value)]) for value in token.scopes if value in set(Scope)]
    tone, state = _state(token, now)
    return TokenRow(token, words, tone, state)


def _state(token: Token, now: datetime) -> tuple[str, Promise]:
    if token.revoked is not None:
        return "grey", gettext_lazy("revoked")
    if token.expires is not None and token.expires <= now:
        return "grey", gettext_lazy("expired")
    if not token.owner.is_active:
        return "red", gettext_lazy("its owner may not log in")
    return "green", gettext_lazy("counts")


def _record(actor: Actor, now: datetime, token: Token, action: str, **states: dict[str, Any]) -> None:
    write_down(actor, now, topic="token", subject=tokens.subject_of(token), action=action, **states)
