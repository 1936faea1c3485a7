"""Pages of the second step: a code at the login, and what each person does with the own telephone and backup codes."""

import math
from datetime import datetime, timedelta

import segno
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from central.accounts import pending, second_factor
from central.accounts.roles import STAFF_ROLES, Actor, actor_of
from central.accounts.second_factor import Checked
from central.desks.access import home_of, only
from central.desks.sign_in import is_own_password
from central.desks.words import duration

MAY_ENROL = "may_enrol"
"""In the session: since when the password was given again for a new telephone."""
MAY_ENROL_FOR = timedelta(minutes=10)
METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def login_code(request: HttpRequest) -> HttpResponse:
    """Asks for the code; with a good one, somebody is logged in."""
    now = timezone.now()
    user = pending.user_of(request, now)
    if user is None or not second_factor.has_one(user):
        return redirect("login")
    checked = None
    if request.method == "POST":
        checked = second_factor.check(user, request.POST.get("code", "")[:40], now)
        if checked.good:
            return redirect(pending.complete(request, user) or home_of(actor_of(user)))
    return render(request, "desks/login_code.html", {"wrong": said(checked)}, status=status_of(checked))


@never_cache
@require_http_methods(METHODS)
def login_enrol(request: HttpRequest) -> HttpResponse:
    """For those whose role needs a second step and who have none yet."""
    now = timezone.now()
    user = pending.user_of(request, now)
    if user is None or second_factor.has_one(user):
        return redirect("login")
    return _enrolling(request, user, now, logs_in=True)


@require_http_methods(METHODS)
@sensitive_post_parameters("password")
@only(*STAFF_ROLES)
def settings_page(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Enrol, change the telephone, new backup codes, turn off: each asks for the password again."""
    if request.method == "POST":
        if is_own_password(request, request.POST.get("password", "")):
            return _done(request, request.user, request.POST.get("wanted", ""))
        wrong = _("This password is wrong.")
    else:
        wrong = ""
    context = {
        "enrolled": second_factor.has_one(request.user),
        "required": second_factor.is_required(request.user),
        "backup_codes_left": second_factor.backup_codes_left(request.user),
        "wrong": wrong,
    }
    return render(request, "desks/second_factor.html", context)


@require_http_methods(METHODS)
@only(*STAFF_ROLES)
def enrol(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Shows the key to the telephone; the password was given a moment ago."""
    now = timezone.now()
    since = request.session.get(MAY_ENROL)
    if since is None or now.timestamp() - since > MAY_ENROL_FOR.total_seconds():
        return redirect("second-factor")
    return _enrolling(request, request.user, now, logs_in=False)


def _done(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    enrolled = second_factor.has_one(user)
    if wanted == "enrol":
        request.session[MAY_ENROL] = timezone.now().timestamp()
        return redirect("second-factor-enrol")
    if wanted == "backup" and enrolled:
        return _codes(request, user, back="account")
    if wanted == "off" and enrolled and not second_factor.is_required(user):
        second_factor.reset(user)
        messages.success(request, _("Your login has one step again."))
    return redirect("account")


def _enrolling(request: HttpRequest, user: User, now: datetime, *, logs_in: bool) -> HttpResponse:
    checked = None
    if request.method == "POST":
        checked = second_factor.confirm(user, request.POST.get("code", "").replace(" ", "")[:10], now)
        if checked.good:
            request.session.pop(MAY_ENROL, None)
            destination = pending.complete(request, user) if logs_in else ""
            return _codes(request, user, back=destination or home_of(actor_of(user)))
    device = second_factor.draft(user)
    context = {
        "qr": qr_code(device.config_url),
        "key": second_factor.key_text(device),
        "key_address": device.config_url,
        "wrong": said(checked),
        "logs_in": logs_in,
    }
    return render(request, "desks/enrol.html", context, status=status_of(checked))


def _codes(request: HttpRequest, user: User, back: str) -> HttpResponse:
    context = {"codes": second_factor.new_backup_codes(user), "back": back}
    return render(request, "desks/backup_codes.html", context)


def said(checked: Checked | None) -> str:
    """What is told of a code that was not good."""
    if checked is None:
        return ""
    if checked.wait:
        return _("Too many wrong codes. Try again in %(time)s.") % {
            "time": duration(math.ceil(checked.wait.total_seconds()))
        }
    return _("This code is wrong, or was used already. Wait for the next one.")


def status_of(checked: Checked | None) -> int:
    """429 while no code is looked at."""
    return 429 if checked is not None and checked.wait else 200


def qr_code(text: str) -> SafeString:
    """As SVG inside the page: black on white in every colour scheme, without a style of its own."""
    drawn = segno.make(text, error="m").svg_inline(
        border=3, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(drawn)  # noqa: S308 — drawn by segno out of modules; the text is not in it
