"""What an administrator fills in for a login."""

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.accounts.people import Person
from central.accounts.roles import AGENCY_ROLES, STAFF_ROLES, Role
from central.desks.people import ROLE_NAMES
from central.routing.models import Agency


class PersonForm(forms.Form):
    """Role, agency, address, whether it may log in."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    agency = forms.ModelChoiceField(
        Agency.objects.filter(active=True),
        label=gettext_lazy("Agency (officers and heads only)"),
        required=False,
        empty_label="–",
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, max_length=254)
    active = forms.BooleanField(label=gettext_lazy("May log in"), required=False, initial=True)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, ROLE_NAMES[role]) for role in STAFF_ROLES]

    def clean(self) -> dict[str, object]:
        """Raises forms.ValidationError where role and agency do not go together."""
        cleaned: dict[str, object] = super().clean()
        needs_agency = cleaned.get("role") in AGENCY_ROLES
        if needs_agency and not cleaned.get("agency"):
            self.add_error("agency", _("An officer or head belongs to an agency."))
        if not needs_agency and cleaned.get("agency"):
            self.add_error("agency", _("This role works for the whole city, not for one agency."))
        return cleaned

    def person(self) -> Person:
        """Of a valid form."""
        given = self.cleaned_data
        return Person(given["email"], Role(given["role"]), given["agency"], given["active"])


class NewPersonForm(PersonForm):
    """The same with the name, which stays."""

    name = forms.CharField(
        label=gettext_lazy("Name to log in with"), max_length=150, validators=[UnicodeUsernameValidator()]
    )
    field_order = ("name", "role", "agency", "email", "active")

    def clean_name(self) -> str:
        """Raises forms.ValidationError for one that is taken, in whichever case."""
        name: str = self.cleaned_data["name"]
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("This name is taken."))
        return name
