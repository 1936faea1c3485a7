"""The index of the settings, and the record of their changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor, Role
from central.administration.models import AuditEntry
from central.administration.sections import GROUPS, Section
from central.administration.words import ACTIONS, TOPICS
from central.desks.access import only

PAGE = 50
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Tile:
    """A section with what is wrong in it."""

    section: Section
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an entry; None: it was not there."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry with its words."""

    entry: AuditEntry
    topic: object
    action: object
    differences: Sequence[Difference]


@require_safe
@only(Role.ADMIN)
def index(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """All pages of settings."""
    groups = [(group.title, [Tile(each, each.warnings()) for each in group.sections]) for group in GROUPS]
    return render(request, "administration/index.html", {"groups": groups})


@require_safe
@only(Role.ADMIN, Role.AUDITOR)
def audit_trail(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Newest first; `topic` and `subject` narrow it down."""
    found = AuditEntry.objects.all()
    topic, subject = request.GET.get("topic", ""), request.GET.get("subject", "")
    if topic in TOPICS:
        found = found.filter(topic=topic)
    if subject:
        found = found.filter(subject=subject)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(entry) for entry in page],
        "topics": TOPICS.items(),
        "topic": topic,
        "subject": subject,
        "query": f"{urlencode({'topic': topic, 'subject': subject})}&",
    }
    return render(request, "administration/audit_trail.html", context)


def _row(entry: AuditEntry) -> AuditRow:
    return AuditRow(
        entry,
        TOPICS.get(entry.topic, entry.topic),
        ACTIONS.get(entry.action, entry.action),
        _differences(entry.before, entry.after),
    )


def _differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
    fields = {**(before or {}), **(after or {})}
    return [Difference(name, _shown(before, name), _shown(after, name)) for name in fields]


def _shown(state: Mapping[str, Any] | None, name: str) -> str | None:
    if state is None or name not in state:
        return None
    text = "–" if state[name] is None or state[name] == "" else str(state[name])
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
