"""What is filled in of a rule."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.administration.weekly import WeeklyHoursField
from central.incidents.kinds import Kind
from central.routing.models import Agency, Area, Rule

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


class RuleForm(forms.ModelForm):
    """When it applies, and who has it then. Whether the rules make sense together is for the compiler to say."""

    week = WeeklyHoursField(label=gettext_lazy("Hours (empty: always)"), required=False)

    class Meta:
        model = Rule
        fields = ["kind", "areas", "week", "zone", "agency", "also_inform", "note", "active"]
        labels = {
            "kind": gettext_lazy("Kind"),
            "areas": gettext_lazy("Areas (none: everywhere)"),
            "zone": gettext_lazy("Time zone of the hours"),
            "agency": gettext_lazy("Agency in charge"),
            "also_inform": gettext_lazy("Also informed"),
            "note": gettext_lazy("Note"),
            "active": gettext_lazy("In use"),
        }
        widgets = {
            "areas": forms.SelectMultiple(attrs={"size": 10}),
            "also_inform": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = timezone.get_default_timezone_name()
        self.fields["kind"].choices = [("", _("every kind")), *((each.value, capfirst(each.label)) for each in Kind)]  # type: ignore[attr-defined]
        zones = [("", own), *((zone, zone) for zone in ZONES if zone != own)]
        self.fields["zone"] = forms.ChoiceField(label=self.fields["zone"].label, choices=zones, required=False)
        agencies = Agency.objects.filter(active=True)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["also_inform"].queryset = agencies  # type: ignore[attr-defined]
        areas = self.fields["areas"]
        areas.queryset = Area.objects.defer("polygon").filter(active=True)  # type: ignore[attr-defined]
        areas.choices = _by_level(areas.queryset)  # type: ignore[attr-defined]


def _by_level(areas: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    groups = {
        str(level.label): [(area.code, area.name) for area in areas if area.level == level] for level in Area.Level
    }
    return [(capfirst(label), choices) for label, choices in groups.items() if choices]
