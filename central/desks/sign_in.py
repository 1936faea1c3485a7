"""Login of the staff."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.utils.translation import gettext as _

from central.accounts.roles import Role, actor_of
from central.desks.access import home_of


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

    def get_default_redirect_url(self) -> str:
        """Where to go when no page asked for the login."""
        return home_of(actor_of(self.request.user))
