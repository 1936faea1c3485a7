"""Where citizens report: the form, the photos that wait in it, and what comes after sending."""

from contextlib import suppress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from central.complaints.numbers import grouped
from central.desks.citizens import count, sender_of, with_device
from central.desks.frame import public_frame
from central.desks.report_form import ReportForm, kind_choices
from central.evidence.store import store
from central.following.joining import follow
from central.reports import keeping
from central.reports.keeping import MAX_PHOTOS
from central.reports.limits import PHOTOS_BY_DEVICE, TooMany
from central.reports.models import MAX_DESCRIPTION, Photo
from central.reports.photos import BadPhoto
from central.reports.retention import KEEP_CONTACTS
from central.reports.taking import Taken, take
from central.security.headers import content_security_policy
from central.security.origin import from_here
from central.tiles import origin

AFTER_TOO_MANY_S = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@from_here
@with_device
def report(request: HttpRequest) -> HttpResponse:
    """The form; posted to, takes the report and leads to its page."""
    if request.method != "POST":
        return _form(request, ReportForm({}, []), [])
    now = timezone.now()
    try:
        count(request, now)
    except TooMany:
        return _too_many(request)
    photos, refusals = _photos(request)
    form = ReportForm(request.POST, photos)
    if refusals or not form.is_valid():
        form.is_valid()
        return _form(request, form, photos, refusals, status=400)
    taken = take(form.sent(sender_of(request)), now)
    keeping.attach(photos, taken.report)
    if email := form.cleaned_data["email"]:
        with suppress(TooMany):  # it was written to often enough today, and the page says everything
            follow(taken.report.incident, email, now)
    url = f"{reverse('reported', args=[grouped(taken.report.tracking)])}?news={_news(taken)}"
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"url": url}, status=201)  # the page's script goes there itself: nothing is sent again
    return redirect(url)


@require_POST
@from_here
@with_device
def add_photos(request: HttpRequest) -> HttpResponse:
    """The part of the form that shows its photos, with those that were just chosen."""
    try:
        count(request, timezone.now(), PHOTOS_BY_DEVICE)
    except TooMany:
        return _too_many(request)
    photos, refusals = _photos(request)
    context = _photo_context(request, photos, refusals)
    return render(request, "desks/parts/report_photos.html", context)


@require_safe
def draft_photo(_request: HttpRequest, token: str) -> HttpResponse:
    """A photo for whoever is writing the report: only that one has its token, and only until it is sent."""
    found = keeping.drafts([token], timezone.now())
    if not found:
        raise Http404
    return photo_response(found[0])


def photo_response(photo: Photo) -> HttpResponse:
    """The picture; no cache but the reader's own keeps it."""
    try:
        with keeping.content_of(photo, store()) as file:
            response = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _photos(request: HttpRequest) -> tuple[list[Photo], list[str]]:
    """Those that wait already and those that come now, and what is wrong with the rest."""
    now, refusals = timezone.now(), []
    photos = keeping.drafts(request.POST.getlist("kept"), now)
    for file in request.FILES.getlist("photo")[: MAX_PHOTOS + 1]:
        if len(photos) >= MAX_PHOTOS:
            refusals.append(_("At most %(n)d photos.") % {"n": MAX_PHOTOS})
            break
        try:
            photos.append(keeping.keep(file.read(), now, store()))
        except BadPhoto as refusal:
            refusals.append(f"{file.name}: {refusal}")
    return photos, refusals


def _photo_context(request: HttpRequest, photos: list[Photo], refusals: list[str]) -> dict[str, object]:
    placed = [photo for photo in photos if photo.lat is not None]
    return {
        "photos": photos,
        "refusals": refusals,
        "placed": placed[0] if placed else None,
        "photo_place": request.POST.get("photo_place", ""),
        "room": MAX_PHOTOS - len(photos),
        "most_photos": MAX_PHOTOS,
    }


def _form(
    request: HttpRequest, form: ReportForm, photos: list[Photo], refusals: list[str] | None = None, status: int = 200
) -> HttpResponse:
    context = _photo_context(request, photos, refusals or [])
    context |= {
        "form": form if form.data else None,
        "given": request.POST,
        "kinds": kind_choices(),
        "chosen_kind": request.POST.get("kind") or request.GET.get("kind", ""),
        "longest": MAX_DESCRIPTION,
        "frame": public_frame(),
        "tiles": settings.TILES,
        "tiles_credit": settings.TILES_CREDIT,
        "keeps_days": KEEP_CONTACTS.days,
    }
    response = render(request, "desks/report.html", context, status=status)
    response.headers["Content-Security-Policy"] = content_security_policy(origin(settings.TILES))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "desks/too_many.html", status=429)
    response.headers["Retry-After"] = str(AFTER_TOO_MANY_S)
    return response


def _news(taken: Taken) -> str:
    if taken.repeated:
        return "again"
    return "known" if taken.known else "new"
