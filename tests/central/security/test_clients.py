"""Whose address a throttle counts."""

from typing import Any

import pytest
from django.test import RequestFactory

from central.security.clients import client_address


@pytest.mark.parametrize(
    ("proxy", "peer", "forwarded", "address"),
    [
        ("", "203.0.113.9", None, "203.0.113.9"),
        ("", "203.0.113.9", "198.51.100.1", "203.0.113.9"),  # anybody can write the header
        ("10.0.0.1", "203.0.113.9", "198.51.100.1", "203.0.113.9"),  # not by way of the proxy
        ("10.0.0.1", "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the client wrote the left one
        ("10.0.0.1", "10.0.0.1", "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.1", None, "10.0.0.1"),
    ],
)
def test_a_header_is_believed_from_the_proxy_only(
    settings: Any, proxy: str, peer: str, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXY = proxy
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    assert client_address(RequestFactory(headers=headers, REMOTE_ADDR=peer).get("/")) == address


def test_no_address_at_all(settings: Any) -> None:
    request = RequestFactory().get("/")
    del request.META["REMOTE_ADDR"]
    assert client_address(request) is None
