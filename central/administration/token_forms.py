"""What an administrator fills in for a program's token."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.api.models import DEFAULT_PER_MINUTE, Token
from central.api.scopes import Scope

SCOPE_WORDS = {
    Scope.COMPLAINTS_READ: gettext_lazy("read complaints as the owner’s desk shows them"),
    Scope.INCIDENTS_READ: gettext_lazy("read incidents that the owner may see"),
    Scope.REPORTS_READ: gettext_lazy("read citizens’ reports, without who sent them"),
    Scope.REPORTS_WRITE: gettext_lazy("send citizens’ reports and photos"),
    Scope.WEBHOOKS: gettext_lazy("subscribe to webhooks"),
}
assert set(SCOPE_WORDS) == set(Scope)

LASTS = (
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("a year")),
    ("0", gettext_lazy("until it is revoked")),
)


class TokenForm(forms.Form):
    """Name, owner, what it may do, how long, how often."""

    name = forms.CharField(label=gettext_lazy("Name of the program"), max_length=60)
    owner = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("username"),
        label=gettext_lazy("Acts as the login"),
        empty_label="–",
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=[(scope.value, words) for scope, words in SCOPE_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    lasts = forms.ChoiceField(label=gettext_lazy("Counts for"), choices=LASTS, initial="365")
    per_minute = forms.IntegerField(
        label=gettext_lazy("Requests a minute"), min_value=1, max_value=100_000, initial=DEFAULT_PER_MINUTE
    )

    def clean(self) -> dict[str, Any]:
        """Raises forms.ValidationError where an older one of this name would silently end."""
        given: dict[str, Any] = super().clean() or {}
        same = Token.objects.filter(owner=given.get("owner"), name=given.get("name", ""), revoked__isnull=True)
        if given.get("owner") and same.exists():
            self.add_error("name", _("This login has a token of this name already: revoke that one, or name it anew."))
        return given

    def scopes_given(self) -> list[Scope]:
        """Of a valid form."""
        return [Scope(value) for value in self.cleaned_data["scopes"]]

    def expires(self, now: datetime) -> datetime | None:
        """Of a valid form; None: never."""
        days = int(self.cleaned_data["lasts"])
        return now + timedelta(days=days) if days else None
