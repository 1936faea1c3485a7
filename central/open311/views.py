"""The protocol's addresses. Every answer, also an error, is in the format that was asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from central.open311 import description, keys, listing, pictures, sent, services, wanted
from central.open311.documents import CONTENT_TYPES, rendered
from central.open311.faults import Fault, Faults, unknown
from central.open311.models import ApiKey
from central.reports import keeping
from central.reports.taking import Taken, take

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FORM = "application/x-www-form-urlencoded"
FORM_WITH_FILES = "multipart/form-data"
RETRY_AFTER_S = {429: 60, 503: 5}

Answer = tuple[str, Any]
"""Name of the document's root in XML, and its content."""


def answering(*methods: str) -> Callable[[Callable[..., Answer]], Callable[..., HttpResponse]]:
    """Makes a view of a function that returns a document or raises a Fault. `form` is the address's ending."""

    def wrap(function: Callable[..., Answer]) -> Callable[..., HttpResponse]:
        @wraps(function)
        def view(request: HttpRequest, form: str = "xml", **parts: str) -> HttpResponse:
            status = 200
            try:
                if request.method not in methods:
                    raise Fault(405, f"{request.method}: this address answers {', '.join(methods)}")
                root, content = function(request, **parts)
            except Fault as fault:
                status, root, content = fault.status, "errors", [_told(fault)]
            except Faults as several:
                status, root, content = several.status, "errors", [_told(fault) for fault in several.faults]
            response = HttpResponse(rendered(form, root, content), status=status, content_type=CONTENT_TYPES[form])
            if status == 405:
                response.headers["Allow"] = ", ".join(methods)
            elif status in RETRY_AFTER_S:
                response.headers["Retry-After"] = str(RETRY_AFTER_S[status])
            return response

        return view

    return wrap


def _told(fault: Fault) -> dict[str, Any]:
    return {"code": fault.status, "description": fault.description}


READ = ("GET", "HEAD")


@require_safe
def root(_request: HttpRequest) -> HttpResponse:
    """Where everything begins."""
    return redirect("open311-discovery", form="xml")


@answering(*READ)
def discovery(request: HttpRequest) -> Answer:
    """What is spoken here, and where."""
    changed = "2026-11-26T00:00:00Z"
    return "discovery", {
        "changeset": changed,
        "contact": request.build_absolute_uri("/"),
        "key_service": request.build_absolute_uri("/"),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": request.build_absolute_uri("/open311"),
                "changeset": changed,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


@answering(*READ)
def service_list(request: HttpRequest) -> Answer:
    """What can be reported."""
    _check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    return "services", services.service_list()


@answering(*READ)
def service(request: HttpRequest, code: str) -> Answer:
    """The attributes of one service."""
    _check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    return "service_definition", services.definition(code)


@csrf_exempt  # no cookie gives anybody a right here: the key does
@answering("GET", "HEAD", "POST")
def requests(request: HttpRequest) -> Answer:
    """Lists requests; posted to, takes one."""
    if request.method == "POST":
        return "service_requests", [_posted(request)]
    _check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    asked = wanted.read(request.GET, timezone.now())
    return "service_requests", listing.found(asked, request.build_absolute_uri)


@answering(*READ)
def single(request: HttpRequest, code: str) -> Answer:
    """A list of one."""
    _check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    asked = wanted.Wanted(start=timezone.now(), ids=(code,), extended=wanted.extensions(request.GET))
    return "service_requests", listing.found(asked, request.build_absolute_uri)


@answering(*READ)
def token(request: HttpRequest, code: str) -> Answer:
    """The id behind a token. Ids are given at once, so a report's token is its id."""
    _check_jurisdiction(request.GET.get("jurisdiction_id", ""))
    report = listing.report_by_token(code)
    return "service_requests", [{"service_request_id": listing.code_of(report), "token": code}]


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 of all this, for tools."""
    return JsonResponse(description.openapi(request.build_absolute_uri("/open311")))


@csrf_exempt
@answering("GET", "HEAD", "POST")
def nothing(_request: HttpRequest, rest: str) -> Answer:
    """Any other address."""
    raise unknown("address", rest)


def _posted(request: HttpRequest) -> dict[str, Any]:
    if request.content_type not in {FORM, FORM_WITH_FILES}:
        raise Fault(400, f"Content-Type: expected {FORM}, or {FORM_WITH_FILES} with pictures")
    try:
        form = request.POST
    except (BadRequest, SuspiciousOperation, MultiPartParserError) as error:
        raise Fault(400, f"the form cannot be read: {error}") from error
    now = timezone.now()
    key = _key(form.get("api_key", ""))
    _check_jurisdiction(form.get("jurisdiction_id", "") or request.GET.get("jurisdiction_id", ""))
    read = sent.read(form, key)
    photos = pictures.kept(request.FILES, key, now)
    try:
        with transaction.atomic():
            taken = take(read, now)
            keeping.attach(photos, taken.report)
    except OperationalError as error:  # a deadlock, or a database that is restarted
        raise Fault(503, "the report was not taken: please send it again") from error
    return {"service_request_id": listing.code_of(taken.report), "service_notice": _notice(taken), "account_id": None}


def _key(given: str) -> ApiKey:
    if not given:
        raise Fault(403, "api_key: is missing; ask the city for one")
    try:
        return keys.use(given, timezone.now())
    except keys.NoKey as error:
        raise Fault(403, "api_key: is not known here") from error
    except keys.TooMany as error:
        raise Fault(429, "api_key: too many requests this minute; try again in the next") from error


def _check_jurisdiction(given: str) -> None:
    if given and given != settings.JURISDICTION:
        raise unknown("jurisdiction_id", given)


def _notice(taken: Taken) -> str | None:
    if taken.repeated:
        return _("You have reported this already: follow it with this number.")
    if taken.known:
        return _("The city knows of this already: follow it with this number.")
    return None
