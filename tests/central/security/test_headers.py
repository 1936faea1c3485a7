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
