"""Weekly hours in one line: "Mon-Fri 08:00-16:00, Sat 08:00-12:00"."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from central.clock.hours import DAYS, MINUTES_A_DAY, Hours
from contract.schedule import WeeklyHours


class WeeklyHoursField(forms.CharField):
    """Its value is a week as `clock.hours.read_week` reads it; empty: always. Hours may run past midnight."""

    widget = forms.TextInput(attrs={"placeholder": "Mon-Fri 08:00-16:00, Sat 08:00-12:00", "spellcheck": "false"})

    def clean(self, value: Any) -> dict[str, list[str]]:
        """Days in order, hours in order."""
        text = super().clean(value)
        if not text:
            return {}
        try:
            return week_of(text)
        except ValueError as error:
            raise ValidationError(
                _("Write hours as “Mon-Fri 08:00-16:00, Sat 22:00-05:00”; days are Mon Tue Wed Thu Fri Sat Sun.")
            ) from error

    def prepare_value(self, value: Any) -> Any:
        """As it is typed."""
        return text_of(value) if isinstance(value, Mapping) else value


def week_of(text: str) -> dict[str, list[str]]:
    """Day → hours, none past midnight.

    Raises:
        ValueError: which word cannot be read.
    """
    week: dict[str, list[str]] = {}
    for start, end in WeeklyHours.parse(text).spans:
        for number in range(start // MINUTES_A_DAY, (end - 1) // MINUTES_A_DAY + 1):
            midnight = number * MINUTES_A_DAY
            hours = Hours(max(start - midnight, 0), min(end - midnight, MINUTES_A_DAY))
            week.setdefault(DAYS[number], []).append(str(hours))
    return week


def text_of(week: Mapping[str, Sequence[str]]) -> str:
    """What `week_of` reads as the same week."""
    parts = []
    for hours, run in groupby(DAYS, key=lambda day: tuple(week.get(day, ()))):
        days = [day.capitalize() for day in run]
        name = days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
        parts += [f"{name} {each}" for each in hours]
    return ", ".join(parts)
