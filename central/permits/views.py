"""The administrators' pages of permits: list and map, one of them, import."""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from central.accounts.roles import Actor, Role
from central.desks.access import only
from central.desks.frame import frame_of_the_city
from central.permits.changing import keep, remove
from central.permits.forms import PermitForm
from central.permits.importing import COLUMNS, OPTIONAL, Fault, read
from central.permits.models import Permit
from central.permits.outlines import collection
from central.permits.standings import in_force, narrowed, rows
from central.permits.warning import expiring
from central.security.headers import content_security_policy
from central.tiles import origin

PAGE = 50

SHOWN: Mapping[str, tuple[Promise, Callable[[], QuerySet[Permit]]]] = {
    "held": (gettext_lazy("In force"), lambda: in_force(timezone.now())),
    "ending": (gettext_lazy("Ending soon"), lambda: expiring(timezone.now())),
    "all": (gettext_lazy("All"), Permit.objects.all),
}


@require_safe
@only(Role.ADMIN)
def permits(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Those in force, those that end soon, or all; and the map of them."""
    return _list(request)


@require_safe
@gzip_page  # nothing secret is in it that a guess could be compared with
@only(Role.ADMIN)
def marks(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """What the map of the list shows, as GeoJSON."""
    _shown, _typed, found = _asked_for(request)
    return JsonResponse(collection(rows(found, timezone.now())), content_type="application/geo+json")


@require_http_methods(["GET", "HEAD", "POST"])
@only(Role.ADMIN)
def new_permit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A form for one more."""
    return _form(request, actor, None)


@require_http_methods(["GET", "HEAD", "POST"])
@only(Role.ADMIN)
def permit(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One of them, to be changed."""
    return _form(request, actor, get_object_or_404(Permit, pk=pk))


@require_POST
@only(Role.ADMIN)
def remove_permit(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One that was a mistake."""
    gone = get_object_or_404(Permit, pk=pk)
    remove(gone, actor, timezone.now())
    messages.success(request, _("Removed: %(permit)s.") % {"permit": gone})
    return redirect("permits")


@require_POST
@only(Role.ADMIN)
def import_permits(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A file: all of it, or nothing and what is wrong with it."""
    file = request.FILES.get("file")
    if file is None:
        return _list(request, [Fault("", _("Choose a file first."))])
    taken = read(file.name or "", file.read())
    if taken.faults:
        return _list(request, taken.faults)
    keep(taken.permits, actor, timezone.now(), imported=True)
    count = len(taken.permits)
    messages.success(request, ngettext("%(n)d permit imported.", "%(n)d permits imported.", count) % {"n": count})
    return redirect("permits")


def _list(request: HttpRequest, faults: Sequence[Fault] = ()) -> HttpResponse:
    shown, typed, found = _asked_for(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "page": page,
        "rows": rows(page, timezone.now()),
        "shown": shown,
        "tabs": [(code, title) for code, (title, _found) in SHOWN.items()],
        "typed": typed,
        "query": f"{asked.urlencode()}&" if asked else "",
        "asked": asked.urlencode(),
        "faults": faults,
        "columns": [(column, column in OPTIONAL) for column in COLUMNS],
    }
    return _with_map(render(request, "permits/permits.html", context | _map(), status=400 if faults else 200))


def _asked_for(request: HttpRequest) -> tuple[str, str, QuerySet[Permit]]:
    shown, typed = request.GET.get("show", ""), request.GET.get("q", "").strip()[:80]
    shown = shown if shown in SHOWN else "held"
    return shown, typed, narrowed(SHOWN[shown][1](), typed)


def _form(request: HttpRequest, actor: Actor, changed: Permit | None) -> HttpResponse:
    form = PermitForm(request.POST if request.method == "POST" else None, instance=changed)
    if request.method == "POST" and form.is_valid():
        keep([form.save(commit=False)], actor, timezone.now())
        messages.success(request, _("Saved. What it concerns has been judged again."))
        return redirect("permits")
    now = timezone.now()
    row = rows([Permit.objects.get(pk=changed.pk)], now)[0] if changed is not None else None
    context = {"form": form, "row": row} | _map()
    return _with_map(render(request, "permits/permit.html", context, status=400 if form.is_bound else 200))


def _map() -> dict[str, object]:
    return {"tiles": settings.TILES, "tiles_credit": settings.TILES_CREDIT, "frame": frame_of_the_city()}


def _with_map(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Security-Policy"] = content_security_policy(origin(settings.TILES))
    return response
