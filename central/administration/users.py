"""Logins of the staff: make, change, disable, a new password, the second step reset, out everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from central.accounts import logins, people, second_factor
from central.accounts.roles import Actor, Role
from central.administration.recording import write_down
from central.administration.user_forms import NewPersonForm, PersonForm
from central.desks.access import only
from central.outbox.models import Channel
from central.outbox.posting import Post, post

PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class UserRow:
    """One login in the list."""

    user: User
    role: str
    agency: str


@require_safe
@only(Role.ADMIN)
def users(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """All logins, by name; `q` narrows down."""
    typed = request.GET.get("q", "").strip()[:150]
    found = _all()
    if typed:
        found = found.filter(Q(username__icontains=typed) | Q(membership__agency__short__icontains=typed))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(user) for user in page],
        "typed": typed,
        "query": f"{urlencode({'q': typed})}&" if typed else "",
    }
    return render(request, "administration/users.html", context)


@require_http_methods(FORM_METHODS)
@only(Role.ADMIN)
def new_user(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Makes a login and leads to its page, with the link for its first password."""
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        now = timezone.now()
        with transaction.atomic():
            user = people.make(form.cleaned_data["name"], form.person())
            _record(actor, now, user, "add", None)
        return _with_link(request, actor, user, now)
    return render(request, "administration/new_user.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
@only(Role.ADMIN)
def user_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One login."""
    user = get_object_or_404(_all(), pk=pk)
    form = PersonForm(request.POST if request.method == "POST" else None, initial=_initial(user))
    if form.is_bound and form.is_valid():
        if _changed(actor, user, form):
            messages.success(request, _("Saved."))
            return redirect("user", pk)
        form.add_error(None, _("Nobody takes the own login or administrator's role away: another one must."))
    return render(request, "administration/user.html", _context(user, form), status=400 if form.is_bound else 200)


@require_POST
@only(Role.ADMIN)
def act_on_user(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A link for a new password, the second step reset, or out everywhere."""
    user = get_object_or_404(_all(), pk=pk)
    now = timezone.now()
    wanted = request.POST.get("wanted", "")
    if wanted == "password":
        return _with_link(request, actor, user, now)
    if wanted == "second-factor":
        before = people.state_of(user)
        with transaction.atomic():
            second_factor.reset(user)
            logins.end_all(user, now)
            _record(actor, now, user, "change", before)
        messages.success(request, _("The second step is reset, and all logins of this person have ended."))
    elif wanted == "sign-out":
        logins.end_all(user, now)
        messages.success(request, _("All logins of this person have ended."))
    else:
        raise Http404
    return redirect("user", pk)


def _all() -> QuerySet[User]:
    enrolled = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    return (
        User.objects.select_related("membership__agency")
        .prefetch_related("groups")
        .annotate(enrolled=Exists(enrolled), last_seen=Max("logins__seen"))
        .order_by("username")
    )


def _row(user: User) -> UserRow:
    membership = getattr(user, "membership", None)
    return UserRow(user, str(people.role_of(user) or "public"), "" if membership is None else membership.agency.short)


def _initial(user: User) -> dict[str, object]:
    membership = getattr(user, "membership", None)
    return {
        "role": people.role_of(user),
        "agency": None if membership is None else membership.agency_id,
        "email": user.email,
        "active": user.is_active,
    }


def _changed(actor: Actor, user: User, form: PersonForm) -> bool:
    """What was allowed before must not live on in a session: a new role begins with a new login."""
    now, before = timezone.now(), people.state_of(user)
    try:
        with transaction.atomic():
            people.change(user, form.person(), by=actor.user)
            user = User.objects.get(pk=user.pk)
            if any(before[name] != people.state_of(user)[name] for name in ("role", "agency", "active")):
                logins.end_all(user, now)
            _record(actor, now, user, "change", before)
    except people.NotPossible:
        return False
    return True


def _record(actor: Actor, now: datetime, user: User, action: str, before: dict[str, object] | None) -> None:
    write_down(
        actor, now, topic="user", subject=user.username, action=action, before=before, after=people.state_of(user)
    )


def _context(user: User, form: PersonForm) -> dict[str, object]:
    standing: Sequence[object] = logins.standing(user)
    return {
        "person": user,
        "form": form,
        "logins": standing,
        "last": user.logins.order_by("-began")[:10],
        "needs_second_factor": second_factor.is_required(user),
    }


def _with_link(request: HttpRequest, actor: Actor, user: User, now: datetime) -> HttpResponse:
    """A one-time link: sent to the owner's address where there is one and mail leaves here, else shown once."""
    link = f"{settings.PAGES_URL}{people.password_path(user)}"
    sent = bool(user.email) and settings.SENDS_MAIL
    how = {"password_link": "sent by e-mail" if sent else "shown to the administrator"}
    write_down(actor, now, topic="user", subject=user.username, action="link", after=how)
    if sent:
        text = _("Set the password of your login “%(name)s” here, within a day:\n\n%(link)s\n") % {
            "name": user.username,
            "link": link,
        }
        content = {"subject": _("Your password at Sigap"), "text": text}
        post([Post(f"password/{user.pk}/{now.timestamp()}", Channel.EMAIL, user.email, content)], now)
    return render(request, "administration/password_link.html", {"person": user, "link": "" if sent else link})
