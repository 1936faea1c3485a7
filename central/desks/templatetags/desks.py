"""How states, times and places look on a page."""

import json
from datetime import date, datetime
from functools import cache, lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from central.boxes.models import Box, Camera
from central.complaints.models import Complaint
from central.desks import sentences, words
from central.desks.due import Mark
from central.desks.frame import Frame
from central.incidents.kinds import Kind
from central.incidents.models import Incident

register = template.Library()
register.filter("ruling", sentences.ruling)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A drawing from the sprite; it says nothing that the text beside it does not."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', _sprite(), name)


@register.simple_tag
def state(of: Complaint | Incident | Camera | Box) -> SafeString:
    """The state as a coloured label with its word."""
    return state_of(type(of).__name__.lower(), of.state)


@register.simple_tag
def state_of(what: str, code: str) -> SafeString:
    """The same by what has it (complaint, incident, camera, box) and by its code."""
    return _state(what, code, get_language())


@register.simple_tag
def severity(level: int) -> SafeString:
    """Four bars and the word."""
    return _severity(level, get_language())


@register.simple_tag
def moment(when: datetime | None, kind: str = "") -> SafeString | str:
    """A point in time in the city's zone; with `relative`, the page keeps saying how long ago that is."""
    if when is None:
        return "–"
    local = timezone.localtime(when)
    language = get_language()
    full = f"{_day(local.date(), language)} {local:{_clock(language)}} {local:%Z}"
    marker = " data-relative" if kind == "relative" else ""
    return format_html('<time datetime="{}"{}>{}</time>', when.isoformat(), SafeString(marker), full)


@register.simple_tag
def due(mark: Mark | None) -> SafeString | str:
    """When the next thing is due, in its colour; once nothing is, whether it was in time."""
    if mark is None:
        return ""
    when = moment(mark.due, "relative") if mark.due is not None else ""
    return format_html('<span class="due {}">{} {}</span>', mark.tone, mark.word, when)


@register.filter
def happened(action: str) -> str:
    """A history row's action as a sentence."""
    return str(words.HAPPENED.get(action, action))


@register.filter
def kind_name(kind: str) -> str:
    """The word for an incident's kind, by its code."""
    return str(Kind(kind).label)


@register.filter
def place(text: str) -> str:
    """A street segment for people."""
    return words.place_name(text)


@register.filter
def tone(value: str) -> str:
    """The colour of a complaint's state, by its code."""
    return words.TONES.get(value, "grey")


@register.filter
def state_name(value: str) -> str:
    """The word for a complaint's state, by its code."""
    return str(Complaint.State(value).label) if value in Complaint.State.values else value


@register.filter
def map_frame(frame: Frame) -> str:
    """For the map's script: [[south, west], [north, east]]."""
    return json.dumps(frame)


@register.filter
def span(seconds: float | None) -> str:
    """A duration in words."""
    return "–" if seconds is None else words.duration(seconds)


@register.filter
def share(value: float) -> str:
    """0.46 → 46%."""
    return words.percent(value)


@register.filter
def position(value: float) -> str:
    """A coordinate: always with a point, for it is copied into maps."""
    return f"{value:.5f}"


@register.filter
def named(code: str, names: dict[str, str]) -> str:
    """The name of a code, else the code itself."""
    return names.get(code, code)


@cache
def _state(what: str, code: str, _language: str) -> SafeString:
    tones, states = words.STATES[what]
    return format_html('<span class="state {}">{}</span>', tones[code], capfirst(str(states(code).label)))


@cache
def _severity(level: int, _language: str) -> SafeString:
    return format_html(
        '<span class="severity s{}"><i></i><i></i><i></i><i></i> {}</span>', level, words.SEVERITIES[level]
    )


def _sprite() -> str:
    return static("desks/icons.svg")


@lru_cache(maxsize=4096)
def _day(day: date, _language: str | None) -> str:
    return date_format(day, "j M Y")


@cache
def _clock(_language: str | None) -> str:
    # The separator as people write it here: 17.05; an English page says 17:05.
    return "%H.%M" if _("17:05") == "17.05" else "%H:%M"
