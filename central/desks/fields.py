"""The fields that actions on a complaint ask for, beside the note."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.complaints.models import Complaint
from central.complaints.transitions import TRANSITIONS
from central.routing.models import Agency

_LABELS: dict[str, Promise] = {
    "agency": gettext_lazy("Agency"),
    "assignee": gettext_lazy("To whom"),
    "until": gettext_lazy("Expected to be solved"),
    "into": gettext_lazy("Number of the other complaint"),
}
_KINDS = {"until": "datetime-local"}


@dataclass(frozen=True, slots=True)
class Field:
    """One input; `choices` None: to be typed."""

    name: str
    label: str
    action: str
    """What it is for, as its button says."""
    kind: str
    choices: Sequence[tuple[str, str]] | None


def fields_of(complaint: Complaint, asked: Collection[str]) -> list[Field]:
    """Those asked for, in one order."""
    return [
        Field(name, str(label), _actions(name), _KINDS.get(name, "text"), _choices(complaint, name))
        for name, label in _LABELS.items()
        if name in asked
    ]


def _actions(name: str) -> str:
    return ", ".join(str(each.label) for each in TRANSITIONS.values() if each.asks == name)


def _choices(complaint: Complaint, name: str) -> list[tuple[str, str]] | None:
    if name == "agency":
        others = Agency.objects.filter(active=True).exclude(pk=complaint.agency_id)
        return [("", _("the default desk")), *((agency.code, agency.name) for agency in others)]
    if name == "assignee":
        people = User.objects.filter(is_active=True, membership__agency=complaint.agency_id).order_by("username")
        return [("", _("the team")), *((name, name) for name in people.values_list("username", flat=True))]
    return None
