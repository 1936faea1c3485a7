"""One city for all tests of this folder, in a transaction that is rolled back at the end."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from scripts.city_data.building import build
from scripts.city_data.plan import Plan
from tests.central.moments import NOON

PLAN = Plan(seed=7, complaints=600, open_count=180, until=NOON, days=400, batch=500)


@pytest.fixture(scope="package")
def _city(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        assert list(build(PLAN)) == [1, 2]
        yield
        transaction.set_rollback(True)


@pytest.fixture
def big_city(_city: None, db: None) -> Plan:
    """600 complaints over 400 days until NOON, 180 of them open."""
    return PLAN


def client_of(name: str) -> Client:
    """A browser in which this one of the city's staff is logged in."""
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


@pytest.fixture
def operator(big_city: Plan) -> Client:
    """At the operators' desk."""
    return client_of("operator-1")


@pytest.fixture
def dishub(big_city: Plan) -> Client:
    """At the desk of the agency that has most to do."""
    return client_of("dishub-2")
