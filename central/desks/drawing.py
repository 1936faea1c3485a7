"""Parts of pages that are drawn once: what shows one value and nothing else looks the same wherever it stands.

A wall of 36 tiles differs from the one a second ago in one of them, and from the one beside it in none. Nothing can
grow stale here: when anything that is shown changes, it is another value. And nothing of a person can get in: the
template is given no request.
"""

from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from types import NoneType
from typing import Any

from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

KEPT = 4096
"""Of some 2 kB each, in every process."""
PLAIN = (str, int, float, NoneType, datetime, Promise)


def drawn(template: str, part: Any) -> SafeString:
    """The template with nothing but `part` in it, in the reader's language.

    Args:
        part: a frozen dataclass of texts, numbers, times, and tuples and frozen dataclasses of such.

    Raises:
        TypeError: it holds something else, which could be equal to its former self and yet be shown otherwise, as a
            model's instance is.
    """
    return _drawn(template, part, get_language() or "")


@lru_cache(maxsize=KEPT)
def _drawn(template: str, part: Any, _language: str) -> SafeString:
    _must_not_change(part)
    return get_template(template).render({"part": part})


def _must_not_change(value: Any) -> None:
    if isinstance(value, PLAIN):
        return
    if isinstance(value, tuple):
        held = list(value)
    elif is_dataclass(value) and not isinstance(value, type) and value.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        held = [getattr(value, field.name) for field in fields(value)]
    else:
        raise TypeError(f"{value!r} may change after it was drawn")
    for each in held:
        _must_not_change(each)
