"""What an administrator fills in for promises and working hours."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.clock.hours import DAYS
from central.clock.policy import Target
from central.service import durations
from central.service.calendars import newest
from central.service.models import ServicePolicy, WorkCalendar

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
WALL_CLOCK = gettext_lazy("wall clock: every hour counts")
DAY_NAMES = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}
TARGET_NAMES = {
    Target.FIRST_RESPONSE.value: gettext_lazy("first response"),
    Target.COMPLETION.value: gettext_lazy("completion"),
}
_STEP = re.compile(r"(\w+)\s+(\d{1,4})\s*%?\s+(\d{1,2})")


class Duration(forms.CharField):
    """30min, 6h or 7d, as seconds."""

    def clean(self, value: Any) -> int:
        """Raises forms.ValidationError for anything else."""
        text = super().clean(value)
        try:
            return durations.read(text)
        except ValueError:
            raise forms.ValidationError(_("Write 30min, 6h or 7d; a day is 24 hours of the calendar’s time.")) from None


class PolicyForm(forms.Form):
    """A new version of what one kind of complaint is promised."""

    first_response = Duration(label=gettext_lazy("First response within"), max_length=12)
    first_response_calendar = forms.ChoiceField(label=gettext_lazy("counted by"), required=False)
    completion = Duration(label=gettext_lazy("Completion within"), max_length=12)
    completion_calendar = forms.ChoiceField(label=gettext_lazy("counted by"), required=False)
    soon_percent = forms.IntegerField(
        label=gettext_lazy("Amber after (percent of the time)"), min_value=1, max_value=99
    )
    steps = forms.CharField(
        label=gettext_lazy("Reminders, one a line: first_response or completion, percent of the time, level"),
        widget=forms.Textarea({"rows": 6, "class": "code", "spellcheck": "false"}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._calendars = {str(row.pk): row for row in newest()}
        choices = [("", WALL_CLOCK), *((pk, f"{row.name} ({row})") for pk, row in self._calendars.items())]
        for name in ("first_response_calendar", "completion_calendar"):
            self.fields[name].choices = choices

    def clean_steps(self) -> list[dict[str, Any]]:
        """Raises forms.ValidationError for a line that is no step."""
        steps = []
        for line in filter(None, map(str.strip, self.cleaned_data["steps"].splitlines())):
            found = _STEP.fullmatch(line)
            if found is None or found[1] not in set(Target) or not int(found[2]) or not int(found[3]):
                raise forms.ValidationError(_("“%(line)s”: write for example completion 75 1") % {"line": line})
            steps.append({"of": found[1], "percent": int(found[2]), "level": int(found[3])})
        return steps

    def changes(self) -> dict[str, object]:
        """Fields of the model, of a valid form."""
        given = self.cleaned_data
        return {
            "first_response_s": given["first_response"],
            "first_response_calendar": self._calendars.get(given["first_response_calendar"]),
            "completion_s": given["completion"],
            "completion_calendar": self._calendars.get(given["completion_calendar"]),
            "soon_percent": given["soon_percent"],
            "steps": given["steps"],
        }

    @staticmethod
    def initial_of(row: ServicePolicy) -> dict[str, Any]:
        """As the version in force stands; of calendars, their last version."""
        latest = {calendar.code: str(calendar.pk) for calendar in newest()}
        first, completion = row.first_response_calendar, row.completion_calendar
        return {
            "first_response": durations.write(row.first_response_s),
            "first_response_calendar": "" if first is None else latest[first.code],
            "completion": durations.write(row.completion_s),
            "completion_calendar": "" if completion is None else latest[completion.code],
            "soon_percent": row.soon_percent,
            "steps": "\n".join(f"{step['of']} {step['percent']} {step['level']}" for step in row.steps),
        }


class CalendarForm(forms.Form):
    """A new version of a work calendar."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=[(zone, zone) for zone in ZONES])
    holidays = forms.CharField(
        label=gettext_lazy("Public holidays of (ID for Indonesia; empty: none)"), required=False, max_length=10
    )
    joint_leave = forms.BooleanField(label=gettext_lazy("also joint leave (cuti bersama)"), required=False)
    extra_holidays = forms.CharField(
        label=gettext_lazy("The city’s own holidays, one a line, as 2026-06-22"),
        widget=forms.Textarea({"rows": 3, "class": "code"}),
        required=False,
        max_length=4000,
    )
    in_policies = forms.BooleanField(
        label=gettext_lazy("Use it from now on in the service policies that use this calendar"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in DAYS:
            self.fields[day] = forms.CharField(label=DAY_NAMES[day], required=False, max_length=100)
        self.order_fields(["code", "name", "zone", *DAYS])

    def clean_extra_holidays(self) -> list[str]:
        """Raises forms.ValidationError for a line that is no day."""
        lines = [line.strip() for line in self.cleaned_data["extra_holidays"].splitlines() if line.strip()]
        try:
            return sorted({date.fromisoformat(line).isoformat() for line in lines})
        except ValueError:
            raise forms.ValidationError(_("Write each day as 2026-06-22.")) from None

    def values(self) -> dict[str, object]:
        """Fields of the model, of a valid form."""
        given = self.cleaned_data
        hours = {day: [part.strip() for part in given[day].split(",") if part.strip()] for day in DAYS}
        return {
            "name": given["name"],
            "zone": given["zone"],
            "week": {day: parts for day, parts in hours.items() if parts},
            "holidays": given["holidays"].strip().upper(),
            "holiday_categories": ["public", "government"] if given["joint_leave"] else ["public"],
            "extra_holidays": given["extra_holidays"],
        }

    @staticmethod
    def initial_of(row: WorkCalendar) -> dict[str, Any]:
        """As this version stands."""
        week: Mapping[str, list[str]] = row.week
        return {
            "name": row.name,
            "zone": row.zone,
            "holidays": row.holidays,
            "joint_leave": "government" in row.holiday_categories,
            "extra_holidays": "\n".join(row.extra_holidays),
            "in_policies": True,
        } | {day: ", ".join(week.get(day, ())) for day in DAYS}


class NewCalendarForm(CalendarForm):
    """The first version, with the code that stays."""

    code = forms.CharField(label=gettext_lazy("Code, for example kerja"), max_length=40, validators=[validate_slug])

    def clean_code(self) -> str:
        """Raises forms.ValidationError for one that is taken."""
        code: str = self.cleaned_data["code"]
        if code == "baru" or WorkCalendar.objects.filter(code=code).exists():  # an address of ours, or a calendar's
            raise forms.ValidationError(_("This code is taken."))
        return code
