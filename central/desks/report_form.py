"""The form in which a citizen reports: what was filled in, checked."""

from math import isfinite
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.incidents.kinds import Kind
from central.open311.services import SERVICES
from central.reports import wording
from central.reports.models import MAX_DESCRIPTION, Photo, Report
from central.reports.taking import Sent

KINDS = (Kind.FLOOD, Kind.JAM, Kind.PARKING, Kind.VENDING)
assert {kind.value for kind in KINDS} == set(SERVICES)


class ReportForm(forms.Form):
    """A place by position, by a photo's position, or in words; everything but the kind may be left out beside it."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in KINDS],
        error_messages={"required": gettext_lazy("Please choose what it is.")},
    )
    description = forms.CharField(required=False, max_length=MAX_DESCRIPTION)
    address = forms.CharField(required=False, max_length=300)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    email = forms.EmailField(required=False, max_length=254)
    website = forms.CharField(required=False, max_length=200)
    """For machines only: people do not see it."""

    def __init__(self, data: Any, photos: list[Photo]) -> None:
        super().__init__(data)
        self._photos = photos

    def clean_website(self) -> str:
        """Whoever fills in everything is no person; a person whose browser did so is told."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Please leave the last field empty: it is a trap for machines."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Where it is: what was set on the map, else what the chosen photo says, else coordinates among the words."""
        data = super().clean() or self.cleaned_data
        position = (data.get("lat"), data.get("lon"))
        if None in position or not all(isfinite(part) for part in position if part is not None):
            position = self._photo_place() or wording.position_in(data.get("address", "")) or (None, None)
        data["lat"], data["lon"] = position
        if position[0] is None and not data.get("address") and not {"lat", "lon", "address"} & self.errors.keys():
            self.add_error("address", _("Please say where it is: on the map, by your location, or in words."))
        return data

    def _photo_place(self) -> tuple[float | None, float | None] | None:
        chosen = self.data.get("photo_place", "")
        placed = (one for one in self._photos if one.token == chosen and one.lat is not None)
        return next(((one.lat, one.lon) for one in placed), None)

    def sent(self, sender: str) -> Sent:
        """Of a valid form."""
        data = self.cleaned_data
        return Sent(
            kind=data["kind"],
            channel=Report.Channel.WEB,
            sender=sender,
            description=data["description"],
            address=data["address"],
            lat=data["lat"],
            lon=data["lon"],
            contact={"email": data["email"].lower()} if data["email"] else {},
        )


def kind_choices() -> list[tuple[str, str]]:
    """Code and name, most frequent first; a long name may be broken at its stroke."""
    return [(kind.value, capfirst(kind.label).replace("/", "/\u200b")) for kind in KINDS]
