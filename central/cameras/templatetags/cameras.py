"""How a box's figures look on a page."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from central.boxes.desired.saying import fault_in_words

register = template.Library()


@register.filter
def fault_words(fault: Mapping[str, Any]) -> str:
    """What a box found wrong, in the reader's language."""
    return fault_in_words(fault)


@register.filter
def skew(offset_s: float | None) -> str:
    """How far a clock is off; a tenth of a second is the way of the message."""
    if offset_s is None:
        return "–"
    size = number_format(abs(offset_s), decimal_pos=1)
    if abs(offset_s) < 0.5:
        return _("accurate")
    told = _("%(size)s s fast") if offset_s > 0 else _("%(size)s s slow")
    return told % {"size": size}
