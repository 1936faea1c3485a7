"""A person's own account: password, where one is logged in, and out everywhere."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from central.accounts import logins, second_factor
from central.accounts.roles import STAFF_ROLES, Actor
from central.desks.access import only
from central.desks.sign_in import is_own_password
from central.routing.models import Agency


@require_safe
@only(*STAFF_ROLES)
def account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who one is here, and where one is logged in."""
    context = {
        "actor": actor,
        "agency": Agency.objects.filter(pk=actor.agency).first(),
        "logins": logins.standing(request.user),
        "this_session": request.session.session_key,
        "has_second_factor": second_factor.has_one(request.user),
        "backup_codes_left": second_factor.backup_codes_left(request.user),
    }
    return render(request, "desks/account.html", context)


@require_POST
@only(*STAFF_ROLES)
def sign_out_everywhere(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Ends all other logins of this person."""
    ended = logins.end_all(request.user, timezone.now(), but=request.session.session_key)
    messages.success(
        request,
        ngettext("%(n)d other login was ended.", "%(n)d other logins were ended.", ended) % {"n": ended},
    )
    return redirect("account")


class OwnPasswordForm(PasswordChangeForm):
    """Wrong old passwords count like those of a login."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.user, request.POST or None)
        self._request = request

    def clean_old_password(self) -> str:
        """Raises forms.ValidationError for a wrong one."""
        password: str = self.cleaned_data["old_password"]
        if not is_own_password(self._request, password):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@only(*STAFF_ROLES)
def change_password(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Asks for the old one. This login goes on under a new key; every other one of this person ends."""
    form = OwnPasswordForm(request)
    if request.method != "POST" or not form.is_valid():
        return render(request, "desks/password.html", {"form": form})
    old_key = request.session.session_key
    form.save()
    update_session_auth_hash(request, form.user)
    logins.moved(old_key, request.session.session_key)
    logins.end_all(form.user, timezone.now(), but=request.session.session_key)
    messages.success(request, _("Your password is changed. Other logins of yours were ended."))
    return redirect("account")
