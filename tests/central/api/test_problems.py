"""Every error has one form, whatever was wrong."""

from typing import Any

import pytest
from django.db import OperationalError

from tests.central.api.conftest import Program, checked

pytestmark = pytest.mark.django_db


def sent(program: Program, body: bytes, content_type: str = "application/json") -> Any:
    headers = {"Authorization": f"Bearer {program.token}"}
    return program.client.post("/api/v1/reports", body, content_type, headers=headers)


@pytest.mark.parametrize("path", ["/", "/nothing", "/complaints/", "/complaints/a/b", "/incidents/x", "/%00", "/a%0Ab"])
def test_nothing_there(path: str, programs: dict[str, Program]) -> None:
    for method in ("get", "post", "delete"):
        assert programs["admin"].call(method, path, 404)["type"].endswith("#not-found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("put", "/reports", "GET, POST, HEAD"), ("post", "/complaints", "GET, HEAD"), ("options", "/health", "GET, HEAD")],
)
def test_not_this_method(method: str, path: str, allowed: str, programs: dict[str, Program]) -> None:
    programs["admin"].call(method, path, 405)
    assert programs["admin"].last.headers["Allow"] == allowed


@pytest.mark.parametrize(
    "body", [b"{", b"", b"\xff", b'{"kind": "flood", "lat": NaN, "lon": 1}', b"[" * 100_000, b'{"lat": ' + b"9" * 5000]
)
def test_a_body_that_cannot_be_read(body: bytes, programs: dict[str, Program]) -> None:
    response = sent(programs["admin"], body)
    assert response.status_code == (422 if not body else 400)
    checked(response)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_only_json_is_read(content_type: str, programs: dict[str, Program]) -> None:
    response = sent(programs["admin"], b"{}", content_type)
    assert checked(response)["type"].endswith("#media-type")
    assert response.status_code == 415


def test_a_body_that_is_too_large(programs: dict[str, Program]) -> None:
    response = sent(programs["admin"], b'{"description": "' + b"x" * (2 * 1024 * 1024) + b'"}')
    assert response.status_code == 413
    checked(response)


def test_a_lost_half_of_a_character_is_refused_in_words(programs: dict[str, Program]) -> None:
    response = sent(programs["admin"], b'{"kind": "flood", "address": "\\ud800"}')
    assert response.status_code == 422
    assert checked(response)["errors"][0]["where"] == "body.address"


def test_a_busy_database_and_a_defect(monkeypatch: pytest.MonkeyPatch, programs: dict[str, Program]) -> None:
    def fail(error: Exception) -> None:
        def raise_it(*_what: object) -> None:
            raise error

        monkeypatch.setattr("central.api.reports.take", raise_it)

    fail(OperationalError("deadlock detected"))
    programs["admin"].post("/reports", {"kind": "flood", "lat": 0, "lon": 0}, 503)
    assert programs["admin"].last.headers["Retry-After"] == "5"
    fail(RuntimeError("a secret of ours"))
    problem = programs["admin"].post("/reports", {"kind": "flood", "lat": 0, "lon": 0}, 500)
    assert "secret" not in str(problem)
