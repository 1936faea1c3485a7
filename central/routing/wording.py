"""Rules as people say them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from central.clock.hours import DAYS
from central.incidents.kinds import Kind


def condition(kind: str, areas: Iterable[str], week: Mapping[str, Sequence[str]], zone: str = "") -> str:
    """When a rule applies: "Flooding in Kecamatan Menteng, Mon–Fri 08:00–16:00"."""
    what = str(Kind(kind).label) if kind in Kind.values else kind or _("every kind")
    names = list(areas)
    where = _("%(kind)s in %(areas)s") % {"kind": what, "areas": _(" or ").join(names)} if names else what
    if not week:
        return capfirst(where)
    hours = hours_in_words(week) + (f" ({zone})" if zone else "")
    return capfirst(f"{where}, {hours}")


def hours_in_words(week: Mapping[str, Sequence[str]]) -> str:
    """Days with the same hours together: "Mon–Fri 07:30–12:00, 13:00–16:00; Sat 08:00–12:00"."""
    days = [(number, tuple(sorted(week.get(day, ())))) for number, day in enumerate(DAYS)]
    parts = []
    for hours, run in groupby(days, key=lambda pair: pair[1]):
        numbers = [number for number, _hours in run]
        if hours:
            first, last = WEEKDAYS_ABBR[numbers[0]], WEEKDAYS_ABBR[numbers[-1]]
            name = str(first) if len(numbers) == 1 else f"{first}–{last}"
            parts.append(f"{name} {', '.join(text.replace('-', '–') for text in hours)}")
    return "; ".join(parts)
