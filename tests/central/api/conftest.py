"""Programs that call: with a token of somebody of the staff, or without."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from central.accounts.roles import Role
from central.api import gate, tokens
from central.api.limits import Minutes
from central.api.scopes import Scope
from tests.central.desks.conftest import _quick_passwords, city, staff  # noqa: F401 — fixtures

ABROAD = "192.0.2.7"
"""An address that is not this machine: its requests are counted."""


@dataclass
class Program:
    """Calls the API; checks that every answer has the form it must have."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True, raise_request_exception=False))

    def call(self, method: str, path: str, expected: int = 200, body: Any = None, **headers: str) -> Any:
        """The JSON of the answer; the answer itself is kept in `last`."""
        given = dict(headers) | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        self.last: HttpResponse = getattr(self.client, method)(f"/api/v1{path}", headers=given, **sent)
        assert self.last.status_code == expected, (self.last.status_code, self.last.content)
        return checked(self.last)

    def get(self, path: str, expected: int = 200, **headers: str) -> Any:
        return self.call("get", path, expected, **headers)

    def post(self, path: str, body: Any, expected: int = 201, **headers: str) -> Any:
        return self.call("post", path, expected, body, **headers)


def checked(response: HttpResponse) -> Any:
    """The content, in the one form of answers or the one form of errors."""
    content = json.loads(response.content) if response.content else None
    if response.status_code < 400:
        assert not response.content or response.headers["Content-Type"].startswith("application/json")
        return content
    assert response.headers["Content-Type"] == "application/problem+json"
    assert content["status"] == response.status_code
    assert content["type"].startswith("/api/v1/docs#")
    assert content["title"]
    assert content["detail"]
    return content


@pytest.fixture(autouse=True)
def _fresh_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has called yet."""
    monkeypatch.setattr(gate, "MINUTES", Minutes())


def token_of(user: User, *scopes: Scope, name: str = "test") -> str:
    return tokens.make(user, name, scopes or list(Scope), timezone.now())


def program_of(user: User, *scopes: Scope) -> Program:
    """With a token of this user: all scopes unless some are named."""
    return Program(token_of(user, *scopes))


@pytest.fixture
def programs(seeded: None) -> dict[str, Program]:
    """One for each kind of owner, each with every scope; `dishub` holds the jam, `satpol` has the vending."""
    owners: Collection[tuple[str, Role | None, str]] = (
        ("roleless", None, ""),
        ("operator", Role.OPERATOR, ""),
        ("dishub", Role.OFFICER, "dishub"),
        ("bpbd", Role.OFFICER, "bpbd"),
        ("satpol", Role.HEAD, "satpol-pp"),
        ("admin", Role.ADMIN, ""),
        ("auditor", Role.AUDITOR, ""),
    )
    made = {name: program_of(staff(name, role, agency)) for name, role, agency in owners}
    return made | {"public": Program()}
