"""Headers of every answer."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_headers_of_an_answer(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/login/", "/operator/", "/no-such-page/", "/static/desks/desks.css"])
def test_every_kind_of_answer_carries_them(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert headers["Permissions-Policy"].startswith("camera=(), microphone=()")
    assert headers["X-Content-Type-Options"] == "nosniff"
