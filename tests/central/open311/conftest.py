"""The city of the desks' tests, a key, and both formats read back."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from xml.parsers.expat import ParserCreate

import pytest
from django.test import Client
from django.utils import timezone

from central.open311 import keys
from tests.central.desks.conftest import city  # noqa: F401 — a fixture

PLACE = {"lat": "-2.13", "long": "106.11"}


def parsed(content: bytes) -> Any:
    """XML as nested lists of (name, children or text). No document type is allowed, so no entity can be declared."""
    parser = ParserCreate()
    stack: list[tuple[str, list[Any]]] = [("", [])]

    def refuse(*_what: object) -> None:
        raise AssertionError("a document type")

    def begin(name: str, _attributes: dict[str, str]) -> None:
        stack.append((name, []))

    def end(_name: str) -> None:
        name, inner = stack.pop()
        stack[-1][1].append((name, "".join(inner) if all(isinstance(one, str) for one in inner) else inner))

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = lambda text: stack[-1][1].append(text)  # noqa: PLW0108 — the top changes
    parser.Parse(content, True)
    return stack[0][1][0]


@dataclass
class Caller:
    """Another system: GET and POST, with the answer read."""

    key: str
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def get(self, address: str, expected: int = 200, /, **query: str) -> Any:
        response = self.client.get(f"/open311/{address}", query)
        return self.read(response, address, expected)

    def post(self, expected: int = 200, form: str = "json", /, **fields: str) -> Any:
        values = {"api_key": self.key, "service_code": "flood"} | fields
        body = urlencode({name: value for name, value in values.items() if value is not None})
        response = self.client.post(f"/open311/requests.{form}", body, "application/x-www-form-urlencoded")
        return self.read(response, form, expected)

    def read(self, response: Any, address: str, status: int) -> Any:
        """The answer, which has this status and the type that its address ends in."""
        assert response.status_code == status, response.content
        if address.endswith("json"):
            assert response.headers["Content-Type"] == "application/json; charset=utf-8"
            return json.loads(response.content)
        assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
        return parsed(response.content)


@pytest.fixture
def caller(seeded: None) -> Caller:
    """With a key."""
    return Caller(keys.make("another system", timezone.now()))
