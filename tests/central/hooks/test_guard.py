"""Where webhooks of strangers never go."""

import socket
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from central.hooks.guard import Forbidden, checked_target, guarded_opener, is_allowed
from tests.central.outbox.hookserver import Receiver, receiving

OUTSIDE = "203.0.113.9"  # documentation: not global
PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "::1",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:0:0:0",
        OUTSIDE,
    ],
)
def test_not_inside(address: str) -> None:
    assert not is_allowed(ip_address(address), [])


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_outside(address: str) -> None:
    assert is_allowed(ip_address(address), [])


def test_a_setting_allows_networks() -> None:
    inside = [ip_network("10.20.0.0/16"), ip_network("fd00::/8")]
    assert is_allowed(ip_address("10.20.3.4"), inside)
    assert is_allowed(ip_address("::ffff:10.20.3.4"), inside)
    assert is_allowed(ip_address("fd00::1"), inside)
    assert not is_allowed(ip_address("10.21.0.1"), inside)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names resolve to; addresses are themselves."""
    known: dict[str, list[str]] = {}

    def resolve(host: str, port: int, *_more: Any, **_options: Any) -> list[Any]:
        try:
            addresses = known[host] if host in known else [str(ip_address(host))]
        except ValueError:
            raise socket.gaierror(-2, "Name or service not known") from None
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://127.0.0.1/", "inside"),
        ("http://127.0.0.1/", "inside"),
        ("https://[::1]/", "inside"),
        ("https://2130706433/", "found"),
        ("https://inside.example/", "inside"),
        ("https://both.example/", "inside"),
        ("https://nowhere.example/", "found"),
        ("http://public.example/", "plain http"),
        ("https://user:word@public.example/", "login"),
        ("ftp://public.example/", "https://HOST"),
        ("https://public.example/a b", "ASCII"),
        ("https://public.example/" + "x" * 300, "300"),
        ("https://pub\u0131ic.example/", "ASCII"),
        ("https://public.example:99999/", "port|Port"),
        ("", "https://HOST"),
    ],
)
def test_targets_that_are_refused(url: str, says: str, names: dict[str, list[str]]) -> None:
    names |= {"inside.example": ["10.0.0.7"], "both.example": [PUBLIC, "10.0.0.7"], "public.example": [PUBLIC]}
    with pytest.raises(ValueError, match=says):
        checked_target(url)


def test_a_target_outside(names: dict[str, list[str]]) -> None:
    names["public.example"] = [PUBLIC]
    assert checked_target("https://public.example:8443/hook") == "https://public.example:8443/hook"


def test_a_name_that_changed_meanwhile_is_not_connected_to(settings: Any, names: dict[str, list[str]]) -> None:
    """DNS rebinding: what was checked at subscription says nothing about now."""
    receiver = Receiver()
    with receiving(receiver) as address:
        port = address.rpartition(":")[2]
        names["rebound.example"] = ["127.0.0.1"]
        with pytest.raises(Exception, match="inside") as refusal:
            guarded_opener().open(f"http://rebound.example:{port}", b"{}", timeout=5)
        assert isinstance(refusal.value.reason, Forbidden)  # type: ignore[attr-defined]
        settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
        guarded_opener().open(f"http://rebound.example:{port}", b"{}", timeout=5).close()
    assert len(receiver.taken) == 1
