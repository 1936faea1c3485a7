"""Errors as RFC 9457 has them: application/problem+json, each kind with an address that explains it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"
EXPLAINED_AT = "/api/v1/docs#"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem; `slug` is its anchor on the page that explains the API."""

    slug: str
    status: int
    title: str
    remedy: str


UNREADABLE = Kind("unreadable", 400, "The body cannot be read", "Send one JSON document in UTF-8.")
NO_TOKEN = Kind("no-token", 401, "A token is needed", "Send it as “Authorization: Bearer sigap_…”.")
BAD_TOKEN = Kind("bad-token", 401, "The token does not count", "It was revoked or has expired: ask for a new one.")
NO_SCOPE = Kind("no-scope", 403, "The token may not do this", "Ask for a token with the scope that `scope` names.")
NOT_ALLOWED = Kind("not-allowed", 403, "The token's owner may not do this", "Ask somebody whose role it is.")
NOT_FOUND = Kind("not-found", 404, "There is nothing here", "Nothing has this address, or you may not see it.")
NO_SUCH_METHOD = Kind("method", 405, "Not this method", "The header Allow names those that this address answers.")
CONFLICT = Kind("conflict", 409, "The Idempotency-Key was used for another request", "Take a new key for it.")
FULL = Kind("full", 409, "There is no room for one more", "Delete one that is no longer needed.")
TOO_LARGE = Kind("too-large", 413, "The body is too large", "Send less at once.")
WRONG_TYPE = Kind("media-type", 415, "The body is not JSON", "Send Content-Type: application/json.")
INVALID = Kind("invalid", 422, "Something in the request does not fit", "`errors` names each place and what is wrong.")
TOO_MANY = Kind("too-many", 429, "Too many requests", "Wait for as many seconds as Retry-After says.")
BROKEN = Kind("broken", 500, "A defect of this server", "Tell whoever runs it; the log has the details.")
BUSY = Kind("busy", 503, "The database is busy", "Nothing was done: send the same again, a little later.")

KINDS = (
    UNREADABLE,
    NO_TOKEN,
    BAD_TOKEN,
    NO_SCOPE,
    NOT_ALLOWED,
    NOT_FOUND,
    NO_SUCH_METHOD,
    CONFLICT,
    FULL,
    TOO_LARGE,
    WRONG_TYPE,
    INVALID,
    TOO_MANY,
    BROKEN,
    BUSY,
)


class Problem(Exception):  # noqa: N818 — RFC 9457 calls it so
    """Ends a request. `more` are further members of the answer, `headers` go with it."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more


def invalid(where: str, message: str) -> Problem:
    """422 about one place, for example `query.cursor`."""
    return Problem(INVALID, f"{where}: {message}", errors=[{"where": where, "message": message}])


def answer(problem: Problem) -> HttpResponse:
    """As it is sent."""
    kind = problem.kind
    content = {
        "type": EXPLAINED_AT + kind.slug,
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
        **problem.more,
    }
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(body, status=kind.status, content_type=CONTENT_TYPE, headers=problem.headers)
