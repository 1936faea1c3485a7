"""What is filled in of a permit, on the page or in a row of a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from central.permits.models import Permit

DECIMALS = 7
"""About a centimetre."""


class OutlineField(forms.CharField):
    """One corner a line, as maps copy them: latitude, longitude. Its value: corners as [longitude, latitude]."""

    widget = forms.Textarea(attrs={"rows": 5, "placeholder": "-2.1301, 106.1138", "spellcheck": "false"})

    def clean(self, value: Any) -> list[list[float]]:
        """A list is corners already, from a file."""
        if isinstance(value, list):
            return value
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        try:
            corners = [[float(number) for number in line.split(",")] for line in lines]
        except ValueError as error:
            raise ValidationError(_("One corner a line: latitude, longitude.")) from error
        return [corner[::-1] for corner in corners]

    def prepare_value(self, value: Any) -> Any:
        """As it is typed."""
        if isinstance(value, list):
            return "\n".join(f"{round(lat, DECIMALS)}, {round(lon, DECIMALS)}" for lon, lat in value)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as it is typed."""
        return self.prepare_value(initial) != data


class PermitForm(forms.ModelForm):
    """Every field of a permit."""

    ring = OutlineField()

    class Meta:
        model = Permit
        fields = [
            "sk",
            "name",
            "holder",
            "kind",
            "valid_from",
            "valid_to",
            "hours",
            "time_zone",
            "capacity",
            "ring",
        ]
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ring"].label = Permit._meta.get_field("ring").verbose_name
