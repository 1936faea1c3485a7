"""The API as one: its routers, its errors, its description."""

import json
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from central.api import agencies, complaints, incidents, photos, problems, reports, webhooks
from central.api.gate import guarded
from central.api.problems import Problem, answer

DESCRIPTION = """What the city's cameras and citizens have reported, and what became of it.

Without a token it is what the public may know. A token (`Authorization: Bearer sigap_…`) with the right scope shows
what its owner may see. Times are ISO 8601 in UTC, positions WGS 84. Every error is a problem by RFC 9457.
"""
METHODS = ("get", "post", "put", "patch", "delete")
BUSY_S = 5

log = structlog.get_logger()


class Json(Parser):
    """JSON bodies only, and only what JSON has: no NaN, no Infinity."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The document.

        Raises:
            Problem: another media type.
        """
        if request.content_type != "application/json":
            sent = request.content_type[:60] or "none"
            raise Problem(problems.WRONG_TYPE, f"Content-Type is {sent}; send application/json")
        return json.loads(request.body, parse_constant=_no_json)


class Api(NinjaAPI):
    """Describes what ninja cannot know: optional tokens and the one form of all errors."""

    def get_openapi_schema(self, **how: Any) -> Any:
        """OpenAPI 3.1."""
        schema = super().get_openapi_schema(**how)
        schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
        schema["components"]["securitySchemes"] = {"Bearer": {"type": "http", "scheme": "bearer"}}
        for path in schema["paths"].values():
            for method in METHODS:
                if method in path:
                    _complete(path[method])
        return schema


class Health(Schema):
    """The pages answer."""

    ok: bool


api = Api(
    title="Sigap",
    version="1",
    description=DESCRIPTION,
    docs_url=None,  # its page would load scripts from elsewhere: ours is `api.explained`
    urls_namespace="api-1",
    parser=Json(),
)
api.add_decorator(guarded, mode="view")
api.add_router("", complaints.router, tags=["complaints"])
api.add_router("", incidents.router, tags=["incidents"])
api.add_router("", reports.router, tags=["reports"])
api.add_router("", photos.router, tags=["reports"])
api.add_router("", agencies.router, tags=["agencies"])
api.add_router("", webhooks.router, tags=["webhooks"])


@api.get("/health", response=Health, tags=["service"], summary="Does it answer?")
def health(request: HttpRequest) -> Health:  # noqa: ARG001 — ninja reads the names
    """For monitors that speak JSON."""
    return Health(ok=True)


@api.exception_handler(Problem)
def _problem(_request: HttpRequest, problem: Problem) -> HttpResponse:
    return answer(problem)


@api.exception_handler(Http404)
def _not_found(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return answer(Problem(problems.NOT_FOUND, "nothing has this address, or the caller may not see it"))


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = [{"where": _where(each["loc"]), "message": each["msg"]} for each in error.errors[:50]]
    first = places[0]
    return answer(Problem(problems.INVALID, f"{first['where']}: {first['message']}", errors=places))


@api.exception_handler(HttpError)
def _unreadable(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own: a body that its parser refused."""
    cause = error.__cause__
    if isinstance(cause, Problem):
        return answer(cause)
    return answer(Problem(problems.UNREADABLE, f"not JSON: {str(cause or error)[:200]}"))


@api.exception_handler(MultiPartParserError)
def _no_form(_request: HttpRequest, error: MultiPartParserError) -> HttpResponse:
    return answer(Problem(problems.UNREADABLE, f"not multipart/form-data: {str(error)[:200]}"))


@api.exception_handler(RequestDataTooBig)
def _too_large(_request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return answer(Problem(problems.TOO_LARGE, str(error)))


@api.exception_handler(SuspiciousOperation)
def _suspicious(_request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    return answer(Problem(problems.UNREADABLE, str(error)[:200]))


@api.exception_handler(OperationalError)
def _busy(_request: HttpRequest, error: OperationalError) -> HttpResponse:
    """A deadlock, or a database that is restarted."""
    log.warning("api: database busy", error=str(error))
    return answer(Problem(problems.BUSY, "the database is busy", headers={"Retry-After": str(BUSY_S)}))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("api: request failed", path=request.path, exc_info=error)
    return answer(Problem(problems.BROKEN, "the request could not be answered"))


def nothing(_request: HttpRequest, **_parts: str) -> HttpResponse:
    """Any other address."""
    raise Http404


PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. Members beside these belong to one type.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "message"],
                "properties": {"where": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def _complete(operation: dict[str, Any]) -> None:
    operation["responses"]["default"] = {
        "description": "What was wrong",
        "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if "security" not in operation:
        operation["security"] = [{}, {"Bearer": []}]


def _where(place: tuple[Any, ...]) -> str:
    # Ninja names the function's argument after the source: query.wanted.limit is query.limit to the caller.
    source, *inner = place
    names_argument = source == "body" or (source == "query" and len(inner) > 1 and isinstance(inner[1], str))
    return ".".join(str(part) for part in (source, *inner[names_argument:]))


def _no_json(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
