"""Login of the staff: the password, and who has to go on to the second step."""

import math
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from central.accounts import logins, pending, second_factor
from central.accounts.roles import Role, actor_of
from central.desks.access import home_of
from central.desks.words import duration
from central.security.clients import client_address
from central.security.throttling import locked_for


class StaffForm(AuthenticationForm):
    """Only accounts with a role: others would see nothing but refusals."""

    def confirm_login_allowed(self, user: User) -> None:
        """Raises forms.ValidationError for an account that may do nothing here."""
        super().confirm_login_allowed(user)
        if actor_of(user).role is Role.PUBLIC:
            raise forms.ValidationError(
                _("This account has no role here yet. Ask your administrator to give it one."), code="no_role"
            )


class SignIn(LoginView):
    """Sends everybody to the own desk."""

    template_name = "desks/login.html"
    authentication_form = StaffForm
    redirect_authenticated_user = True

    def form_valid(self, form: StaffForm) -> HttpResponse:
        """The password is right; where a second step is due, nobody is logged in yet."""
        user = form.get_user()
        enrolled = second_factor.has_one(user)
        if not enrolled and not second_factor.is_required(user):
            return super().form_valid(form)
        pending.begin(self.request, user, self.get_redirect_url(), timezone.now())
        return redirect("login-code" if enrolled else "login-enrol")

    def get_default_redirect_url(self) -> str:
        """Where to go when no page asked for the login."""
        return home_of(actor_of(self.request.user))


class SetPassword(PasswordResetConfirmView):
    """Behind a one-time link that an administrator made; the link's secret does not stay in the address."""

    template_name = "desks/set_password.html"
    success_url = reverse_lazy("login")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Every session under the old password ends."""
        response = super().form_valid(form)
        logins.end_all(self.user, timezone.now())
        messages.success(self.request, _("Your password is set: log in with it."))
        return response

    def render_to_response(self, context: dict[str, Any], **_more: Any) -> HttpResponse:
        """A link that is good no more names nothing."""
        return super().render_to_response(context, status=200 if self.validlink else 404)


def is_own_password(request: HttpRequest, password: str) -> bool:
    """Asked again before something weighty; wrong ones count like those of a login."""
    return authenticate(request, username=request.user.get_username(), password=password) == request.user


def locked_out(request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any]) -> HttpResponse:
    """The login page after too many tries, with when to come again; called by django-axes."""
    name = str(credentials.get("username", ""))
    left_s = max(1, math.ceil(locked_for(client_address(request), name, timezone.now()).total_seconds()))
    context = {
        "form": StaffForm(request),
        "typed": name,
        "next": request.POST.get("next", ""),
        "locked_for": duration(60 * math.ceil(left_s / 60)),
    }
    response = render(request, "desks/login.html", context, status=429)
    response.headers["Retry-After"] = str(left_s)
    return response
