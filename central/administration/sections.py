"""What the settings' index leads to. A new page adds its line here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from central.administration.needs import unreachable
from central.api.models import Token
from central.permits.warning import ending_soon
from central.routing import rulesets

TOKENS_END_SOON = timedelta(days=14)


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


def _nobody_told() -> Sequence[str]:
    names = ", ".join(agency.short for agency in unreachable())
    return [gettext("Nobody is told of complaints at: %(names)s.") % {"names": names}] if names else []


def _draft_waits() -> Sequence[str]:
    draft = rulesets.draft()
    return [gettext("A draft (version %(version)d) waits.") % {"version": draft.version}] if draft else []


def _tokens_end() -> Sequence[str]:
    now = timezone.now()
    ending = Token.objects.filter(revoked__isnull=True, expires__gt=now, expires__lt=now + TOKENS_END_SOON)
    names = ", ".join(ending.order_by("expires").values_list("name", flat=True)[:10])
    return [gettext("Within two weeks these tokens expire: %(names)s.") % {"names": names}] if names else []


GROUPS: tuple[Group, ...] = (
    Group(
        _("Who gets what"),
        (
            Section("agency-list", _("Agencies"), _("Who must act, and who there is told."), "agency", _nobody_told),
            Section("area-list", _("Areas"), _("Parts of the city that rules may name, on a map."), "pin"),
            Section(
                "routing-rules",
                _("Routing rules"),
                _("Which agency gets which complaint: versions, and a trial run."),
                "arrow",
                _draft_waits,
            ),
            Section("kind-list", _("Kinds"), _("When an incident of each kind becomes a complaint."), "warning"),
        ),
    ),
    Group(
        _("Deadlines"),
        (
            Section(
                "service-policies",
                _("Service policies"),
                _("By when an agency must answer and a problem must be solved, for each kind; reminders."),
                "bell",
            ),
            Section(
                "calendars", _("Work calendars"), _("Working hours and holidays that deadlines count by."), "clock"
            ),
        ),
    ),
    Group(
        _("People"),
        (
            Section(
                "users",
                _("Logins of the staff"),
                _("Who may log in, in which role, for which agency; passwords and second steps."),
                "agency",
            ),
        ),
    ),
    Group(
        _("Programs"),
        (
            Section(
                "api-tokens",
                _("API tokens"),
                _("Which programs may call, as whom, for what, and how long; when each was last used."),
                "key",
                _tokens_end,
            ),
        ),
    ),
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
