"""What the settings' index leads to. A new page adds its line here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from central.permits.warning import ending_soon


def _nothing() -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Section:
    """One page of settings."""

    route: str
    title: Promise
    lead: Promise
    icon: str
    """A drawing of icons.svg."""
    warnings: Callable[[], Sequence[str]] = _nothing
    """What is wrong there now, each as a sentence; asked when the index is shown."""


@dataclass(frozen=True, slots=True)
class Group:
    """Sections that belong together."""

    title: Promise
    sections: tuple[Section, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        _("Vending"),
        (
            Section(
                "permits",
                _("Vending permits"),
                _("Where the city lets people sell, on which days and at which hours."),
                "vending",
                warnings=ending_soon,
            ),
        ),
    ),
    Group(
        _("Record"),
        (
            Section(
                "audit-trail",
                _("Changes of settings"),
                _("Who changed which setting, when, and what it was before."),
                "eye",
            ),
            Section(
                "evidence-viewings",
                _("Looks at evidence"),
                _("Who opened which still or clip, when, and why."),
                "eye",
            ),
        ),
    ),
)
