"""Made-up requests to /api/v1 and Open311: none may end in a 5xx, all answers fit their description.

The short one is a look; the long one asks more than 5,000 times and prints how often:
`python -m pytest tests/central/test_fuzz.py -m slow -s`.
"""

import socket
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone

from central.accounts.roles import Role
from central.api import tokens
from central.api.scopes import Scope
from central.complaints.numbers import grouped
from central.hooks.models import Subscription
from central.open311 import keys
from central.reports.taking import Sent, take
from tests.central.desks.conftest import City, city, staff  # noqa: F401 — a fixture
from tests.central.fuzzing import Real, Tally, fuzz
from tests.central.reports.pictures import photo

pytestmark = pytest.mark.django_db

PLENTY = 1_000_000


@pytest.fixture
def known(city: City, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Real:  # noqa: F811
    """What `fuzz` needs to be let in and to find something; nothing is asked of the net's name servers."""

    def numbers_only(host: str, port: int, *_more: Any, **_options: Any) -> list[Any]:
        try:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (str(ip_address(host)), port))]
        except ValueError:
            raise socket.gaierror(-2, "Name or service not known") from None

    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)
    settings.ALLOWED_HOSTS = ["*"]
    admin = staff("fuzzer", Role.ADMIN)
    token = tokens.make(admin, "fuzz", list(Scope), timezone.now(), per_minute=PLENTY)
    key = keys.make("fuzz", timezone.now(), per_minute=PLENTY)
    report = take(Sent("flood", "api", "token:0", "words", "", -2.5, 106.5), timezone.now()).report
    hook = Subscription.objects.create(
        owner=admin, token=admin.api_tokens.get(), url="https://a.example/", types=["*"], created=timezone.now()
    )
    return Real(
        headers={"Authorization": f"Bearer {token}"},
        bodies={
            "POST /requests.json": {"api_key": key, "service_code": "flood", "lat": -2.5, "long": 106.5}
            | dict.fromkeys(("jurisdiction_id", "email", "media_url"), "")
            | {f"attribute[{name}]": "" for name in ("depth", "stalls", "vehicle")},
            "POST /api/v1/webhooks": {"url": "https://93.184.215.14/hook", "types": ["*"]},
            "POST /api/v1/photos": {"photo": photo()},
            "POST /api/v1/reports": {"kind": "flood", "lat": -2.5, "lon": 106.5, "photos": []},
        },
        paths={
            "code": city.jam.number,
            "pk": str(hook.pk),
            "tracking": grouped(report.tracking),
            "service_code": "flood",
            "service_request_id": grouped(city.jam.tracking),
            "token": grouped(report.tracking),
        },
    )


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The test's transaction stays open over all requests, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def both(cases: int, known: Real) -> Tally:
    app = get_wsgi_application()
    of_api = fuzz("/api/v1/openapi.json", app, cases, known)
    of_open311 = fuzz("/open311/openapi.json", app, cases, replace(known, headers={}))
    return of_api + of_open311


def test_a_few_hundred_made_up_requests(known: Real) -> None:
    tally = both(4, known)
    assert not [status for _operation, status in tally if status >= 500]
    assert {200, 201, 404, 422} <= {status for _operation, status in tally}, "it gets in, and finds something"


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_more_than_five_thousand_made_up_requests(known: Real) -> None:
    tally = both(275, known)
    total = sum(tally.values())
    for (operation, status), times in sorted(tally.items()):
        print(f"{times:6} {status} {operation}")
    print(f"{total} cases, none with a 5xx")
    assert total >= 5000
    taken = {("POST /requests.json", 200)} | {
        (f"POST /api/v1/{each}", 201) for each in ("photos", "reports", "webhooks")
    }
    assert taken <= set(tally)
    assert not [status for _operation, status in tally if status >= 500]
