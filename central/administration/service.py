"""What complaints are promised, and when the city works: every version stays, a change adds one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from central.accounts.roles import Actor, Role
from central.administration.recording import snapshot, write_down
from central.administration.service_forms import CalendarForm, NewCalendarForm, PolicyForm
from central.desks.access import only
from central.incidents.kinds import Kind
from central.service.calendars import add_version, newest, using
from central.service.models import ServicePolicy, WorkCalendar
from central.service.policies import in_force, publish

FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Promise:
    """A policy in force, and what it would mean for a complaint opened now."""

    row: ServicePolicy
    first_response_due: datetime
    completion_due: datetime


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A calendar's newest version and the kinds it counts for."""

    row: WorkCalendar
    kinds: Sequence[str]


@require_safe
@only(Role.ADMIN)
def service_policies(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """What each kind is promised now."""
    now = timezone.now()
    promises = [_promise(row, now) for row in in_force(now).values()]
    return render(request, "administration/service_policies.html", {"promises": promises})


@require_http_methods(FORM_METHODS)
@only(Role.ADMIN)
def service_policy(request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    """One kind: all its versions, and a form for the next."""
    if kind not in Kind.values:
        raise Http404
    now = timezone.now()
    current = in_force(now)[kind]
    form = PolicyForm(request.POST if request.method == "POST" else None, initial=PolicyForm.initial_of(current))
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                added = publish(kind, form.changes(), now)
                before = snapshot(current) if current.version else None
                write_down(
                    actor, now, topic="service", subject=kind, action="add", before=before, after=snapshot(added)
                )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Holds for complaints opened from now on; those that are open keep theirs."))
            return redirect("service-policy", kind)
    context = {
        "kind": Kind(kind),
        "promise": _promise(current, now),
        "versions": ServicePolicy.objects.filter(kind=kind)
        .select_related("first_response_calendar", "completion_calendar")
        .order_by("-version"),
        "form": form,
    }
    return render(request, "administration/service_policy.html", context, status=400 if form.is_bound else 200)


@require_safe
@only(Role.ADMIN)
def calendars(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """All work calendars."""
    now = timezone.now()
    rows = [CalendarRow(row, [policy.get_kind_display() for policy in using(row.code, now)]) for row in newest()]
    return render(request, "administration/calendars.html", {"rows": rows})


@require_http_methods(FORM_METHODS)
@only(Role.ADMIN)
def new_calendar(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The first version of one."""
    initial = {"zone": timezone.get_default_timezone_name(), "holidays": "ID"}
    form = NewCalendarForm(request.POST if request.method == "POST" else None, initial=initial)
    del form.fields["in_policies"]
    if form.is_bound and form.is_valid() and _added(actor, form.cleaned_data["code"], form, None):
        messages.success(request, _("Saved."))
        return redirect("calendar", form.cleaned_data["code"])
    return render(request, "administration/new_calendar.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(FORM_METHODS)
@only(Role.ADMIN)
def calendar(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One calendar: its versions, its holidays in a year, and a form for the next version."""
    versions = list(WorkCalendar.objects.filter(code=code).order_by("-version"))
    if not versions:
        raise Http404
    current = versions[0]
    form = CalendarForm(request.POST if request.method == "POST" else None, initial=CalendarForm.initial_of(current))
    if form.is_bound and form.is_valid() and _added(actor, code, form, current):
        messages.success(request, _("Saved as a new version."))
        return redirect("calendar", code)
    now = timezone.now()
    year = _year(request.GET.get("year", ""), timezone.localdate())
    context = {
        "current": current,
        "versions": versions,
        "kinds": [policy.get_kind_display() for policy in using(code, now)],
        "form": form,
        "year": year,
        "holidays": list(current.calendar().holidays.names_of_year(year, _language()).items()),
    }
    return render(request, "administration/calendar.html", context, status=400 if form.is_bound else 200)


def _added(actor: Actor, code: str, form: CalendarForm, before: WorkCalendar | None) -> bool:
    now = timezone.now()
    try:
        with transaction.atomic():
            in_policies = bool(form.cleaned_data.get("in_policies"))
            changed = [(row, snapshot(row)) for row in (using(code, now) if in_policies else ())]
            added = add_version(code, form.values(), now, in_policies=in_policies)
            was = None if before is None else snapshot(before)
            write_down(actor, now, topic="calendar", subject=code, action="add", before=was, after=snapshot(added))
            current = in_force(now)
            for row, old in changed:
                new = snapshot(current[row.kind])
                write_down(actor, now, topic="service", subject=row.kind, action="add", before=old, after=new)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


def _promise(row: ServicePolicy, now: datetime) -> Promise:
    policy = row.policy()
    first, completion = policy.first_response, policy.completion
    return Promise(row, first.calendar.after(now, first.time), completion.calendar.after(now, completion.time))


def _language() -> str:
    """As the holiday package names it."""
    return "id" if get_language() == "id" else "en_US"


def _year(text: str, today: date) -> int:
    """The one asked for, within what the holiday package estimates; else this one."""
    year = int(text) if text.isdecimal() and len(text) == 4 else today.year
    return min(max(year, today.year - 10), today.year + 10)
