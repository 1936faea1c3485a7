"""Rulings and hours in the reader's language."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from central.permits.law import Why
from contract.schedule import ALWAYS, WeeklyHours

_WHY: Mapping[str, Promise] = {
    Why.PERMIT: gettext_lazy("Selling is lawful here now: permit %(sk)s, %(hours)s."),
    Why.BORDER: gettext_lazy("On the border of permit %(sk)s: whether it is inside is for a person to judge."),
    Why.NEARBY: gettext_lazy(
        "Permit %(sk)s holds within %(metres)s m, and this camera does not tell the spot more exactly."
    ),
    Why.CAPACITY: gettext_lazy("Permit %(sk)s allows %(capacity)s units; %(units)s stand there."),
    Why.AROUND: gettext_lazy("Minutes outside the hours of permit %(sk)s, %(hours)s: setting up or packing up?"),
    Why.BOX: gettext_lazy("The camera’s box leaves it to a person: %(said)s."),
    Why.HOURS: gettext_lazy("Permit %(sk)s holds here, but not at this hour: %(hours)s."),
    Why.EXPIRED: gettext_lazy("Permit %(sk)s held here until %(day)s and has expired."),
    Why.BEGINS: gettext_lazy("Permit %(sk)s holds here from %(day)s only."),
    Why.NOWHERE: gettext_lazy("No permit designates this place for selling."),
}
_DAYS: Mapping[str, Promise] = {
    "Mon": pgettext_lazy("day of the week", "Mon"),
    "Tue": pgettext_lazy("day of the week", "Tue"),
    "Wed": pgettext_lazy("day of the week", "Wed"),
    "Thu": pgettext_lazy("day of the week", "Thu"),
    "Fri": pgettext_lazy("day of the week", "Fri"),
    "Sat": pgettext_lazy("day of the week", "Sat"),
    "Sun": pgettext_lazy("day of the week", "Sun"),
}


def reason(ruling: Mapping[str, Any]) -> str:
    """A ruling as `law.Ruling.to_json` wrote it, as a sentence; empty for none."""
    sentence = _WHY.get(ruling.get("why", ""))
    if sentence is None:
        return ""
    said = dict(ruling)
    if "hours" in said:
        said["hours"] = hours(said["hours"])
    if "day" in said:
        said["day"] = date_format(date.fromisoformat(said["day"]), "j M Y")
    return str(sentence) % said


def hours(text: str) -> str:
    """Hours of the week as people here write them."""
    if WeeklyHours.parse(text).spans == ALWAYS.spans:
        return _("every day, round the clock")
    said = re.sub(r"\b(\w{3})\b", lambda word: str(_DAYS.get(word[0].capitalize(), word[0])), text.replace("-", "–"))
    return re.sub(r"(\d):(\d)", r"\1.\2", said) if (get_language() or "").startswith("id") else said
